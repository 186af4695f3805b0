import Basics
import Pprof
import Testing

@testable import Pprof

struct ProfileCodecTests {
  /// A profile with something of everything.
  static func sample(seed: UInt64 = 1, stacks: Int = 200) -> Profile {
    var random = SeededRandom(seed)
    var builder = ProfileBuilder(
      sampleTypes: [.init("samples", "count"), .init("cpu", "nanoseconds")],
      periodType: .init("cpu", "nanoseconds"), period: 5_025_125, defaultSampleType: "cpu")
    let mapping = Profile.Mapping(
      start: 0x400000, limit: 0x500000, offset: 0, filename: "engine", buildID: "abcd1234")
    for _ in 0..<stacks {
      let stack = (0..<(1 + random.below(12))).map { depth in
        let name = "f\(random.below(6) + depth)"
        return ProfileBuilder.Frame(
          address: UInt64(0x400000 + 16 * random.below(64)), mapping: mapping,
          lines: [(Profile.Function(name: name, systemName: "$s\(name)", filename: "f.swift"), 7)])
      }
      let count = Int64(1 + random.below(5))
      builder.add(
        stack: stack, values: [count, count * 5_025_125],
        labels: [Profile.Label("op", random.below(2) == 0 ? "search" : "insert")])
    }
    builder.setTime(startNanoseconds: 1_770_000_000_000_000_000, durationNanoseconds: 4_000_000_000)
    builder.addComment("a comment")
    return builder.profile
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `what is written is what is read`(seed: UInt64) throws {
    let profile = Self.sample(seed: seed)
    let bytes = ProfileWriter.encode(profile)
    #expect(try ProfileReader.read(bytes) == profile)
    #expect(ProfileWriter.encode(try ProfileReader.read(bytes)) == bytes)
    #expect(try ProfileReader.read(ProfileWriter.plain(profile)) == profile)
  }

  @Test func `a profile cut anywhere is an error or, between two fields, a smaller profile`() throws
  {
    let bytes = ProfileWriter.plain(Self.sample(stacks: 12))
    for count in 0..<bytes.count {
      do {
        _ = try ProfileReader.read(Array(bytes[..<count]))
      } catch {
        #expect(!"\(error)".isEmpty)
      }
    }
    #expect(throws: ProfileError.empty) { try ProfileReader.read([]) }
  }

  @Test(arguments: [3, 4] as [UInt64])
  func `bent bytes never trap`(seed: UInt64) {
    let good = ProfileWriter.plain(Self.sample(stacks: 20))
    var random = SeededRandom(seed)
    for _ in 0..<3_000 {
      var bytes = good
      for _ in 0..<(1 + random.below(4)) {
        bytes[random.below(bytes.count)] = UInt8(random.below(256))
      }
      _ = try? ProfileReader.read(bytes)
    }
  }

  @Test func `a gzip file cut short says so`() {
    let bytes = ProfileWriter.encode(Self.sample())
    let cut = Array(bytes[..<(bytes.count / 2)])
    #expect {
      try ProfileReader.read(cut)
    } throws: { error in
      "\(error)".contains("gzip") || "\(error)".contains("ends inside")
    }
  }

