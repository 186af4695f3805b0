import Basics
import Foundation
import Pprof
import TestSupport
import Testing
import Vocabulary

@testable import Sampling

/// Recordings made by hand, whole and broken.
struct HeapReaderTests {
  private func read(_ bytes: [UInt8]) throws -> HeapRecording {
    try HeapRecordingReader.read(bytes, .markers, ImageCache())
  }

  private func simple() -> HeapFileBuilder {
    var builder = HeapFileBuilder()
    builder.thread(1, "engine-flusher")
    builder.stack(1, [0x1000])
    builder.stack(2, [0x2000], isCut: true)
    return builder
  }

  @Test func `an allocation of the mean stands for one and a half of its like`() throws {
    var builder = simple()
    builder.sample(1, at: 1, bytes: 1_000)
    let summary = try read(builder.file()).summary
    let chance = 1 - exp(-1.0)
    #expect(abs(summary.allocatedObjects.value - 1 / chance) < 1e-9)
    #expect(abs(summary.allocatedBytes.value - 1_000 / chance) < 1e-6)
    #expect(
      abs(summary.allocatedBytes.standardError - 1_000 * (1 - chance).squareRoot() / chance) < 1e-6)
  }

  @Test func `the peak is where most was live, and what is freed is live no more`() throws {
    var builder = simple()
    builder.flags = 1
    builder.sample(1, at: 1, bytes: 100)
    builder.sample(2, at: 2, bytes: 200)
    builder.free(1, at: 3)
    builder.sample(3, at: 4, bytes: 50)
    let summary = try read(builder.file(ended: [9, 350_000, 1, 1])).summary
    #expect(summary.peakBytes.value == 300)
    #expect(summary.peakSeconds == 2)
    #expect(summary.liveBytes.value == 250)
    #expect(summary.counts.allocations == 9)
    #expect(summary.counts.temporaries == 1)
    #expect(summary.notes.isEmpty)
  }

  @Test func `a closed window ends the counting and the looking`() throws {
    var builder = simple()
    builder.flags = 3
    builder.window(isBegin: true, at: 2, counts: [10, 1_000, 5, 1])
    builder.sample(1, at: 3, bytes: 100)
    builder.window(isBegin: false, at: 6, counts: [30, 5_000, 8, 2])
    builder.free(1, at: 7)
    let recording = try read(builder.file(ended: [99, 99_999, 9, 9]))
    #expect(
      recording.summary.counts
        == HeapCounts(allocations: 20, bytes: 4_000, frees: 3, temporaries: 1))
    #expect(recording.summary.seconds == 4)
    #expect(recording.summary.liveBytes.value == 100)
  }

  @Test func `only what grows all the time, and is never freed, may be a leak`() throws {
    var builder = simple()
    builder.flags = 1
    for round in 0..<8 as Range<UInt64> {
      builder.sample(round + 1, at: round, bytes: 10)
      builder.sample(round + 101, at: 0, bytes: 99, stack: 2)
    }
    let leaks = try read(builder.file()).summary.leakCandidates
    #expect(leaks.map(\.liveBytes.value) == [80])
    #expect(leaks.first?.lastSeconds == 7)
    builder.free(3, at: 8)
    #expect(try read(builder.file()).summary.leakCandidates.isEmpty)
  }

  @Test func `threads of the engine are the engine's, and a stack cut short says so`() throws {
    var builder = simple()
    builder.sample(1, at: 1, bytes: 10)
    builder.sample(2, at: 1, bytes: 10, thread: 2, stack: 2)
    let profiles = try read(builder.file()).profiles
    #expect(profiles.map(\.role) == [.engine, .client])
    let engine = profiles[0].profile.samples
    #expect(engine.map { $0.label(LabelKey.operation) } == ["background"])
    #expect(engine.map { $0.label(LabelKey.thread) } == ["engine-flusher"])
    #expect(profiles[1].profile.samples.map { $0.label(LabelKey.truncated) } == ["true"])
  }

  @Test func `a program that hardly calls malloc is asked about its allocator`() throws {
    let notes = try read(simple().file(ended: [3, 99, 1, 1])).summary.notes
    #expect(notes.contains { $0.contains("allocator of its own") })
  }

  @Test func `all that a service does is its own`() throws {
    var builder = simple()
    builder.sample(1, at: 1, bytes: 10)
    let service = Role(rawValue: "redis")
    let profiles = try HeapRecordingReader.read(builder.file(), .service(service), ImageCache())
      .profiles
    #expect(profiles.map(\.role) == [service])
    #expect(profiles.first?.profile.samples.count == 1)
  }

  @Test func `a file that was cut gives what it has, and says so`() throws {
    var builder = simple()
    builder.sample(1, at: 1, bytes: 10)
    builder.sample(2, at: 1, bytes: 10)
    let whole = builder.file()
    let cut = try read(Array(whole.prefix(whole.count - 512 - 20)))
    #expect(cut.summary.samples == 1)
    #expect(cut.summary.notes.contains { $0.contains("cut short") })
  }

  @Test func `a record of an impossible length ends the reading`() throws {
    var builder = simple()
    builder.sample(1, at: 1, bytes: 10)
    builder.add(4, [1, 2, 3])
    builder.sample(2, at: 1, bytes: 10)
    let recording = try read(builder.file())
    #expect(recording.summary.samples == 1)
    #expect(recording.summary.notes.contains { $0.contains("damaged") })
  }

  @Test func `what does not begin like a recording is refused`() {
    for bytes in [[], Array("VBHEAP1\n".utf8), [UInt8](repeating: 7, count: 9_000)] {
      #expect(throws: SamplingError.self) { try read(bytes) }
    }
    var newer = simple().file()
    newer[8] = 9
    #expect(throws: SamplingError.self) { try read(newer) }
  }

  @Test func `no byte, wherever it is changed or missing, makes the reader stumble`() throws {
    var builder = simple()
    builder.maps("1000-3000 r-xp 00000000 00:00 0 /no/such/file\n")
    builder.window(isBegin: true, at: 0, counts: [0, 0, 0, 0])
    for round in 0..<6 as Range<UInt64> { builder.sample(round, at: round, bytes: 900 * round) }
    builder.add(6, [UInt8](repeating: 3, count: 8 + 65 * 128))
    for round in 0..<3 as Range<UInt64> { builder.free(round, at: round) }
    let whole = builder.file()
    for length in 0..<whole.count where length < 160 || length > 4_000 && length % 17 == 0 {
      _ = try? read(Array(whole.prefix(length)))
    }
    var random = SeededRandom(20_26)
    for position in whole.indices where position < 160 || position >= 4_096 {
      for value in [0x00, 0x7f, 0xff, UInt8(truncatingIfNeeded: random.next())] {
        guard position < 4_800 || position % 41 == 0 else { continue }
        var bytes = whole
        bytes[position] = value
        _ = try? read(bytes)
      }
    }
  }

  @Test(.enabled(if: HeapVictim.isPossible))
  func `a true recording with wrong bytes is read or refused`() throws {
    let victim = try HeapVictim("leak", mean: 4 << 20)
    let path = try #require(
      try HeapRecordingReader.files(in: victim.folder.file("records")).last)
    let whole = try FileSystem.contents(of: path)
    var random = SeededRandom(20_26)
    let images = ImageCache()
    for _ in 0..<60 {
      var bytes = whole
      for _ in 0..<20 {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.next() % 2 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      _ = try? HeapRecordingReader.read(bytes, .markers, images)
    }
  }
}
