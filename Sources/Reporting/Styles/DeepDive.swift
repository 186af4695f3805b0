import Findings
import Measurement
import Vocabulary

/// Lettered parts: what each role does where, the way of an operation, waste, fixes, what to record.
struct DeepDive {
  private let report: FindingsReport

  init(_ report: FindingsReport) { self.report = report }

  var section: ReportDocument.Section {
    let parts =
      subjects + [
        ("End-To-End Latency Chain", TimeChapters.chain(report)),
        ("What Is Wasted And What Is Necessary", TimeChapters.wasted(report)),
        ("System Calls, And Who Makes Them", TimeChapters.systemCalls(report)),
        ("Fixes With The Highest Return", fixes),
        ("Profiling Extensions To Validate Fixes", extensions),
      ]
    let filled = parts.filter { !$0.1.isEmpty }
    return ReportDocument.Section(
      "Deep Dive",
      filled.enumerated().flatMap { index, part in
        [.heading(3, "\(Self.letter(index))) \(part.0)")] + part.1
      })
  }

  static func letter(_ index: Int) -> String {
    index < 26
      ? String(Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(index)))) : "\(index + 1)"
  }

  // MARK: - Findings by what they are about

  private struct Subject: Hashable {
    let role: String
    let about: String
  }

  private var subjects: [(Prose, [Block])] {
    var order: [Subject] = []
    var groups: [Subject: [Finding]] = [:]
    for finding in report.findings {
      let subject = Subject(role: finding.role, about: Self.about(finding))
      if groups[subject] == nil { order.append(subject) }
      groups[subject, default: []].append(finding)
    }
    let written = order.map { subject -> (Prose, [Block]) in
      (
        subject.about.isEmpty
          ? "The run as a whole" : "\(subject.about) of \(name: subject.role)",
        (groups[subject] ?? []).map {
          .folded(Self.headline($0), FindingBlocks.of($0, among: report.findings))
        }
      )
    }
    let silent = report.roles.filter { role in !order.contains { $0.role == role.name } }
    return written + silent.map { ("\(name: $0.name): \($0.character.rawValue)", quiet($0)) }
  }

  private static func about(_ finding: Finding) -> String {
    let file = finding.evidence.first?.source.file ?? ""
    if file.hasSuffix("_cpu.pprof") { return "CPU" }
    if file.hasSuffix("_mutex.pprof") { return "Locks" }
    if file.hasSuffix("_block.pprof") { return "Waits" }
    return file.hasSuffix("_heap.pprof") ? "Memory" : ""
  }

  static func headline(_ finding: Finding) -> Prose {
    "\(finding.id) \(finding.severity.rawValue.uppercased()) (confidence \(finding.confidence.rawValue)): \(finding.title)"
  }

  /// A role without a finding still gets its sentence.
  private func quiet(_ role: RoleReport) -> [Block] {
    let used = role.cpuSeconds.map {
      "\(Wording.seconds($0)) of CPU, \(Wording.percent(role.shareOfAllCPU ?? 0)) of all."
    }
    let notes = role.statements.flatMap(\.interpretation)
    var said: Set<String> = []
    return [
      .bullets(
        ([used.map { Prose($0) }].compactMap(\.self) + notes)
          .filter { said.insert($0.plain).inserted }.map { Block.Bullet($0) })
    ]
  }

  // MARK: - Fixes

  private var fixes: [Block] {
    let findings = report.findings.filter { !$0.recommendations.isEmpty }
    guard !findings.isEmpty else { return [] }
    var table = DocumentTable(
      "Fixes, in the order of their findings",
      ["Fix", "For", "Bound", "Effort", "Risk", "Verify"])
    var told: Set<[String]> = []
    for finding in findings {
      for advice in finding.recommendations {
        // One fix for two findings is one row.
        let verify = finding.verify.commands.first
        guard told.insert([advice.action, verify ?? finding.id]).inserted else { continue }
        let others = findings.filter { other in
          other.id == finding.id
            || verify != nil && other.verify.commands.first == verify
              && other.recommendations.contains { $0.action == advice.action }
        }
        table.add(
          Prose(advice.action), Prose.list(others.map { Prose($0.id) }),
          Prose(BoundText.short(finding)), Prose(advice.effort.rawValue), Prose(advice.risk),
          verify.map { "\(name: $0)" } ?? "–")
      }
    }
    return [.table(table), .text(BoundText.joint(report))]
  }

  private var extensions: [Block] {
    [.steps(report.extensions.map(CommonChapters.experiment))]
  }
}

/// All that a finding rests on, and all that follows from it.
enum FindingBlocks {
  /// A finding with its evidence and its limits.
  ///
  /// - Parameters:
  ///   - finding: Which one.
  ///   - shown: All that are told in the same place, in their order.
  /// - Returns: Evidence, meaning, what to do, and commands that no finding before it has.
  static func of(_ finding: Finding, among shown: [Finding]) -> [Block] {
    var blocks: [Block] = [
      .text("Rule \(finding.rule); confidence: \(finding.confidenceReason)."), .text("Evidence:"),
      .bullets(finding.evidence.map(evidence)),
    ]
    blocks += sharing(finding)
    blocks += (finding.tracker ?? []).map {
      .text("Tracker: \($0.item) is \($0.state): \($0.title).")
    }
    if finding.locations.contains(where: { $0.place != nil }) {
      blocks += [
        .text("Charged to\(whole(finding)):"), .bullets(finding.locations.map(location)),
      ]
      blocks += finding.locations.compactMap(excerpt)
    }
    blocks += [
      .text("Means:"), .bullets(finding.means.map { Block.Bullet($0) }),
      .text("Does not mean: \(finding.doesNotMean)"),
    ]
    if !finding.ruledOut.isEmpty {
      blocks += [.text("Ruled out:"), .bullets(finding.ruledOut.map { Block.Bullet($0) })]
    }
    if !finding.recommendations.isEmpty {
      blocks += [.text("Do:"), .bullets(finding.recommendations.map(advice))]
    }
    blocks.append(.text(Prose(BoundText.long(finding))))
    // Where there is nothing to gain, nothing has to fall.
    if !isNothing(finding.gain) {
      blocks.append(.text("Verify: passes when \(finding.verify.passes)."))
    }
    blocks.append(.text("Refuted by: \(finding.falsifier)"))
    return blocks + commands(finding, among: shown)
  }

