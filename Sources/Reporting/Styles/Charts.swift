import Findings
import Measurement

/// The pictures of a report, made of its numbers.
enum Charts {
  /// The one of the first page: where the time of an operation goes, where requests are, or, where
  /// neither is known, which role works.
  static func overview(_ report: FindingsReport) -> Chart? {
    if !report.timeSplits.isEmpty { return operations(report) }
    return report.requests.map(requests) ?? roles(report)
  }

  private static func requests(_ roles: [RequestStates]) -> Chart {
    let most = roles.map(\.total).max() ?? 1
    return Chart(
      title: "Requests at a time, and what they do",
      rows: roles.prefix(12).map { role in
        Chart.Row(
          label: "\(name: role.role)",
          total: NumberText.significant(role.total) + (role.isOfEach ? " each" : ""),
          parts: role.parts.map { part in
            Chart.Part(
              name: part.state.rawValue, share: part.requests / most,
              text: NumberText.significant(part.requests), tone: tone(part.state))
          })
      })
  }

  private static func tone(_ state: RequestStates.State) -> Chart.Tone {
    switch state {
    case .lock: .lock
    case .computing: .work
    case .services, .other: .wait
    }
  }

  private static func operations(_ report: FindingsReport) -> Chart {
    Chart(
      title: "Where the time of an operation goes (each row is 100 %)",
      rows: report.timeSplits.map { split in
        let parts = joined(split.parts)
        let sum = parts.reduce(0) { $0 + $1.seconds }
        let whole = max(split.service, sum, 1e-12)
        let rest = whole - sum
        return Chart.Row(
          label: "\(name: split.operation)", total: Wording.seconds(split.service),
          parts: merged(parts.map { part($0.name, $0.seconds / whole) })
            + (rest > 0.001 * whole ? [part("not told apart", rest / whole, .rest)] : []))
      })
  }

  /// Put off a core or not yet on one: in either case work waits for a core.
  private static func joined(
    _ parts: [TimeSplit.Part]
  ) -> [(name: String, seconds: Double)] {
    var sums: [String: Double] = [:]
    for part in parts { sums[words(part.name), default: 0] += part.seconds }
    return sums.map { ($0.key, $0.value) }.sorted {
      ($1.seconds, $0.name) < ($0.seconds, $1.name)
    }
  }

  /// Parts too thin to be seen go with the last of them.
  private static func merged(_ parts: [Chart.Part]) -> [Chart.Part] {
    let large = parts.filter { $0.share >= 0.01 }
    let small = parts.filter { $0.share < 0.01 }.reduce(0) { $0 + $1.share }
    return small > 0 ? large + [part("other waits", small, .wait)] : large
  }

  private static func part(
    _ name: String, _ share: Double, _ tone: Chart.Tone? = nil
  ) -> Chart.Part {
    Chart.Part(
      name: name, share: share, text: Wording.percent(share), tone: tone ?? self.tone(name))
  }

  private static func words(_ name: String) -> String {
    switch name {
    case "preempted", "runnable", "runqueue": "waiting for a core"
    case "condition": "another thread"
    default: name
    }
  }

  private static func tone(_ name: String) -> Chart.Tone {
    switch name {
    case "CPU": .work
    case "waiting for a core": .core
    case "lock": .lock
    case "disk": .disk
    default: .wait
    }
  }

  private static func roles(_ report: FindingsReport) -> Chart? {
    let roles = report.roles.filter { ($0.cpuSeconds ?? 0) > 0 }
    guard !roles.isEmpty else { return nil }
    let largest = roles.compactMap(\.shareOfAllCPU).max() ?? 1
    return Chart(
      title: "CPU by role (share of all that was sampled)",
      rows: roles.prefix(12).map { role in
        let share = role.shareOfAllCPU ?? 0
        return Chart.Row(
          label: "\(name: role.name)", total: Wording.percent(share),
          parts: [
            Chart.Part(
              name: role.name, share: largest > 0 ? share / largest : 0,
              text: "", tone: .work)
          ])
      })
  }

  /// Shares with their intervals, as bars: what each finding is of its own whole.
  static func counters(_ report: FindingsReport) -> Chart? {
    let rows = report.findings.filter { $0.share != nil }.prefix(8)
    guard !rows.isEmpty else { return nil }
    return Chart(
      title: "Share of each finding in what it is about",
      rows: rows.map { finding in
        let share = finding.share ?? .none
        return Chart.Row(
          label: "\(finding.id)", total: Wording.share(share),
          parts: [
            Chart.Part(
              name: finding.rule, share: min(1, share.value), text: "",
              tone: finding.rule.hasPrefix("B") || finding.rule.hasPrefix("L") ? .core : .work)
          ])
      })
  }

  /// How far each metric is from its target: 1 is on it.
  static func gaps(_ rows: [TargetRow]) -> Chart? {
    let known = rows.filter { $0.factor != nil }.prefix(10)
    guard !known.isEmpty else { return nil }
    let longest = max(1, known.compactMap(\.factor).max() ?? 1)
    return Chart(
      title: "Distance to the target (1 × is on it, longer is worse)",
      rows: known.map { row in
        let factor = row.factor ?? 0
        return Chart.Row(
          label: "\(name: row.metric)", total: "\(NumberText.ratio(factor)) ×",
          parts: [
            Chart.Part(
              name: row.metric, share: factor / longest, text: "",
              tone: row.status == .missed ? .lock : row.status == .met ? .work : .wait)
          ])
      })
  }
}
