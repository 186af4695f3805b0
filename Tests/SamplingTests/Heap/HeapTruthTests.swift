import Pprof
import Sampling
import Testing
import Vocabulary

/// A recording against what the program knows about itself.
@Suite(.enabled(if: HeapVictim.isPossible)) struct HeapTruthTests {
  /// 48,000 blocks, 27 GB.
  private static let churn = Result { try HeapVictim("heap", mean: HeapShim.standardMean) }

  private func expect(
    _ measured: Double, is truth: UInt64?, within part: Double, _ what: Comment
  ) throws {
    let truth = Double(try #require(truth))
    #expect(abs(measured - truth) <= part * truth, "\(what): \(measured) instead of \(truth)")
  }

  @Test func `bytes and objects of two functions are estimated within three in a hundred`() throws {
    let victim = try Self.churn.get()
    let recording = try #require(victim.main)
    for (name, key) in [("allocateThree", "three"), ("allocateOne", "one")] {
      try expect(
        recording.sum("alloc_space", under: name), is: victim.truth[key], within: 0.03,
        "bytes of \(name)")
      try expect(
        recording.sum("alloc_objects", under: name), is: victim.truth["\(key)Objects"],
        within: 0.03, "objects of \(name)")
    }
    #expect(recording.sum("inuse_space", under: "allocateThree") == 0)
    #expect(recording.summary.samples > 5_000)
  }

  @Test func `what is counted is exact, and the estimate says how far off it may be`() throws {
    let victim = try Self.churn.get()
    let summary = try #require(victim.main).summary
    let truth = try #require(victim.truth["three"]) + (try #require(victim.truth["one"]))
    let objects = try #require(victim.truth["threeObjects"]) * 4 / 3
    // The program's own needs come on top: its text, its dictionaries.
    #expect((truth...(truth + 4_000_000)).contains(summary.counts.bytes))
    #expect((objects...(objects + 20_000)).contains(summary.counts.allocations))
    #expect((objects...(objects + 20_000)).contains(summary.counts.temporaries))
    let reach = 4 * summary.allocatedBytes.standardError
    #expect(abs(summary.allocatedBytes.value - Double(summary.counts.bytes)) < reach)
    #expect(reach < 0.03 * Double(truth))
  }

  @Test func `what a program keeps is live at its end, and called a candidate for a leak`() throws {
    let victim = try HeapVictim("leak", mean: 64 << 10)
    let recording = try #require(victim.main)
    try expect(
      recording.sum("inuse_space", under: "keep"), is: victim.truth["kept"], within: 0.03,
      "live bytes")
    try expect(
      recording.sum("inuse_objects", under: "keep"), is: victim.truth["keptObjects"],
      within: 0.03, "live objects")
    let leak = try #require(recording.summary.leakCandidates.first)
    #expect(leak.frames.first?.contains("keep") == true)
    #expect(recording.summary.leakCandidates.count == 1)
    let kept = Double(try #require(victim.truth["kept"]))
    #expect(abs(leak.liveBytes.value - kept) < 4 * leak.liveBytes.standardError)
    try expect(
      recording.summary.peakBytes.value, is: victim.truth["kept"], within: 0.03, "the peak")
    #expect(recording.summary.notes.isEmpty)
  }

  @Test func `a profile looks like Go's`() throws {
    let recording = try #require(try HeapVictim("leak", mean: 64 << 10).main)
    let profile = try #require(recording.profiles.first { $0.role == .client }).profile
    #expect(
      profile.sampleTypes.map { "\($0.type)/\($0.unit)" } == [
        "alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes",
      ])
    #expect(profile.defaultSampleType == "inuse_space")
    #expect(profile.period == 64 << 10)
    #expect(profile.periodType.map { "\($0.type)/\($0.unit)" } == "space/bytes")
    let leaves = Set(
      profile.samples.compactMap { sample in
        profile.locations[Int(sample.locations[0])].lines.first.map {
          profile.functions[Int($0.function)].name
        }
      })
    #expect(leaves.isSubset(of: ["malloc", "calloc", "realloc", "posix_memalign"]))
    #expect(profile.samples.allSatisfy { $0.label(LabelKey.thread) != nil })
  }
}
