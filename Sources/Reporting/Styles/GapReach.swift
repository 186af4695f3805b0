import Findings
import Measurement

/// What the findings can reach of each target that is not met: a list of fixes says nothing of it.
enum GapReach {
  static func blocks(_ report: FindingsReport, _ rows: [TargetRow]) -> [Block] {
    let open = rows.filter { $0.status == .missed || $0.status == .cannotTell }
    guard !open.isEmpty else { return [] }
    return [
      .text("What the findings can reach of what is not met:"),
      .bullets(open.map { Block.Bullet("\(name: $0.metric): \(sentence($0, report)).") }),
    ]
  }

  /// Bounds are of capacity; of nothing else is one known.
  private static func sentence(_ row: TargetRow, _ report: FindingsReport) -> Prose {
    guard row.metric == "capacity", row.bound == .atLeast, let now = row.current?.value else {
      return other(row, report)
    }
    func rate(_ value: Double) -> String { ResultText.value(value, row.unit, name: row.metric) }
    var most = now
    if case .bound(_, let high, "capacity", _) = report.jointBound { most = now * (1 + high) }
    if most >= row.target {
      return
        "all bounds together come to at most \(rate(most)) of \(rate(row.target)): only together could the findings close this gap"
    }
    let bounds: Prose =
      most > now
      ? "with all bounds together at most \(rate(most)) of \(rate(row.target))"
      : "none has a bound, and \(rate(row.target)) is wanted"
    return "no finding closes this gap: \(bounds)" + free(now, row, report, rate)
  }

  /// And if all that the findings are about cost nothing.
  private static func free(
    _ now: Double, _ row: TargetRow, _ report: FindingsReport, _ rate: (Double) -> String
  ) -> Prose {
    guard let ceiling = report.jointCeiling?.ceiling else { return "" }
    let most = now * Ceiling.factor(ceiling.high)
    return
      "; if all that the findings are about cost nothing, at most \(rate(most))\(most < row.target ? " even then" : "")"
  }

  private static func other(_ row: TargetRow, _ report: FindingsReport) -> Prose {
    let operation = row.metric.split(separator: ".").first.map(String.init) ?? ""
    let about = report.findings.filter {
      $0.severity > .info && $0.operation == operation && $0.share != nil
    }
    guard !about.isEmpty else { return "no finding has a bound on it" }
    let ids = Prose.list(about.map { Prose($0.id) })
    return
      "no finding has a bound on it; \(ids) \(about.count == 1 ? "is" : "are") about the CPU of \(name: operation)"
  }
}

/// Findings that a style leaves out, so that no number is missing without a word.
enum LeftOut {
  static func blocks(_ report: FindingsReport, shown: [Finding]) -> [Block] {
    let ids = Set(shown.map(\.id))
    let rest = report.findings.filter { !ids.contains($0.id) }
    guard !rest.isEmpty else { return [] }
    return [
      .text("Not told here, but in the style `findings`:"),
      .bullets(
        rest.map { Block.Bullet("\($0.id) (\($0.severity.rawValue)): \($0.title).") }),
    ]
  }
}
