import Basics
import Foundation
import Pprof
import TestSupport
import Testing

@testable import ForeignProfiles

struct LegacyTests {
  // MARK: - gperftools

  @Test(arguments: [(4, false), (4, true), (8, false), (8, true)])
  func `words of either size and order read the same`(width: Int, isBigEndian: Bool) throws {
    let words: [UInt64] = [
      0, 3, 0, 10_000, 0, 4, 3, 0x1100, 0x2101, 0x2201, 2, 1, 0x1200, 0, 1, 0,
    ]
    let maps =
      "build=/bin/prog\n1000-2000 r-xp 00000000 fe:00 1 $build\n2000-3000 r--p 0 0:0 1 /x\n"
    var bytes: [UInt8] = []
    for word in words {
      let little = (0..<width).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
      bytes += isBigEndian ? little.reversed() : little
    }
    bytes += Array(maps.utf8)
    let profile = try ForeignProfile.read(bytes, name: "x").profile
    #expect(profile.samples.map(\.values) == [[4, 40_000_000], [2, 20_000_000]])
    #expect(profile.stacks == [["prog+0x100", "0x2100", "0x2200"], ["prog+0x200"]])
    #expect(profile.mappings.map(\.filename) == ["/bin/prog"])
  }

  @Test func `the handler's frame, the same in all stacks, is taken out`() {
    let samples = (0..<40).map { (stack: [UInt64($0), 7, 100 + UInt64($0)], count: Int64(1)) }
    #expect(HandlerFrames.removed(from: samples).allSatisfy { $0.stack.count == 2 })
  }

  /// Rows of `go tool pprof -top` that carry a name both sides know, and the totals.
  private func top(_ file: String, _ program: String? = nil) throws -> [String]? {
    let words =
      ["go", "tool", "pprof", "-top", "-nodefraction=0"] + [program, file].compactMap(\.self)
    return try Tool.output(words)?.split(separator: "\n").map(String.init)
  }

  @Test(.enabled(if: Tool.path(of: "go") != nil), arguments: ["gperftools.cpu", "gperftools.heap"])
  func `totals are those that pprof reads from the original`(name: String) throws {
    let folder = try TemporaryDirectory("legacy")
    let file = folder.file("ours.pprof")
    try ProfileWriter.write(try Fixture.profile(name), to: file)
    // Without names pprof shows a file for each address, and we its offset: what is left is the sum.
    func sum(_ lines: [String]?) -> String? {
      lines?.first { $0.hasPrefix("Showing nodes") }?.components(separatedBy: " of ").last
    }
    let ours = try #require(sum(try top(file)))
    let theirs = try #require(sum(try top(Fixture.path(name))))
    let values = [ours, theirs].map { $0.replacing("11.45MB", with: "11722.75kB") }
    #expect(values[0] == values[1])
  }

  // MARK: - Go

  @Test(arguments: [("heap", "inuse_space"), ("mutex", "delay"), ("block", "delay")])
  func `Go's text and Go's own profile have the same flat costs`(kind: String, type: String) throws
  {
    let text = try Fixture.profile("go_\(kind).txt")
    let own = try Fixture.profile("go_\(kind).pprof")
    #expect(text.total(type) == own.total(type))
    // The runtime's leaves have no names in the text.
    func isRuntime(_ name: String) -> Bool {
      name.hasPrefix("runtime.") || name == "[Go runtime]"
    }
    let costs = [text, own].map { $0.flat(type, skipping: isRuntime) }
    #expect(costs[0] == costs[1])
  }

  @Test func `goroutines are counted by stack, and files and lines are known`() throws {
    let profile = try Fixture.profile("go_goroutine.txt")
    #expect(profile.sampleTypes == [.init("goroutine", "count")])
    #expect(profile.total("goroutine") == 4)
    #expect(profile.stacks[0].suffix(1) == ["main.main.func2"])
    let function = try #require(profile.functions.first { $0.name == "main.main.func2" })
    #expect(function.filename.hasSuffix("/main.go"))
    #expect(profile.locations.contains { $0.lines.first?.line == 10 })
    #expect(try Fixture.profile("go_threadcreate.txt").total("threadcreate") == 7)
  }

