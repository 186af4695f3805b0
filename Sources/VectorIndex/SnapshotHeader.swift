import Basics
import Vocabulary

/// The first 256 bytes of an index snapshot.
///
/// ```
/// 0    "VBINDEX1"
/// 8    dimensions u64 | metric u64 | m u64 | efConstruction u64 | seed u64
/// 48   slots u64 | live u64 | entry u64 | upper words u64
/// 80   one checksum u64 for each block: states, ground links, upper links, vectors
/// 112  zeros
/// 248  checksum u64 of the 248 bytes before
/// 256  states         1 byte a slot: 0 free, 1 live
///      ground links   2m words a slot, at the next multiple of 64
///      upper links    m words for each layer of each slot, at the next multiple of 64
///      vectors        a slot's floats, zeros up to the next multiple of 16, at a multiple of 64
/// ```
///
/// All little-endian. Levels and where upper links begin follow from the seed, so they are not
/// stored. The size of the file follows from the header and is checked before memory is asked for.
struct SnapshotHeader {
  static let size = 256
  static let magic = Array("VBINDEX1".utf8)
  static let metrics: [Metric] = [.cosine, .l2, .innerProduct]

  var options: IndexOptions
  var slots: Int
  var live: Int
  var entry: UInt32
  var upperWords: Int
  var checksums: [UInt64] = []

  var blockSizes: [Int] {
    let stride = (options.dimensions + 15) & ~15
    return [slots, slots * options.m * 8, upperWords * 4, slots * stride * 4]
  }

  var blockOffsets: [Int] {
    var offset = Self.size
    return blockSizes.map { size in
      defer { offset = (offset + size + 63) & ~63 }
      return offset
    }
  }

  var fileSize: Int { (blockOffsets[3] + blockSizes[3] + 63) & ~63 }

  func encode() -> [UInt8] {
    let metric = Self.metrics.firstIndex(of: options.metric) ?? 0
    let words: [UInt64] =
      [
        UInt64(options.dimensions), UInt64(metric), UInt64(options.m),
        UInt64(options.efConstruction), options.seed, UInt64(slots), UInt64(live), UInt64(entry),
        UInt64(upperWords),
      ] + checksums
    var bytes = Self.magic
    for word in words { withBytes(of: word) { bytes.append($0) } }
    bytes += [UInt8](repeating: 0, count: Self.size - 8 - bytes.count)
    withBytes(of: SnapshotBlock.checksum(bytes)) { bytes.append($0) }
    return bytes
  }

  private func withBytes(of word: UInt64, _ body: (UInt8) -> Void) {
    for shift in 0..<8 { body(UInt8(truncatingIfNeeded: word >> (8 * UInt64(shift)))) }
  }

  /// Reads a header and holds it against the options that the reader wants.
  init(_ bytes: [UInt8], path: String, wanted: IndexOptions) throws(IndexError) {
    guard bytes.count == Self.size, Array(bytes[..<8]) == Self.magic else {
      throw .snapshotDamaged(path: path, offset: 0, reason: "it does not begin like one")
    }
    var words: [UInt64] = []
    do throws(ByteReader.OutOfBytes) {
      var reader = ByteReader(bytes, from: 8)
      while !reader.isAtEnd { words.append(try reader.integer()) }
    } catch {
      throw .snapshotDamaged(path: path, offset: error.offset, reason: "its header is cut short")
    }
    guard words.count == 31, words[30] == SnapshotBlock.checksum(Array(bytes[..<248])) else {
      throw .snapshotDamaged(path: path, offset: 248, reason: "its header fails its checksum")
    }
    options = wanted
    (slots, live, entry, upperWords) = (0, 0, SlotArena.noLink, 0)
    checksums = Array(words[9..<13])
    try match(words, path)
    try readCounts(words, path)
  }

  init(options: IndexOptions, slots: Int, live: Int, entry: UInt32, upperWords: Int) {
    self.options = options
    (self.slots, self.live, self.entry, self.upperWords) = (slots, live, entry, upperWords)
  }

  private func match(_ words: [UInt64], _ path: String) throws(IndexError) {
    let metric =
      Self.metrics.indices.contains(Int(clamping: words[1]))
      ? Self.metrics[Int(words[1])].rawValue : "unknown"
    let fields = [
      ("dimensions", "\(options.dimensions)", "\(words[0])"),
      ("metric", options.metric.rawValue, metric), ("m", "\(options.m)", "\(words[2])"),
      ("efConstruction", "\(options.efConstruction)", "\(words[3])"),
      ("seed", "\(options.seed)", "\(words[4])"),
    ]
    for (field, expected, found) in fields where expected != found {
      throw .snapshotMismatch(path: path, field: field, expected: expected, found: found)
    }
  }

  private mutating func readCounts(_ words: [UInt64], _ path: String) throws(IndexError) {
    let slotMax: UInt64 = 1 << 31
    guard words[5] <= slotMax, words[6] <= words[5], words[7] <= UInt64(UInt32.max),
      words[8] <= words[5] * UInt64(SlotArena.levelMax * options.m)
    else { throw .snapshotDamaged(path: path, offset: 48, reason: "its counts cannot be") }
    (slots, live, upperWords) = (Int(words[5]), Int(words[6]), Int(words[8]))
    entry = UInt32(truncatingIfNeeded: words[7])
  }
}
