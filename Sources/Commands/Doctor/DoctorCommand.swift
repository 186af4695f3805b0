import Basics
import Harness
import Measurement
import RunRecords
import Sampling

/// `vbench doctor`: what can be measured on this machine, and why not.
enum DoctorCommand {
  static let command = Command(
    "doctor", "What can be measured here, and why not.",
    details: """
      Without flags nothing is changed; each line says what it costs a result when something is
      missing. --aa runs one workload several times, unchanged, and stores how far the runs lie
      apart: the yardstick that compare then uses for runs of the same command and settings. Behind
      `--` stands the workload; a short market without one. --diagnosis grows small programs and
      runs of the engine that have a fault of known size, looks at them as `record` and `report` do,
      and ends with 1 when a fault is missed or something is found that is not there. --disk asks the
      disk behind the folder of runs, or behind PATH, what it can do without an engine: commits as the
      log makes them, streams, and reads that no cache answers. Reports of runs on that device then
      say how much of a wait is the disk's own.
      """,
    flags: [
      Flag(
        "self-test", .toggle,
        "Run programs of known behavior and print how close the sampler comes."),
      Flag(
        "diagnosis", .toggle,
        "Plant faults of known size, and print which of them the reports find."),
      Flag(
        "times", .count(1...20), "With --diagnosis: so often each plant; the middle is shown.",
        standard: "1"),
      Flag(
        "only", .text("NAME,…"), "With --diagnosis: these plants, or clean-NAME for clean runs.",
        standard: "all"),
      Flag(
        "aa", .count(4...100),
        "Run the same workload so many times and store how far the runs lie apart."),
      Flag(
        "disk", .toggle,
        "Measure what the disk behind PATH can do alone, and store it beside the runs."),
      Flag(
        "disk-time", .seconds(0.5...600), "With --disk: about so long in all.", standard: "20s"),
      SharedFlags.profiles, SharedFlags.json,
    ], operands: Command.Operands(name: "[PATH] [-- CMD …]", count: 0...1, takesCommand: true),
    examples: [
      "vbench doctor", "vbench doctor --self-test", "vbench doctor --diagnosis",
      "vbench doctor --diagnosis --only copy,lock --times 3", "vbench doctor --aa 6",
      "vbench doctor --aa 6 -- search-only -n 20k -d 2s", "vbench doctor --disk",
      "vbench doctor --disk --disk-time 1s --json .",
    ]
  ) { invocation in
    try checkDisk(invocation)
    if let count = invocation.count("aa") {
      return try NoiseMeasurement(invocation: invocation, count: count).run()
    }
    if !invocation.rest.isEmpty {
      throw Failure.usage("Only --aa takes a workload behind `--`.", invocation.command)
    }
    if invocation.has("disk") { return try DiskExamination(invocation: invocation).run() }
    if invocation.has("self-test") { return try selfTest(invocation) }
    if invocation.has("diagnosis") { return try diagnose(invocation) }
    if let flag = ["times", "only"].first(where: { invocation.text($0) != nil }) {
      throw Failure.usage("--\(flag) is for --diagnosis.", invocation.command)
    }
    let findings = examine()
    let text =
      invocation.has("json")
      ? try JSONText.of(findings)
      : findings.map { "\($0.isFine ? "ok     " : "missing")  \($0.what): \($0.sentence)" }
        .joined(separator: "\n") + "\n"
    try Terminal.print(text)
    return .fine
  }

  /// Of these each is work of its own, and a path is for one of them only.
  private static func checkDisk(_ invocation: Invocation) throws(Failure) {
    let isDisk = invocation.has("disk")
    let others = ["aa", "self-test", "diagnosis"].filter { invocation.text($0) != nil }
    if isDisk, let other = others.first {
      throw .usage("--disk and --\(other) are measured one by one.", invocation.command)
    }
    if !isDisk, invocation.text("disk-time") != nil {
      throw .usage("--disk-time is for --disk.", invocation.command)
    }
    if !isDisk, let path = invocation.operands.first {
      throw .usage(
        "vbench doctor does not know what to do with `\(path)`; a path is for --disk.",
        invocation.command)
    }
  }