  @Test func `a function that calls itself keeps all its frames`() throws {
    let profile = try read(
      "goroutine profile: total 1\n1 @ 0x11 0x11 0x21 0x31\n"
        + "#\t0x10\tmain.f+0x1\t/m.go:3\n#\t0x10\tmain.f+0x1\t/m.go:3\n"
        + "#\t0x20\tmain.inl+0x1\t/m.go:8\n#\t0x20\tmain.g+0x1\t/m.go:5\n")
    #expect(profile.stacks == [["main.f", "main.f", "main.inl", "main.g"]])
  }

  @Test func `contention is scaled by its period and its clock`() throws {
    let profile = try read(
      "--- mutex:\ncycles/second=2000000000\nsampling period=10\n4000 3 @ 0x11\n")
    #expect(profile.samples[0].values == [30, 20_000])
  }

  // MARK: - Heaps

  @Test func `a sampled heap is scaled by the chance of being drawn`() throws {
    let profile = try read("heap profile: 1: 1024 [0: 0] @ heap/2048\n1: 1024 [0: 0] @ 0x11\n")
    // Rate 1024 and size 1024: 1 / (1 − 1/e) = 1.58…
    #expect(profile.samples[0].values == [1, 1_619])
    #expect(profile.samples[0].labels == [.init("bytes", number: 1_024, unit: "bytes")])
    #expect(abs(chance(1) - 0.632_120_558_828_557_7) < 1e-15)
    #expect(abs(chance(1e-9) - 9.999_999_995e-10) < 1e-24)
    #expect(chance(50) == 1)
  }

  @Test func `jemalloc's threads are one sum, and its libraries are known`() throws {
    let profile = try Fixture.profile("jemalloc.heap")
    #expect(profile.sampleTypes.map(\.type) == ["inuse_objects", "inuse_space"])
    // Of one object 4101 bytes are written; drawn at a rate of 1024, they stand for 4177.
    #expect(profile.total("inuse_objects") == 66)
    #expect(profile.total("inuse_space") == 13_160_529)
    #expect(profile.mappings[0].filename.hasSuffix("/burnp"))
    let top = try #require(profile.samples.max { $0.values[1] < $1.values[1] })
    #expect(profile.stack(top).contains { $0.hasPrefix("burnp+0x1") })
  }

  @Test func `jemalloc's accumulated numbers become alloc types`() throws {
    let profile = try read(
      "heap_v2/1\n  t*: 3: 30 [5: 50]\n@ 0x11 0x21\n  t*: 3: 30 [5: 50]\n  t0: 3: 30 [5: 50]\n")
    #expect(
      profile.sampleTypes.map(\.type) == [
        "alloc_objects", "alloc_space", "inuse_objects", "inuse_space",
      ])
    #expect(profile.samples.map(\.values) == [[5, 50, 3, 30]])
  }

  @Test(arguments: [
    ("heap profile: 1: 2 [3: 4] @ heapprofile\n1: 2 @ 0x1\n", "line 2"),
    ("heap profile: 1: 2 [3: 4] @ heapprofile\n1: 2 [3: 4] @ 0xzz\n", "\"0xzz\" is no address"),
    ("heap_v2/x\n", "line 1"), ("goroutine profile: total 1\nx @ 0x1\n", "is no count"),
    ("--- mutex:\n1 @ 0x1\n", "two numbers"),
  ])
  func `a bad record is named`(text: String, words: String) {
    #expect(
      refusal(Array(text.utf8))?.contains(words) == true, "\(refusal(Array(text.utf8)) ?? "")")
  }
}
