import Foundation
import Pprof
import Sampling
import TestSupport
import Testing

/// Programs that fork, start others, end threads and are killed, with the shim in them.
@Suite(.enabled(if: HeapVictim.isPossible)) struct HeapTortureTests {
  @Test func `threads, children and libraries come and go, and all is counted`() throws {
    let folder = try TemporaryDirectory("torture")
    guard let program = try TortureProgram.compiled(in: folder) else { return }
    let victim = try HeapVictim([program], mean: 64 << 10)
    #expect(victim.truth["threads"] != nil, "the program did not reach its end")
    let parents = victim.recordings.filter { $0.sum("alloc_space", under: "parent_work") > 40e6 }
    #expect(parents.count == 1)
    let parent = try #require(parents.first)
    // 400 threads of 200 blocks, and 500 blocks at the end: each was counted.
    let known: UInt64 = 400 * (200 * 1_000 + 577) + 500 * 100_000
    #expect((known...(known + 3_000_000)).contains(parent.summary.counts.bytes))
    let allocations: UInt64 = 400 * 202 + 500
    let counted = parent.summary.counts.allocations
    #expect((allocations...(allocations + 5_000)).contains(counted))
    #expect(parent.sum("alloc_space", under: "child_work") == 0)
    #expect(parent.summary.notes.isEmpty)
    let estimate = parent.summary.allocatedBytes
    #expect(
      abs(estimate.value - Double(parent.summary.counts.bytes)) < 4 * estimate.standardError)
  }

  @Test func `children write files of their own, forked or started anew`() throws {
    let folder = try TemporaryDirectory("torture")
    guard let program = try TortureProgram.compiled(in: folder) else { return }
    let victim = try HeapVictim([program], mean: 64 << 10)
    let children = victim.recordings.filter { $0.sum("alloc_space", under: "child_work") > 0 }
    #expect(children.count == 20)
    for child in children { #expect(child.summary.parent == victim.main?.summary.pid) }
    let forked = children.reduce(0) { $0 + $1.sum("alloc_space", under: "child_work") }
    // 400 blocks of 100 kB, each sampled with the chance of 78 %: two standard errors are 5 %.
    #expect(abs(forked - 40e6) < 0.1 * 40e6)
    let started = victim.recordings.filter { $0.sum("alloc_space", under: "exec_work") > 0 }
    #expect(started.count == 1)
    #expect(abs((started.first?.sum("inuse_space", under: "exec_work") ?? 0) - 30e6) < 3e6)
  }

  @Test func `a killed process leaves what it had done`() throws {
    let folder = try TemporaryDirectory("torture")
    guard let program = try TortureProgram.compiled(in: folder) else { return }
    let victim = try HeapVictim([program, "kill"], mean: 64 << 10)
    let recording = try #require(victim.main)
    let kept = Double(try #require(victim.truth["kept"]))
    #expect(abs(recording.sum("inuse_space", under: "parent_work") - kept) < 0.06 * kept)
    let counted = Double(recording.summary.counts.bytes)
    #expect((kept...(kept + 100_000)).contains(counted))
    #expect(recording.summary.notes.count == 1)
    #expect(recording.summary.notes.first?.contains("without its exit handlers") == true)
  }

  @Test func `without a folder to write to the program runs as if alone`() throws {
    let library = try #require(HeapShim.path)
    let output = try Tool.output(
      ["sort", "--version"],
      environment: ["LD_PRELOAD": library, "VBENCH_HEAP_DIR": "/nowhere/at/all"])
    #expect(output?.contains("sort") == true)
  }

  @Test func `the library needs the C library and nothing else`() throws {
    guard let readelf = Tool.path(of: "readelf") else { return print("skipped: no readelf") }
    let library = try #require(HeapShim.path)
    let text = try #require(try Tool.output([readelf, "-d", library]))
    let needed = text.split(separator: "\n").filter { $0.contains("(NEEDED)") }
    #expect(needed.allSatisfy { $0.contains("libc.so") || $0.contains("ld-linux") }, "\(needed)")
  }
}
