import Basics
import Foundation
import Pprof
import Sampling
import Vocabulary

/// A recording of a victim, and what the victim says it did.
struct VictimRecording {
  let truth: [String: UInt64]
  let recording: Recording
  /// What the host took away meanwhile, in seconds of all processors.
  ///
  /// The kernel's CPU clock event counts it as the thread's; the thread's own clock does not.
  let stolenSeconds: Double

  /// Whether this user may record here; the reason is printed when not.
  static let isPossible: Bool = {
    guard let refusal = Recorder.probe() else { return true }
    print("skipped: \(refusal)")
    return false
  }()

  init(_ mode: String) throws {
    let down = try Basics.Pipe()
    let up = try Basics.Pipe()
    let program = Bundle.main.bundleURL.deletingLastPathComponent().appending(path: "Victim").path
    let child = try ChildProcess(
      [FileManager.default.fileExists(atPath: program) ? program : Self.besideTests, mode],
      descriptors: [(down.reading.descriptor, 0), (up.writing.descriptor, 1)])
    var channel = LineChannel(input: up.keepReading(), output: down.keepWriting())
    guard try channel.receive(milliseconds: 20_000) == .text("ready") else { throw Silent() }
    // Many samples, for the programs run for seconds.
    var plan = RecordingPlan()
    plan.hertz = 997
    let recorder = try Recorder([.trial(child.pid)], plan: plan)
    let ticks = ProcessorTicks.now()
    try recorder.start()
    try channel.send("go")
    guard case .text(let line) = try channel.receive(milliseconds: 60_000),
      line.hasPrefix("done ")
    else { throw Silent() }
    recording = try recorder.stop()
    stolenSeconds = ProcessorTicks.now().flatMap { ticks?.stolenSeconds(until: $0) } ?? 0
    var truth: [String: UInt64] = [:]
    for pair in line.dropFirst(5).split(separator: " ") {
      let parts = pair.split(separator: "=")
      truth[String(parts[0])] = UInt64(parts[1])
    }
    self.truth = truth
  }

  private static let besideTests: String = {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: ".build/debug/Victim").path
  }()

  struct Silent: Error {}

  /// Samples of a kind, of all roles.
  func samples(_ kind: ProfileKind) -> [(profile: Profile, sample: Profile.Sample)] {
    recording.profiles.filter { $0.kind == kind }.flatMap { recorded in
      recorded.profile.samples.map { (recorded.profile, $0) }
    }
  }

  /// Nanoseconds of the samples with a label of this value.
  func nanoseconds(_ kind: ProfileKind, _ label: String, _ value: String) -> Int64 {
    samples(kind).filter { $0.sample.label(label) == value }.reduce(0) { $0 + $1.sample.values[1] }
  }

  /// Nanoseconds of the samples whose stack has a function with this in its name.
  func nanoseconds(_ kind: ProfileKind, under name: String, waitClass: String? = nil) -> Int64 {
    samples(kind).filter { profile, sample in
      (waitClass == nil || sample.label(LabelKey.waitClass) == waitClass)
        && sample.locations.contains { location in
          profile.locations[Int(location)].lines.contains {
            profile.functions[Int($0.function)].name.contains(name)
          }
        }
    }.reduce(0) { $0 + $1.sample.values[1] }
  }
}
