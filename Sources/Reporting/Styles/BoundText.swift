import Findings
import Measurement

/// A gain bound in words, or the ceiling where no bound is known.
enum BoundText {
  static func short(_ finding: Finding) -> String {
    guard let ceiling = finding.ceiling else { return short(finding.gain) }
    return "at most ×\(factor(ceiling.value)), if \(subject(ceiling)) cost nothing"
  }

  private static func short(_ gain: GainBound) -> String {
    switch gain {
    case .bound(let low, let high, let metric, _):
      metric == "capacity"
        ? "capacity at most +\(Wording.interval(low, high))"
        : "\(metric) cut by at most \(Wording.interval(shorter(low), shorter(high)))"
    case .notBounded: "not known"
    case .nothing: "none"
    }
  }

  static func long(_ finding: Finding) -> String {
    switch (finding.gain, finding.ceiling) {
    case (.bound(_, _, _, let basis), _): "Bound: \(short(finding.gain)), \(basis)."
    case (.notBounded(let reason), let ceiling?):
      "Ceiling: capacity \(times(ceiling)), if \(subject(ceiling)) cost nothing: it is \(Wording.percent(ceiling.value)) of all CPU. How much of it can go is not known: \(reason)."
    case (.notBounded(let reason), nil): "Bound: not known, because \(reason)."
    case (.nothing(let reason), _): "Bound: none, because \(reason)."
    }
  }

  private static func subject(_ ceiling: Ceiling) -> String {
    ceiling.operation.map { "all of `\($0)`" } ?? "it"
  }

  static func joint(_ report: FindingsReport) -> Prose {
    switch report.jointBound {
    case .bound(let low, let high, _, let basis):
      let ids = report.allFindings.filter(isOfCapacity).map(\.id)
      let most = "capacity at most +\(Wording.interval(low, high))"
      guard ids.count > 1 else {
        return "What a fix can bring has a bound only for \(list(ids)): \(most)." + beside(report)
      }
      return
        "\(list(ids)) together: \(most) (\(basis)). Bounds overlap; they are not added."
        + beside(report)
    case .notBounded(let reason), .nothing(let reason):
      return "There is no joint bound: \(reason)." + beside(report)
    }
  }

  /// What the joint bound leaves out, because nobody knows how much of it can go.
  private static func beside(_ report: FindingsReport) -> Prose {
    guard let joint = report.jointCeiling else { return "" }
    let one = joint.open.count == 1
    let others = report.allFindings.contains(where: isOfCapacity) ? " and what has a bound" : ""
    return
      " Of \(list(joint.open)) nobody knows how much can go: if all of \(one ? "it" : "them")\(others) cost nothing, capacity \(times(joint.ceiling))."
  }

  private static func isOfCapacity(_ finding: Finding) -> Bool {
    if case .bound(_, _, "capacity", _) = finding.gain { true } else { false }
  }

  private static func list(_ ids: [String]) -> Prose { Prose.list(ids.map { Prose($0) }) }

  /// `at most ×1.22 (95 %: ×1.20 to ×1.25)`.
  private static func times(_ ceiling: Ceiling) -> String {
    "at most ×\(factor(ceiling.value)) (95 %: ×\(factor(ceiling.low)) to ×\(factor(ceiling.high)))"
  }

  private static func factor(_ share: Double) -> String {
    NumberText.fixed(Ceiling.factor(share), digits: 2)
  }

  /// A factor on a rate, read as a cut of a time.
  private static func shorter(_ gain: Double) -> Double { 1 - 1 / (1 + gain) }
}
