import Basics

/// The caches of the first processor, as the kernel tells them.
///
/// cachegrind looks for itself, in a way that newer processors of AMD answer wrongly: it took an
/// L3 of 32 MiB with 16 ways for one of 256 MiB with a single way. So it is told. It knows two
/// levels: the first, and the last, which stands for all behind it.
struct CacheGeometry {
  struct Cache: Equatable {
    let flag: String
    let bytes: Int
    let ways: Int
    let lineBytes: Int

    /// cachegrind simulates sets that are a power of two, of lines that are one, too.
    var canBeSimulated: Bool {
      guard ways > 0, lineBytes >= 16, Self.isPowerOfTwo(lineBytes), bytes % (ways * lineBytes) == 0
      else { return false }
      return Self.isPowerOfTwo(bytes / (ways * lineBytes))
    }

    private static func isPowerOfTwo(_ value: Int) -> Bool { value > 0 && value & (value - 1) == 0 }
  }

  /// Those that cachegrind is told; of the others it thinks what it finds.
  let told: [Cache]

  static let folder = "/sys/devices/system/cpu/cpu0/cache"

  init(folder: String = CacheGeometry.folder) {
    let names = ((try? FileSystem.list(folder)) ?? []).filter { $0.hasPrefix("index") }
    let found = names.compactMap { Entry("\(folder)/\($0)") }
    let last = found.filter { $0.kind != "Instruction" && $0.level > 1 }.max { $0.level < $1.level }
    let first = found.filter { $0.level == 1 }
    let wanted: [(flag: String, Entry?)] = [
      ("I1", first.first { $0.kind != "Data" }), ("D1", first.first { $0.kind != "Instruction" }),
      ("LL", last),
    ]
    told = wanted.compactMap { flag, entry in
      entry.map {
        Cache(flag: flag, bytes: $0.bytes, ways: $0.ways, lineBytes: $0.lineBytes)
      }
    }.filter(\.canBeSimulated)
  }

  /// `--D1=32768,8,64` and so on.
  var words: [String] { told.map { "--\($0.flag)=\($0.bytes),\($0.ways),\($0.lineBytes)" } }

  /// Where the geometry comes from, for a reader.
  var note: String {
    let names = ["I1", "D1", "LL"].filter { name in !told.contains { $0.flag == name } }
    if names.isEmpty { return "The caches are those that the kernel tells of this processor." }
    return "The kernel tells nothing of \(names.joined(separator: ", ")) that can be simulated, so "
      + "there stands what cachegrind found by itself."
  }

  /// One cache of sysfs.
  private struct Entry {
    let level: Int
    let kind: String
    let bytes: Int
    let ways: Int
    let lineBytes: Int

    init?(_ folder: String) {
      func text(_ name: String) -> String? {
        (try? FileSystem.text(of: "\(folder)/\(name)"))?.split { $0.isWhitespace }.first
          .map(String.init)
      }
      func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
      guard let level = number("level"), let kind = text("type"),
        let bytes = text("size").flatMap(Self.bytes), let ways = number("ways_of_associativity"),
        let line = number("coherency_line_size")
      else { return nil }
      (self.level, self.kind, self.bytes, self.ways) = (level, kind, bytes, ways)
      lineBytes = line
    }

    /// `32K`, `32768K` or `1M`.
    private static func bytes(_ text: String) -> Int? {
      let unit = ["K": 1 << 10, "M": 1 << 20][text.suffix(1)] ?? 1
      guard let value = Int(unit == 1 ? text[...] : text.dropLast()), value < 1 << 40 else {
        return nil
      }
      return value * unit
    }
  }
}
