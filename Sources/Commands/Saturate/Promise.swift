import Measurement
import RunRecords

/// What a service promises: percentiles of response times, a share of errors, a recall.
///
/// `p99=10ms`, `search.p99=10ms,insert.p99=80ms,err=0.1%`.
struct Promise: Sendable, Equatable {
  struct Term: Sendable, Equatable {
    /// The result that it speaks of.
    let result: String
    let unit: MetricUnit
    let limit: Double
    /// As it was typed.
    let spelling: String
    /// Whether the result must reach the limit instead of staying below it.
    var isFloor = false
  }

  var terms: [Term]

  private static let percentiles = ["p50", "p90", "p95", "p99", "p999", "mean"]
  private static let kinds = ["search", "insert", "delete"]

  /// `standardKind` is what a bare percentile speaks of.
  init(_ text: String, standardKind: String, recallFloor: Double?, _ command: Command)
    throws(Failure)
  {
    terms = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      terms.append(try Self.term(String(part), standardKind, command))
    }
    if let recallFloor {
      terms.append(
        Term(
          result: "search.recall", unit: .ratio, limit: recallFloor,
          spelling: "recall ≥ \(NumberText.percent(recallFloor))", isFloor: true))
    }
  }

  private static func term(
    _ text: String, _ standardKind: String, _ command: Command
  ) throws(Failure) -> Term {
    let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
    let names = sides.first?.split(separator: ".").map(String.init) ?? []
    guard sides.count == 2, let last = names.last, names.count <= 2 else {
      throw .usage(
        "--slo wants terms such as p99=10ms, insert.p99=80ms or err=0.1%; `\(text)` is none.",
        command)
    }
    if text.hasPrefix("err=") {
      guard let share = try? HumanInput.ratio(sides[1]), (0...1).contains(share) else {
        throw .usage("--slo err wants a share such as 0.1%; `\(sides[1])` is none.", command)
      }
      return Term(result: "errors", unit: .ratio, limit: share, spelling: text)
    }
    let kind = names.count == 2 ? names[0] : standardKind
    guard percentiles.contains(last), kinds.contains(kind) else {
      let known = percentiles + kinds.map { "\($0).p99" } + ["err"]
      throw .usage(
        "--slo knows \(percentiles.joined(separator: ", ")), one of them behind search., insert. "
          + "or delete., and err; `\(sides[0])` is none."
          + Nearest.hint(sides[0], among: known), command)
    }
    guard let limit = try? HumanInput.seconds(sides[1]), limit > 0 else {
      throw .usage("--slo \(sides[0]) wants a time such as 10ms; `\(sides[1])` is none.", command)
    }
    return Term(
      result: "\(kind).response.\(last)", unit: .seconds, limit: limit, spelling: text)
  }

  var text: String { terms.map(\.spelling).joined(separator: ", ") }
}

/// What one term came to at one rate.
struct TermReading: Codable, Sendable, Equatable {
  var term: String
  var result: String
  var limit: Double
  var value: Double?
  var interval: Estimate.Interval?
  var isKept: Bool
  /// So far off that more trials would not turn it.
  var isHopeless: Bool
  var isFloor: Bool
}

extension Promise.Term {
  /// Reads the term from the results of some trials.
  func reading(_ results: [RunRecord.Result], operations: Int) -> TermReading {
    var found = results.first { $0.name == result }?.estimate
    if unit == .ratio, result == "errors", let count = found {
      // Counted by trial; what was promised is a share of all operations.
      let share = count.value * Double(count.count) / Double(max(1, operations))
      found = Estimate(value: share, count: count.count)
    }
    let value = found?.value
    let isKept = value.map { isFloor ? $0 >= limit : $0 <= limit } ?? false
    return TermReading(
      term: spelling, result: result, limit: limit, value: value, interval: found?.interval,
      isKept: isKept, isHopeless: value.map { !isFloor && $0 > 2 * limit } ?? false,
      isFloor: isFloor)
  }
}
