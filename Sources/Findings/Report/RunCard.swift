import Measurement
import RunRecords
import Vocabulary

/// What was run, on what, and how it was watched.
struct RunCard {
  let evidence: Evidence

  var rows: [FindingsReport.CardRow] {
    guard let record = evidence.record else {
      return [row("Run", "a directory of profiles without run.json: windows cannot be verified")]
    }
    var rows = [
      row(
        "Workload",
        "\(name: record.command), started \(name: record.startedAt), status \(record.status.rawValue)"
      ),
      row(
        "Duration",
        "\(Wording.seconds(evidence.measuredSeconds)) measured in \(Wording.counted(evidence.trials.count, "trial"))"
      ),
    ]
    if let dataset = record.dataset {
      rows.append(
        row(
          "Dataset",
          "\(name: dataset.kind), \(Wording.count(dataset.rows)) rows × \(dataset.dimensions) dimensions, \(dataset.metric.rawValue), \(Wording.count(dataset.queries)) queries (\(name: dataset.querySource)), digest \(name: dataset.digest)"
        ))
    }
    rows.append(row("Seed", "\(String(record.seed))"))
    let settings = record.settings.map { setting -> Prose in
      let source = setting.source == .standard ? "" : " (\(setting.source.rawValue))"
      return "\(name: "\(setting.name)=\(SourceCommand.scrubbed(setting.value))")\(source)"
    }
    if !settings.isEmpty {
      rows.append(row("Settings", settings.dropFirst().reduce(settings[0]) { $0 + ", " + $1 }))
    }
    rows += machine
    rows.append(row("Tool", "vbench \(name: record.toolVersion)"))
    rows += record.flags.map { row("Note", "\($0.message) (\($0.severity.rawValue))") }
    return rows
  }

  private var machine: [FindingsReport.CardRow] {
    guard let machine = evidence.run.environment else { return [] }
    var rows = [
      row(
        "Machine",
        "\(name: machine.processor ?? "processor not known"), \(Wording.counted(machine.cores, "core")), kernel \(name: machine.kernel)"
      )
    ]
    rows.append(
      row("Frequency governor", machine.frequencyGovernor.map { "\(name: $0)" } ?? "not known"))
    if let file = machine.fileSystem { rows.append(row("Store on", "\(name: file)")) }
    if let line = DiskAlone.line(evidence) { rows.append(row("The disk alone", line)) }
    rows.append(
      row(
        "Build",
        "\(name: machine.buildMode)"
          + (machine.compiler.isEmpty ? "" : ", \(name: machine.compiler)")
          + (machine.gitRevision.map { ", revision \(name: $0)" } ?? "")))
    return rows
  }

  /// The method of profiling, with its reason.
  var method: Prose {
    guard let profiling = evidence.record?.profiling else {
      return foreignMethod
    }
    guard profiling.method != "none" else { return "Nothing was profiled in this run." }
    let kinds = profiling.kinds.map(\.rawValue).joined(separator: ", ")
    let why =
      profiling.missing.isEmpty
      ? ""
      : Prose.list(profiling.missing.map { Prose($0.hasSuffix(".") ? String($0.dropLast()) : $0) })
    let because: Prose = profiling.missing.isEmpty ? "" : ", because: " + why
    return "Profiled with \(profiling.method) at \(Wording.number(profiling.hertz)) Hz (\(kinds))"
      + because + "."
  }

  /// What files of others say about themselves.
  private var foreignMethod: Prose {
    let windows = evidence.roles.flatMap(\.windows)
    let cpu = windows.filter { $0.kind == .cpu }
    let others = windows.filter { $0.kind != .cpu }
    var sentences: [Prose] = ["The profiles come from elsewhere."]
    if let rate = cpu.compactMap(\.hertz).first, let length = length(of: cpu) {
      sentences.append("CPU was sampled at \(Wording.number(rate)) Hz for \(length).")
    }
    if !others.isEmpty {
      sentences.append(
        length(of: others).map {
          "Waits and allocations were noted over \($0)\(scaled)."
        }
          ?? "The other profiles do not say how long they watched: they may have begun with their program."
      )
    }
    sentences += profiler
    return sentences.dropFirst().reduce(sentences[0]) { $0 + " " + $1 }
  }

  /// Go records some events and lets them stand for all.
  private var scaled: String {
    let slices = evidence.roles.flatMap(\.profiles.values)
    guard slices.contains(where: \.hasScaledCounts) else { return "" }
    return
      "; counts of waits are events, which Go scales up from those it recorded by a rate that is not in the files, so no interval is made of them"
  }

  /// What the measuring itself took, which is in no number behind this one.
  private var profiler: [Prose] {
    let rows = evidence.roles.compactMap { role -> Prose? in
      let parts = [
        amount(role, .block).map { "\(Wording.seconds($0 / 1e9)) of waiting" },
        amount(role, .cpu).map { "\(Wording.seconds($0 / 1e9)) of CPU\(part(role))" },
        amount(role, .heap).map { "\(NumberText.bytes($0)) allocated" },
      ].compactMap(\.self)
      return parts.isEmpty ? nil : "\(name: role.name) \(parts.joined(separator: ", "))"
    }
    guard let first = rows.first else { return [] }
    let list = rows.dropFirst().reduce(first) { $0 + "; " + $1 }
    return [
      "The profiler itself is in the files as well (\(list)): what records, fetches and writes profiles is left out of every share, and of every command (`-ignore`)."
    ]
  }

  /// How much of its CPU a role spends on being watched, where that is worth a word.
  private func part(_ role: RoleEvidence) -> String {
    guard let cpu = role.profiles[.cpu], let share = cpu.watching(evidence.thresholds) else {
      return ""
    }
    return " (\(Wording.percent(share)) of it)"
  }

  private func amount(_ role: RoleEvidence, _ kind: ProfileKind) -> Double? {
    let samples = role.profiles[kind]?.ofProfiler ?? []
    let sum = samples.reduce(0) { $0 + Double($1.value) }
    return sum > 0 ? sum : nil
  }

  /// `20.0 s`, or a range; nil when a file does not say.
  private func length(of windows: [ProfileWindow]) -> String? {
    let lengths = windows.map(\.seconds)
    guard let shortest = lengths.min(), let longest = lengths.max(), shortest > 0 else {
      return nil
    }
    let texts = [shortest, longest].map(Wording.seconds)
    return texts[0] == texts[1] ? texts[0] : "\(texts[0]) to \(texts[1])"
  }

  private func row(_ label: String, _ value: Prose) -> FindingsReport.CardRow {
    FindingsReport.CardRow(label: label, value: value)
  }
}