  private static func selfTest(_ invocation: Invocation) throws -> ExitStatus {
    Interrupts.startCounting()
    let progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    let rows = SelfTest(progress: progress).run()
    try Terminal.print(
      invocation.has("json") ? try JSONText.of(rows) : SelfTestText.of(rows))
    if Interrupts.count > 0 { return .interrupted }
    return rows.contains { $0.verdict == .fail } ? .failed : .fine
  }

  private static func diagnose(_ invocation: Invocation) throws -> ExitStatus {
    Interrupts.startCounting()
    let progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    let names = invocation.list("only")
    try Diagnosis.check(names)
    let folder = try WorkFolder(beside: ".")
    let diagnosis = Diagnosis(
      workshop: PlantWorkshop(folder: folder.path), progress: progress,
      times: invocation.count("times") ?? 1, only: names)
    let score = diagnosis.run()
    folder.remove()
    try Terminal.print(
      invocation.has("json") ? try JSONText.of(score) : DiagnosisText.of(score))
    if Interrupts.count > 0 { return .interrupted }
    return score.isRight ? .fine : .failed
  }

  private struct Finding: Encodable {
    let what: String
    let isFine: Bool
    let sentence: String
  }

  private static func examine() -> [Finding] {
    [sampling(), kernelNames(), hardwareCounters()] + libraries() + [storage()]
  }

  private static func sampling() -> Finding {
    let refusal = Recorder.probe()
    return Finding(
      what: "CPU profiles", isFine: refusal == nil,
      sentence: refusal?.description
        ?? "cpu-clock samples on all processors at \(RecordingPlan.standardHertz) Hz.")
  }

  private static func kernelNames() -> Finding {
    let text = (try? FileSystem.text(of: "/proc/kallsyms")) ?? ""
    let isReadable = text.split(separator: "\n").prefix(50).contains {
      !$0.hasPrefix("0000000000000000")
    }
    return Finding(
      what: "kernel names", isFine: isReadable,
      sentence: isReadable
        ? "/proc/kallsyms can be read."
        : "/proc/kallsyms shows only zeros, so kernel frames read [kernel]; run as root or set "
          + "kernel.kptr_restrict to 0.")
  }

  private static func hardwareCounters() -> Finding {
    let isThere = Recorder.hasHardwareCounters
    return Finding(
      what: "hardware counters", isFine: isThere,
      sentence: isThere
        ? "cycles can be counted."
        : "not supported on this machine; cycles, cache misses and IPC cannot be told.")
  }

  /// Looked for at run time; everything works without them.
  private static func libraries() -> [Finding] {
    let wanted: [(String, [String], String)] = [
      ("libunwind", ["libunwind-x86_64.so.8", "libunwind-aarch64.so.8"], "stacks cannot be read"),
      ("libstdc++", ["libstdc++.so.6"], "C++ names stay as the linker has them"),
    ]
    return wanted.map { name, files, cost in
      let found = files.contains { SharedLibrary($0) != nil }
      return Finding(
        what: name, isFine: found, sentence: found ? "found." : "not found; \(cost) without it.")
    }
  }

  private static func storage() -> Finding {
    let record = EnvironmentCapture.record(storeFolder: ".", toolVersion: Vbench.version)
    let type = record.fileSystem ?? "unknown"
    let isMemory = ["tmpfs", "ramfs", "overlay"].contains(type)
    return Finding(
      what: "store folder", isFine: !isMemory,
      sentence: isMemory
        ? "this folder lies on \(type), where a sync is free; name another with --store-dir."
        : "this folder lies on \(type).")
  }
}

/// `vbench env`: the machine's fingerprint, as it stands in every run.
enum EnvironmentCommand {
  static let command = Command(
    "env", "Print this machine's fingerprint as JSON.", flags: [SharedFlags.json]
  ) { _ in
    let record = EnvironmentCapture.record(storeFolder: ".", toolVersion: Vbench.version)
    try Terminal.print(try JSONText.of(record))
    return .fine
  }
}