  @Test func `a bomb is refused by its first field, not by the machine`() {
    // A string field that claims a gigabyte of zeros.
    var writer = WireWriter()
    writer.varint(6 << 3 | 2)
    writer.varint(1 << 30)
    let bomb = Zlib.gzip(writer.bytes + [UInt8](repeating: 0, count: 32 << 20))
    #expect {
      try ProfileReader.read(bomb)
    } throws: { error in
      "\(error)".contains("--max-string")
    }
  }

  @Test func `a file of unknown fields may not expand beyond two hundred times its size`() {
    // Field 100, half a megabyte of zeros, four times: each is legal, and all are skipped.
    var field = WireWriter()
    field.message(100) { $0.bytes = [UInt8](repeating: 0, count: 1 << 19) }
    let bomb = Zlib.gzip(field.bytes + field.bytes + field.bytes + field.bytes)
    var limits = ProfileLimits()
    limits.freeBytes = 1_000
    #expect {
      try ProfileReader.read(bomb, limits: limits)
    } throws: { error in
      "\(error)".contains("more than \(200 * bomb.count) in the uncompressed profile")
    }
  }

  @Test func `millions of tiny samples stop at the memory limit`() {
    var writer = WireWriter()
    writer.message(1) { $0.number(1, 1) }
    writer.text(6, "")
    writer.text(6, "cpu")
    let one: [UInt8] = [0x12, 0x02, 0x10, 0x01]
    writer.bytes += Array(repeatElement(one, count: 2_000_000).joined())
    #expect {
      try ProfileReader.read(Zlib.gzip(writer.bytes))
    } throws: { error in
      "\(error)".contains("--max-memory")
    }
  }

  @Test func `references to what is not there are named`() {
    var profile = Self.sample(stacks: 1)
    profile.samples[0].locations = [999]
    #expect {
      try ProfileReader.read(ProfileWriter.plain(profile))
    } throws: { error in
      "\(error)".contains("location 1000")
    }
  }

  /// Two samples over three locations with the ids given, the first sample packed.
  private func profile(ids: [UInt64]) -> [UInt8] {
    var writer = WireWriter()
    writer.message(1) { $0.number(1, 1) }
    writer.message(2) { sample in
      sample.packed(1, ids)
      sample.packed(2, [5])
      sample.message(3) { label in
        label.number(1, 2)
        label.number(2, 3)
      }
    }
    writer.message(2) { sample in
      for id in ids.reversed() { sample.number(1, id) }
      sample.packed(2, [7])
    }
    for (index, id) in ids.enumerated() {
      writer.message(4) { location in
        location.number(1, id)
        location.number(3, UInt64(index) + 1)
      }
    }
    for text in ["", "cpu", "op", "search"] { writer.text(6, text) }
    return writer.bytes
  }

  @Test(
    arguments: [
      [1, 2, 3], [3, 1, 2], [7, 1 << 31, 900], [.max, 1 << 40, 1 << 31], [1, 1_000_000, 2],
    ] as [[UInt64]])
  func `ids may be sparse, large and in any order, packed or not`(ids: [UInt64]) throws {
    let read = try ProfileReader.read(profile(ids: ids))
    #expect(read.samples.map(\.locations) == [[0, 1, 2], [2, 1, 0]])
    #expect(read.samples.map(\.values) == [[5], [7]])
    #expect(read.samples.map(\.labels) == [[Profile.Label("op", "search")], []])
    #expect(read.locations.map(\.address) == [1, 2, 3])
  }

  @Test(arguments: [[1, 2, 1], [0, 1, 2], [1 << 50, 5, 1 << 50]] as [[UInt64]])
  func `an id that is zero or stands twice is refused`(ids: [UInt64]) {
    #expect(throws: ProfileError.self) { try ProfileReader.read(profile(ids: ids)) }
  }

  @Test func `samples that disagree about how many values there are are refused`() {
    var writer = WireWriter()
    writer.bytes = profile(ids: [1, 2, 3])
    writer.message(2) { $0.packed(2, [1, 2]) }
    #expect {
      try ProfileReader.read(writer.bytes)
    } throws: { error in
      "\(error)".contains("2 values for 1 sample types")
    }
  }

  @Test func `two profiles one after another are refused`() {
    let bytes = ProfileWriter.plain(Self.sample())
    #expect(throws: ProfileError.concatenated) { try ProfileReader.read(bytes + bytes) }
  }

  @Test func `text is not a profile`() {
    #expect(throws: ProfileError.self) { try ProfileReader.read(Array("hello, world\n".utf8)) }
  }

  @Test func `merging a profile with itself doubles every value`() throws {
    let profile = Self.sample()
    let once = try ProfileMerge.merge([profile])
    let twice = try ProfileMerge.merge([profile, profile])
    #expect(twice.samples.count == once.samples.count)
    for (one, two) in zip(once.samples, twice.samples) {
      #expect(two.values == one.values.map { $0 * 2 })
    }
    #expect(twice.durationNanoseconds == 2 * profile.durationNanoseconds)
  }

  @Test func `profiles of different types do not merge`() {
    let cpu = Self.sample()
    var heap = cpu
    heap.sampleTypes = [.init("inuse_space", "bytes"), .init("x", "count")]
    #expect(throws: ProfileError.self) { try ProfileMerge.merge([cpu, heap]) }
  }
}