  /// The commands of its evidence and of its verification, the latter where no finding before it has
  /// the same.
  private static func commands(_ finding: Finding, among shown: [Finding]) -> [Block] {
    let own = evidenceCommands(finding)
    let verify = isNothing(finding.gain) ? [] : finding.verify.commands
    let earlier = shown.prefix { $0.id != finding.id }
    let twin =
      verify.isEmpty
      ? nil : earlier.first { !isNothing($0.gain) && $0.verify.commands == verify }
    let lines = twin == nil ? own + verify : own
    return (lines.isEmpty ? [] : [.code(lines)])
      + (twin.map { [.text("It is verified by the same commands as \($0.id).")] } ?? [])
  }

  /// What the shares of the locations are of, which may be another profile than the evidence's.
  private static func whole(_ finding: Finding) -> String {
    switch finding.chargedKind {
    case .cpu: ", of the CPU it is about"
    case .mutex: ", of the lock delay it is about"
    case .block: ", of the waits it is about"
    case .heap: ", of the bytes it is about"
    case nil: ""
    }
  }

  private static func isNothing(_ gain: GainBound) -> Bool {
    if case .nothing = gain { true } else { false }
  }

  /// What else was found on the same samples, so that nobody takes it for another fault.
  private static func sharing(_ finding: Finding) -> [Block] {
    var blocks: [Block] = []
    if let joined = finding.joined {
      blocks += [.text("Also seen as:"), .bullets(joined.map(alsoSeen))]
    }
    if let overlaps = finding.overlaps {
      let list = overlaps.map { "\(Wording.percent($0.part)) with \($0.finding)" as Prose }
      blocks.append(.text("Shares samples with findings above: \(Prose.list(list))."))
    }
    return blocks
  }

  private static func alsoSeen(_ joined: Finding.Joined) -> Block.Bullet {
    let other = joined.finding
    let first = other.evidence.first.map { [evidence($0).text] } ?? []
    let advice =
      other.recommendations.first.map { ["Its first advice: \($0.action)." as Prose] } ?? []
    return Block.Bullet(
      "\(other.id) \(other.rule) (\(other.severity.rawValue), confidence \(other.confidence.rawValue)): \(other.title); \(Wording.percent(joined.part)) of its samples are among these",
      first + advice)
  }

  static func evidence(_ item: EvidenceItem) -> Block.Bullet {
    // What only changes how the table is drawn stands in the command, as does a long pattern, and
    // what leaves out the profiler itself, which is the same everywhere.
    let filters = item.source.filters.filter { word in
      !["-show=", "-nodefraction=", "-ignore="].contains { word.hasPrefix($0) }
    }.map { $0.count <= longestFilter ? $0 : "\($0.prefix { $0 != "=" })=…" }
    let words = ([item.source.file, item.source.field] + filters).filter { !$0.isEmpty }
    // The column is among the filters already, as -sample_index.
    let source = words.filter { $0 != item.source.field || item.source.command == nil }
    let list = source.reduce("" as Prose) { $0 + " \(name: $1)" }
    return Block.Bullet("\(item.statement) —\(list)")
  }

  private static let longestFilter = 60

  static func location(_ location: CodeLocation) -> Block.Bullet {
    let file: Prose = location.file.map { " in \(name: $0)" } ?? ""
    // What is all of it needs no share.
    let share: Prose = location.share >= 0.9995 ? "" : ": \(Wording.percent(location.share))"
    return Block.Bullet("\(name: location.function)\(file)" + share + line(of: location))
  }

  /// A function's share is not its hottest line's.
  private static func line(of location: CodeLocation) -> Prose {
    guard let line = location.line, let share = location.lineShare else { return "" }
    if share >= location.share - 0.0005 { return ", at line \(line)" }
    return ", the most of it at line \(line): \(Wording.percent(share))"
  }

  /// The lines around the hottest one, which is marked.
  private static func excerpt(_ location: CodeLocation) -> Block? {
    guard let excerpt = location.excerpt, let place = location.place else { return nil }
    let digits = excerpt.lines.map { "\($0.number)".count }.max() ?? 0
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let lines = excerpt.lines.map { line in
      let mark = line.number == location.line ? ">" : " "
      let share = padded(line.share.map(Wording.percent) ?? "", 7)
      return "\(mark) \(padded("\(line.number)", digits)) \(share)  \(line.text)"
    }
    return .code([place] + lines)
  }

  static func advice(_ advice: Recommendation) -> Block.Bullet {
    Block.Bullet("\(advice.action). Effort \(advice.effort.rawValue), risk: \(advice.risk).")
  }

  private static func evidenceCommands(_ finding: Finding) -> [String] {
    var lines: [String] = []
    let joined = (finding.joined ?? []).compactMap(\.finding.evidence.first)
    for item in finding.evidence + joined {
      for command in [item.source.command, item.source.pprofCommand].compactMap({ $0 })
      where !lines.contains(command) {
        lines.append(command)
      }
    }
    return lines
  }
}
