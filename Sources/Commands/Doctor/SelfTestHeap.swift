import Basics
import FoundationEssentials
import Pprof
import Sampling
import Vocabulary

/// The heap library against programs that know what they allocated, and what it costs.
enum SelfTestHeap {
  static func rows() throws -> [SelfTest.Row] {
    guard HeapShim.path != nil else {
      return [.skipped("heap profiles", "\(HeapShim.fileName) is not beside vbench")]
    }
    let churn = try Rehearsed("heap", mean: HeapShim.standardMean)
    let leak = try Rehearsed("leak", mean: 64 << 10)
    return [
      .ratio(
        "allocated bytes at 512 KiB",
        churn.sum("alloc_space", under: ["allocateThree", "allocateOne"])
          / (churn.truth("three") + churn.truth("one")), within: 0.03),
      .ratio(
        "allocated objects at 512 KiB",
        churn.sum("alloc_objects", under: ["allocateThree", "allocateOne"])
          / (churn.truth("threeObjects") + churn.truth("oneObjects")), within: 0.03),
      .ratio(
        "live bytes at 64 KiB", leak.sum("inuse_space", under: ["keep"]) / leak.truth("kept"),
        within: 0.03),
      .ratio(
        "live objects at 64 KiB",
        leak.sum("inuse_objects", under: ["keep"]) / leak.truth("keptObjects"), within: 0.03),
      try cost(),
    ]
  }

  /// Nanoseconds that the library adds to a pair of malloc and free, the best of several.
  private static func cost() throws -> SelfTest.Row {
    var (bare, watched) = (Double.infinity, Double.infinity)
    for _ in 0..<5 {
      bare = min(bare, try Rehearsed("malloc", mean: nil).truth("picoseconds") / 1_000)
      watched = min(
        watched,
        try Rehearsed("malloc", mean: HeapShim.standardMean).truth("picoseconds") / 1_000)
    }
    return .nanoseconds("added to malloc and free at 512 KiB", watched - bare, below: 8)
  }

  /// A rehearsal that was given the library, and what it says it did.
  private struct Rehearsed {
    private let truths: [String: UInt64]
    private var profiles: [Profile] = []

    init(_ mode: String, mean: Int?) throws {
      let folder =
        FileManager.default.temporaryDirectory.path + "/vbench-heap-\(ParentWatch.own)-\(mode)"
      try FileSystem.makeDirectory(folder)
      defer { try? FileSystem.removeTree(folder) }
      let output = try File("\(folder)/said", .create)
      var child = try ChildProcess(
        [OwnProgram.path, RehearseCommand.name, mode], descriptors: [(output.descriptor, 1)],
        environment: mean.flatMap { HeapShim.environment(folder: folder, mean: $0) } ?? [:])
      _ = try child.wait()
      truths = RehearsedRecording.truth(try FileSystem.text(of: "\(folder)/said"))
      for file in try HeapRecordingReader.files(in: folder) where mean != nil {
        let service = Role(rawValue: "rehearsal")
        profiles += try HeapRecordingReader.read(file: file, service: service).profiles.map(
          \.profile)
      }
    }

    func truth(_ name: String) -> Double { Double(truths[name] ?? 0) }

    /// What the profiles say of functions, by one of their values.
    func sum(_ type: String, under functions: [String]) -> Double {
      profiles.reduce(0.0) { sum, profile in
        guard let place = profile.sampleTypes.firstIndex(where: { $0.type == type }) else {
          return sum
        }
        let wanted = functions.reduce(into: Set<Int32>()) {
          $0.formUnion(RehearsedRecording.functions(of: profile, named: $1))
        }
        return sum
          + profile.samples.filter { RehearsedRecording.stands(on: $0, in: profile, wanted) }
          .reduce(0.0) { $0 + Double($1.values[place]) }
      }
    }
  }
}

extension SelfTest.Row {
  static func nanoseconds(_ quantity: String, _ seen: Double, below most: Double) -> Self {
    Self(
      quantity: quantity, target: "< \(Int(most)) ns",
      seen: "\(Double(Int(seen * 10)) / 10) ns", verdict: seen < most ? .pass : .fail)
  }
}
