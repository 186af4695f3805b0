import Measurement

/// All rows → one outcome and one sentence.
///
/// Results decide; functions only where no result claims anything, for a function that grew is a
/// cause, and what people asked for is the effect.
enum OverallOutcome {
  static func of(_ comparison: RunComparison) -> RunComparison.Outcome {
    if comparison.refusals.contains(where: { $0.scope == .everything }) { return .notComparable }
    let results = comparison.results.map(\.change.verdict)
    let functions = comparison.functions?.rows.map(\.change.verdict) ?? []
    if let claimed = claim(results) ?? claim(functions) { return claimed }
    if comparison.procedure.design == .paired, !results.isEmpty { return ofPairs(comparison) }
    if !results.isEmpty, !unknown(comparison).isEmpty { return .cannotTell }
    return (results + functions).contains(.noDifferenceSeen) ? .noDifferenceSeen : .cannotTell
  }

  /// No claim among pairs: the headline rows say whether that is an answer.
  private static func ofPairs(_ comparison: RunComparison) -> RunComparison.Outcome {
    let verdicts = headline(comparison).map(\.change.verdict)
    if verdicts.contains(.inconclusive) { return .inconclusive }
    if !unknown(comparison).isEmpty { return .cannotTell }
    return verdicts.contains(.equivalent) ? .equivalent : .cannotTell
  }

  /// Headline rows, or all where there are none, that have no ratio and no test: what they were, or
  /// became, is nothing.
  private static func unknown(_ comparison: RunComparison) -> [ResultRow] {
    headline(comparison).filter { $0.change.verdict == .cannotTell && $0.change.ratio == nil }
  }

  /// The rows that decide first, or all where there are none.
  private static func headline(_ comparison: RunComparison) -> [ResultRow] {
    let rows = comparison.results.filter(\.isHeadline)
    return rows.isEmpty ? comparison.results : rows
  }

  private static func claim(_ verdicts: [Verdict]) -> RunComparison.Outcome? {
    switch (verdicts.contains(.better), verdicts.contains(.worse)) {
    case (true, true): .mixed
    case (true, false): .better
    case (false, true): .worse
    case (false, false): nil
    }
  }

  static func sentence(_ comparison: RunComparison) -> String {
    let subject = "\(comparison.new.name) against \(comparison.base.name)"
    switch comparison.outcome {
    case .notComparable:
      let names = comparison.refusals.filter { $0.scope == .everything }.map(\.name)
      return "NOT COMPARABLE: \(subject) differs in \(names.joined(separator: ", "))."
    case .better: return "BETTER: \(subject)\(leading(comparison))."
    case .worse: return "WORSE: \(subject)\(leading(comparison))."
    case .mixed: return "MIXED: \(subject)\(leading(comparison))."
    case .noDifferenceSeen: return "NO DIFFERENCE SEEN: \(subject)\(sight(comparison))."
    case .equivalent:
      return "EQUIVALENT: \(subject), the headline results within ± their minimum."
    case .inconclusive: return "INCONCLUSIVE: \(subject)\(open(comparison))."
    case .cannotTell: return "CANNOT TELL: \(subject); \(obstacle(comparison))."
    }
  }

  /// The largest change each way, with its interval.
  private static func leading(_ comparison: RunComparison) -> String {
    let results = comparison.results.map { ($0.name, $0.change) }
    let functions =
      comparison.functions?.rows.map { row in
        (row.operation.map { "\(row.name) in \($0)" } ?? row.name, row.change)
      } ?? []
    let claims = results.contains { isClaim($0.1) } ? results : functions
    let told = [Verdict.worse, .better].compactMap { verdict in
      // The first of its kind: headline rows and the costliest functions come first.
      claims.first { $0.1.verdict == verdict }
    }
    return told.map { ", \($0.0) \(text($0.1))" }.joined()
  }

  private static func isClaim(_ change: Change) -> Bool {
    change.verdict == .better || change.verdict == .worse
  }

  private static func text(_ change: Change) -> String {
    guard let ratio = change.ratio else { return change.new == 0 ? "is gone" : "is new" }
    let interval = change.interval.map {
      " (95 % interval \(NumberText.change($0.low - 1)) … \(NumberText.change($0.high - 1)))"
    }
    return NumberText.change(ratio - 1) + (interval ?? "")
  }

  private static func open(_ comparison: RunComparison) -> String {
    let rows = headline(comparison).filter { $0.change.verdict == .inconclusive }
    let names = rows.map(\.name).joined(separator: ", ")
    let needed = rows.compactMap(\.change.pairsNeeded)
    let remedy =
      needed.count == rows.count
      ? "\(needed.max() ?? 0) more pairs would settle it, if it stays as it is"
      : "more than a thousand pairs would be needed; accept a larger minimum or quiet the machine"
    return "; open: \(names); \(remedy)"
  }

  private static func sight(_ comparison: RunComparison) -> String {
    let rows = comparison.results.filter { $0.change.verdict == .noDifferenceSeen }
    guard let row = rows.first(where: \.isHeadline) ?? rows.first,
      let least = row.change.smallestDetectable
    else { return "" }
    return "; a change of \(row.name) below \(NumberText.percent(least)) would not show"
  }

  private static func obstacle(_ comparison: RunComparison) -> String {
    if comparison.results.contains(where: { $0.change.verdict != .cannotTell }),
      let row = unknown(comparison).first
    {
      return "\(row.name) has no verdict: \(row.change.reason ?? "it has no test")"
    }
    let reasons =
      comparison.results.compactMap(\.change.reason)
      + (comparison.functions?.rows.compactMap(\.change.reason) ?? [])
    return reasons.first ?? "there is nothing that could be tested"
  }
}
