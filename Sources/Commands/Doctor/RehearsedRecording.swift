import Basics
import FoundationEssentials
import Pprof
import Rehearsals
import Sampling
import Vocabulary

/// A recording of a rehearsal, and what the rehearsal says it did.
struct RehearsedRecording {
  /// Nanoseconds by name, from the program's own clocks.
  let truth: [String: UInt64]
  /// Nil when nobody watched.
  let recording: Recording?
  /// What the host took of the machine meanwhile.
  let stolenSeconds: Double
  /// When the events were on and when off, if they were switched to and fro.
  let turns: [SpellToggle.Turn]

  /// Runs a rehearsal and watches it by a plan; without one it only lets it run.
  ///
  /// `toggling` switches the events off and on each time so many nanoseconds have passed.
  init(_ mode: String, plan: RecordingPlan?, toggling: UInt64? = nil) throws {
    let down = try Pipe()
    let up = try Pipe()
    var child = try ChildProcess(
      [OwnProgram.path, RehearseCommand.name, mode],
      descriptors: [(down.reading.descriptor, 0), (up.writing.descriptor, 1)])
    var channel = LineChannel(input: up.keepReading(), output: down.keepWriting())
    guard try channel.receive(milliseconds: 20_000) == .text("ready") else { throw Silent(mode) }
    let recorder = try plan.map { try Recorder([.trial(child.pid)], plan: $0) }
    try recorder?.start()
    let ticks = ProcessorTicks.now()
    try channel.send("go")
    var toggle = toggling.map { SpellToggle(every: $0) }
    var line = ""
    let deadline = Clock.now() + 120_000_000_000
    while line.isEmpty, Clock.now() < deadline {
      switch try channel.receive(milliseconds: toggle == nil ? 1_000 : 1) {
      case .text(let text): line = text
      case .closed: throw Silent(mode)
      case .silence: if let recorder { toggle?.advance(recorder) }
      }
    }
    guard line.hasPrefix("done") else { throw Silent(mode) }
    turns = toggle?.turns ?? []
    recording = try recorder?.stop()
    stolenSeconds = ProcessorTicks.now().flatMap { ticks?.stolenSeconds(until: $0) } ?? 0
    truth = Self.truth(line)
    try channel.send("bye")
    _ = try child.wait()
  }

  static func truth(_ line: String) -> [String: UInt64] {
    line.split(whereSeparator: \.isWhitespace).dropFirst().reduce(into: [:]) { truth, pair in
      let parts = pair.split(separator: "=")
      if parts.count == 2 { truth[String(parts[0])] = UInt64(parts[1]) }
    }
  }

  struct Silent: Error, CustomStringConvertible {
    let mode: String

    init(_ mode: String) { self.mode = mode }

    var description: String { "The rehearsal `\(mode)` did not answer." }
  }

  func truth(_ name: String) -> Double { Double(truth[name] ?? 0) }

  /// As a share of work that took so many nanoseconds.
  func stolenShare(of work: Double) -> Double { work > 0 ? stolenSeconds * 1e9 / work : 0 }

  // MARK: - What was seen

  /// Nanoseconds of a kind, of all roles, that satisfy everything asked.
  func nanoseconds(
    _ kind: ProfileKind, under function: String? = nil, label: (key: String, value: String)? = nil
  ) -> Double {
    var sum: Int64 = 0
    for recorded in recording?.profiles ?? [] where recorded.kind == kind {
      let profile = recorded.profile
      let wanted = function.map { Self.functions(of: profile, named: $0) }
      for sample in profile.samples {
        if let label, !sample.has(label.key, label.value) { continue }
        if let wanted, !Self.stands(on: sample, in: profile, wanted) { continue }
        sum += sample.values.last ?? 0
      }
    }
    return Double(sum)
  }

  static func functions(of profile: Profile, named name: String) -> Set<Int32> {
    Set(
      profile.functions.indices.filter { profile.functions[$0].name.contains(name) }.map(Int32.init)
    )
  }

  static func stands(
    on sample: Profile.Sample, in profile: Profile, _ wanted: Set<Int32>
  ) -> Bool {
    sample.locations.contains { location in
      profile.locations[Int(location)].lines.contains { wanted.contains($0.function) }
    }
  }
}

extension Profile.Sample {
  fileprivate func has(_ key: String, _ value: String) -> Bool {
    labels.contains { $0.key == key && $0.value == .text(value) }
  }
}

/// `vbench __rehearse MODE`: a program of known behavior.
enum RehearseCommand {
  static let name = "__rehearse"

  static let command = Command(
    name, "Burns, sleeps and waits by the clock.", operands: .exactly(1, "MODE"), hidden: true
  ) { invocation in
    ParentWatch.dieWithParent()
    let mode = invocation.operands[0]
    guard mode.hasPrefix("self:") else {
      if try Rehearsal.perform(mode) { return .fine }
      try Rehearsal.serve(mode)
      return .fine
    }
    // The same while it watches itself.
    let recorder = try SelfRecorder()
    try recorder.start()
    let folder = FileManager.default.temporaryDirectory.path + "/vbench-self-\(ParentWatch.own)"
    try FileSystem.makeDirectory(folder)
    defer { try? FileSystem.removeTree(folder) }
    try Rehearsal.serve(String(mode.dropFirst(5)))
    try recorder.stop(writeTo: folder)
    let quality = try SelfRecordingReader.read(folder: folder).quality
    Terminal.note(
      "samples=\(quality.samples) complete=\(quality.completeStacks) lost=\(quality.lostRecords) "
        + "sampled=\(quality.sampledCPUSeconds) counted=\(quality.countedCPUSeconds)")
    return .fine
  }
}
