import Basics
import Glibc
@testable import Pprof
import Vocabulary

@testable import ForeignProfiles
@testable import StorageEngine
@testable import VectorIndex
@testable import VectorStore
@testable import Workloads

/// Small valid inputs by our own writers; `fuzz seeds Tests/Fuzz/Corpus` makes them again.
///
/// Files of other tools come from Tests/Fixtures when the fuzzer starts, see fuzz.sh.
enum Seeds {
  static func write(to folder: String) throws {
    for (name, bytes) in try profiles + datasets + stores + records + tables {
      let parts = name.split(separator: "/")
      try FileSystem.makeDirectory("\(folder)/\(parts[0])")
      try FileSystem.replace("\(folder)/\(name)", with: bytes)
    }
    try FileSystem.removeTree(Scratch.folder)
  }

  typealias Seed = (name: String, bytes: [UInt8])

  // MARK: - Profiles

  private static var profiles: [Seed] {
    get throws {
      let profile = profile()
      return [
        ("pprof/everything", ProfileWriter.plain(profile)),
        ("gzip/everything.gz", ProfileWriter.encode(profile)),
        ("collapsed/small", CollapsedWriter.encode(profile, sampleIndex: 1)),
        ("speedscope/small", try SpeedscopeWriter.encode(profile, name: "small")),
      ]
    }
  }

  /// Something of everything that a profile can have.
  private static func profile() -> Profile {
    var builder = ProfileBuilder(
      sampleTypes: [.init("samples", "count"), .init("cpu", "nanoseconds")],
      periodType: .init("cpu", "nanoseconds"), period: 5_000_000, defaultSampleType: "cpu")
    let mapping = Profile.Mapping(
      start: 0x400000, limit: 0x500000, offset: 0, filename: "engine", buildID: "abcd")
    for number in 0..<4 {
      let frames = (0...number).map { depth in
        ProfileBuilder.Frame(
          address: UInt64(0x400000 + 16 * depth), mapping: mapping,
          lines: [(Profile.Function(name: "f\(depth)", systemName: "$sf", filename: "f.c"), 7)])
      }
      builder.add(
        stack: frames, values: [1, 5_000_000],
        labels: [Profile.Label("op", "search"), Profile.Label("bytes", number: 64, unit: "bytes")])
    }
    builder.addComment("a comment")
    return builder.profile
  }

  // MARK: - Datasets

  private static var datasets: [Seed] {
    get throws {
      var seeds: [Seed] = []
      for format in VectorFileFormat.allCases {
        let path = try Scratch.file("seed.\(format.rawValue)", [])
        var writer = try VectorFileWriter(path, rows: 3, dimensions: 2)
        try writer.append([1, 2, 3, 4, 5, 6])
        try writer.finish()
        seeds.append(("\(format.rawValue)/three", try FileSystem.contents(of: path)))
      }
      var meta = DatasetMeta()
      (meta.name, meta.n, meta.dim, meta.metric) = ("small", 3, 2, "l2")
      try meta.write(to: Scratch.folder)
      seeds.append(
        ("dataset-meta/small", try FileSystem.contents(of: "\(Scratch.folder)/meta.json")))
      return seeds
    }
  }

  // MARK: - Stores

  private static var stores: [Seed] {
    get throws {
      let root = "\(Scratch.folder)/store"
      if FileSystem.exists(root) { try FileSystem.removeTree(root) }
      let store = try VectorStore.create(
        at: root, options: StoreOptions(index: SnapshotBytes.options))
      for row in 0..<6 as Range<UInt64> {
        let vector: [Float] = [Float(row), 1, 2, 3]
        try store.upsert(ids: [VectorID(row)], vectors: vector.span)
      }
      try store.close()
      let log = try FileSystem.contents(of: "\(root)/wal/000001.log")
      let end = (log.lastIndex { $0 != 0 } ?? 0) + 8
      let manifest = try FileSystem.contents(of: "\(root)/MANIFEST")
      return [
        ("log/six", [UInt8]([255]) + [UInt8](repeating: 0, count: 16) + log.prefix(end)),
        ("manifest/small", manifest),
        ("index-snapshot/six", try snapshot()),
        ("snapshot-names/two", [2, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 24)),
      ]
    }
  }

