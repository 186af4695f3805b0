import Measurement

/// Something of a report that contradicts itself, and was therefore left out of it.
package struct Refusal: Codable, Sendable, Equatable {
  /// `X1` … as the gates of the same kind.
  package var check: String
  /// What was left out: `time split of insert`.
  package var subject: String
  /// A sentence with the figures that do not fit.
  package var reason: String

  package init(check: String, subject: String, reason: String) {
    self.check = check
    self.subject = subject
    self.reason = reason
  }
}

/// Holds a report's numbers against each other before anybody reads them.
///
/// The gates ask whether the *run* can be trusted; this asks whether the *report* adds up. A row
/// that does not is left out with a sentence in its place, for a number that contradicts its
/// neighbor is worse than none.
package struct ReportAudit {
  /// Parts may exceed their whole by so much.
  ///
  /// The whole is timed, and CPU is sampled, which for operations that are seldom caught is right
  /// to a fifth. A tree says by how much they do.
  private static let room = 0.2

  private var refusals: [Refusal] = []

  package init() {}

  /// The report without what does not hold, and with the reasons in `refused`.
  package static func passed(_ report: FindingsReport) -> FindingsReport {
    var audit = ReportAudit()
    var report = report
    report.findings = audit.kept(report.findings, within: report.jointBound)
    report.timeSplits = audit.kept(report.timeSplits)
    return audit.passed(report)
  }

  /// Findings and splits are asked first, because other chapters speak of them.
  mutating func kept(_ findings: [Finding], within joint: GainBound) -> [Finding] {
    findings.flatMap { finding -> [Finding] in
      var head = finding
      let joined = keep(finding.joined ?? []) {
        Self.finding($0.finding, joint: joint) ?? Self.joined($0)
      }
      head.joined = joined.isEmpty ? nil : joined
      guard keep([head], { Self.finding($0, joint: joint) }).isEmpty else { return [head] }
      // What it told still holds, and must not go with it.
      return joined.map(\.finding)
    }
  }

  mutating func kept(_ splits: [TimeSplit]) -> [TimeSplit] { keep(splits, Self.timeSplit) }

  mutating func passed(_ report: FindingsReport) -> FindingsReport {
    var report = report
    report.results = keep(report.results, Self.result)
    report.waits = keep(report.waits, Self.wait)
    Self.waits(&report, &refusals)
    Self.roles(&report, &refusals)
    report.refused = refusals.isEmpty ? nil : refusals
    return report
  }

  private mutating func keep<Row>(_ rows: [Row], _ check: (Row) -> Refusal?) -> [Row] {
    let answers = rows.map(check)
    refusals += answers.compactMap(\.self)
    return zip(rows, answers).filter { $0.1 == nil }.map(\.0)
  }

  // MARK: - Sums

  private static func timeSplit(_ split: TimeSplit) -> Refusal? {
    let subject = "time split of \(split.operation)"
    let sum = split.parts.reduce(split.rest) { $0 + $1.seconds }
    guard split.service.isFinite, split.service >= 0, sum.isFinite,
      abs(sum - split.service) <= 1e-6 * max(split.service, 1e-9)
    else {
      return Refusal(
        check: "X1", subject: subject,
        reason: "its parts add up to \(Wording.seconds(sum)), the operation takes "
          + Wording.seconds(split.service))
    }
    if let part = split.parts.first(where: { $0.seconds < 0 }) {
      return Refusal(
        check: "X1", subject: subject,
        reason: "\(part.name) takes \(Wording.seconds(part.seconds)), which is less than nothing")
    }
    guard split.rest >= -room * split.service else {
      return Refusal(
        check: "X1", subject: subject,
        reason: "its parts exceed the \(Wording.seconds(split.service)) of the operation by "
          + "\(Wording.seconds(-split.rest)), more than \(Wording.percent(room))")
    }
    return nil
  }

  private static func waits(_ report: inout FindingsReport, _ refusals: inout [Refusal]) {
    let sums = Dictionary(grouping: report.waits, by: \.role).mapValues { rows in
      rows.reduce(0) { $0 + $1.share }
    }
    for (role, sum) in sums.sorted(by: { $0.key < $1.key }) where sum > 1.0005 {
      report.waits.removeAll { $0.role == role }
      refusals.append(
        Refusal(
          check: "X1", subject: "waits of \(role)",
          reason: "their shares add up to \(Wording.percent(sum))"))
    }
  }

  private static func roles(_ report: inout FindingsReport, _ refusals: inout [Refusal]) {
    let sum = report.roles.compactMap(\.shareOfAllCPU).reduce(0, +)
    guard sum > 1.0005 || report.roles.contains(where: { ($0.shareOfAllCPU ?? 0) < 0 }) else {
      return
    }
    for index in report.roles.indices { report.roles[index].shareOfAllCPU = nil }
    refusals.append(
      Refusal(
        check: "X1", subject: "shares of the roles",
        reason: "they add up to \(Wording.percent(sum)) of the CPU"))
  }

  private static func wait(_ row: WaitRow) -> Refusal? {
    guard row.seconds.isFinite, row.seconds >= 0, row.share >= 0, row.share <= 1.0005,
      row.count >= 0
    else {
      return Refusal(
        check: "X1", subject: "wait of \(row.role) in \(row.owner)",
        reason: "it has \(Wording.seconds(row.seconds)), \(Wording.percent(row.share)) of its role")
    }
    return nil
  }

  // MARK: - Units

  private static func result(_ row: FindingsReport.ResultRow) -> Refusal? {
    func refusal(_ reason: String) -> Refusal {
      Refusal(check: "X2", subject: "result \(row.name)", reason: reason)
    }
    let value = row.estimate.value
    guard value.isFinite else { return nil }
    let text = NumberText.text(value, row.unit)
    let isSigned = row.unit == .ratio
    if !isSigned, value < 0 { return refusal("\(text) is less than nothing") }
    let isPart = row.name.hasSuffix(".recall") || row.name.hasSuffix(".share")
    if isPart, value > 1.0005 || value < 0 { return refusal("\(text) is no part of a whole") }
    if let interval = row.estimate.interval {
      let slack = 1e-9 * abs(value)
      guard interval.low <= value + slack, value <= interval.high + slack else {
        return refusal("\(text) lies outside of its own interval")
      }
    }
    return nil
  }

  // MARK: - Findings

  private static func finding(_ finding: Finding, joint: GainBound) -> Refusal? {
    let subject = "finding \(finding.id) (\(finding.rule))"
    if let share = finding.share, let reason = share.contradiction {
      return Refusal(check: "X1", subject: subject, reason: reason)
    }
    if let reason = contradiction(finding.gain, joint) {
      return Refusal(check: "X3", subject: subject, reason: reason)
    }
    if let weight = finding.weight,
      !(weight.low >= 0 && weight.low <= weight.value + 1e-9 && weight.value <= 1.0005)
    {
      return Refusal(
        check: "X1", subject: subject,
        reason: "\(Wording.percent(weight.value)) of \(weight.of.rawValue) is no part of it")
    }
    if let ceiling = finding.ceiling,
      !(ceiling.low >= 0 && ceiling.low <= ceiling.value + 1e-9
        && ceiling.value <= ceiling.high + 1e-9 && ceiling.high <= 1.0005)
    {
      return Refusal(
        check: "X1", subject: subject,
        reason:
          "\(Wording.percent(ceiling.value)) of all CPU lies outside of \(Wording.interval(ceiling.low, ceiling.high))"
      )
    }
    // A number without a way back cannot be checked by its reader.
    if let item = finding.evidence.first(where: { !$0.source.leadsSomewhere }) {
      return Refusal(
        check: "X5", subject: subject,
        reason: "`\(item.statement.plain)` names neither a command nor a field")
    }
    return nil
  }

  /// A finding may be told by another only if it stands on its samples.
  private static func joined(_ joined: Finding.Joined) -> Refusal? {
    guard !(SharedEvidence.enough...1.0005).contains(joined.part) else { return nil }
    return Refusal(
      check: "X1", subject: "finding \(joined.finding.id) (\(joined.finding.rule))",
      reason: "it was joined to another for \(Wording.percent(joined.part)) of its samples")
  }

  /// A bound may not exceed the bound of everything together; both are intervals, so the low end of
  /// the one is held against the high end of the other.
  private static func contradiction(_ gain: GainBound, _ joint: GainBound) -> String? {
    guard case .bound(let low, let high, let metric, _) = gain else { return nil }
    guard low.isFinite, high.isFinite, low <= high, low >= 0 else {
      return "its bound runs from \(Wording.percent(low)) to \(Wording.percent(high))"
    }
    guard case .bound(_, let most, let whole, _) = joint, whole == metric, low > most + 1e-9 else {
      return nil
    }
    return
      "its bound of \(Wording.percent(low)) exceeds the joint bound of \(Wording.percent(most))"
  }
}

extension Share {
  /// Why it cannot be a share; nil when it can.
  fileprivate var contradiction: String? {
    guard part.isFinite, whole.isFinite, part >= 0, part <= whole * 1.0005 + 1e-12 else {
      return "\(Wording.number(part)) of \(Wording.number(whole)) is no part"
    }
    guard samples >= 0, samples <= samplesOfWhole else {
      return "\(Wording.count(samples)) of \(Wording.count(samplesOfWhole)) samples is no part"
    }
    guard low >= 0, high <= 1.0005, low <= value + 1e-9, value <= high + 1e-9 else {
      return "\(Wording.percent(value)) lies outside of \(Wording.interval(low, high))"
    }
    return nil
  }
}

extension EvidenceItem.Source {
  /// A command that shows the number, or a field of a file of the run.
  fileprivate var leadsSomewhere: Bool {
    if let command { return !command.isEmpty }
    return !file.isEmpty && !field.isEmpty
  }
}