  private static func snapshot() throws -> [UInt8] {
    let index = try GraphIndex(SnapshotBytes.options)
    for row in 0..<6 {
      let vector: [Float] = [Float(row), 1, 2, 3]
      _ = try index.insert(vector.span)
    }
    let path = try Scratch.file("seed.graph", [])
    let file = try File(path, .create)
    try index.writeSnapshot(to: file)
    return try FileSystem.contents(of: path)
  }

  // MARK: - Tables and texts

  private static var tables: [Seed] {
    [
      ("pclntab/go16", goTable), ("heap-recording/small", heap), ("self-samples/one", selfSample),
      ("perf-map/two", Array("1000 20 LazyCompile:f x.js:1\n7fff00001000 0x40 g\n".utf8)),
      (
        "kernel-symbols/three",
        Array("ffffffff81000000 T _stext\nffffffff81000100 t f [m]\n0 A n\n".utf8)
      ),
      (
        "cachegrind/small",
        Array(
          """
          desc: D1 cache:         32768 B, 64 B, 8-way associative
          cmd: a
          events: Ir Dr
          fl=a.c
          fn=main
          1 2 3
          2 4
          fn=f
          7 .  1
          summary: 6 4

          """.utf8)
      ),
      (
        "maps/two",
        Array("00400000-00500000 r-xp 00000000 08:01 42    /bin/x\n7f00-7f10 rw-p 0 0 0\n".utf8)
      ),
      ("linker-names/old", Array("_ZN4core3fmt5write17h0123456789abcdefE".utf8)),
      ("linker-names/new", Array("NvNtCs1_4core3fmt5write".utf8)),
      (
        "linker-names/templates", Array("std::map<int, A<B>>::f(std::vector<int>)::{lambda#1}".utf8)
      ),
    ]
  }

  private static func words(_ values: UInt32...) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) } }
  }

  private static func wide(_ values: UInt64...) -> [UInt8] {
    values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) } }
  }

  /// One function, one file, two lines, in the layout of Go 1.16.
  private static var goTable: [UInt8] {
    words(0xFFFF_FFFA) + [0, 0, 1, 8] + wide(1, 1, 64, 80, 96, 104, 112)
      + Array("\0main.f\0".utf8) + [UInt8](repeating: 0, count: 8) + words(0, 0, 0, 0)
      + Array("a.go\0\0\0\0".utf8) + [0, 4, 16, 4, 16, 0, 0, 0]
      + words(0x1000, 0, 40, 0, 0x1020, 0, 0, 0, 0, 0) + words(0x1000, 0, 1, 0, 0, 0, 1, 1, 0, 0)
  }

  /// One stack, one sample of it, freed.
  private static var heap: [UInt8] {
    var bytes = Array("VBHEAP1\n".utf8) + words(1, 4_096, 10, 9) + wide(1_000) + words(0, 1)
    bytes += wide(1_000_000_000, 5, 4_096, 0, 0, 0, 0, 0, 0)
    bytes += [UInt8](repeating: 0, count: 4_096 - bytes.count)
    bytes += words(2, 32, 1, 0) + wide(0x40_1000, 0x40_2000)
    bytes += words(4, 48) + wide(1, 2_000_000_000, 64) + words(1, 1, 0, 0)
    return bytes + words(5, 32) + wide(1, 3_000_000_000) + words(1, 0)
  }

  private static var selfSample: [UInt8] {
    let room = 64
    return wide(5) + words(7, 16, 3, UInt32(24 + room * 8 + 16))
      + [UInt8](repeating: 1, count: room * 8 + 16)
  }
}
