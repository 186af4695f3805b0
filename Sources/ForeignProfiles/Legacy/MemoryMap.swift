import Pprof

/// The list of mapped files at the end of a profile, in the form of /proc/self/maps.
///
///     MAPPED_LIBRARIES:
///     build=/usr/bin/program                         a word to be put in for $build
///     55c861cf2000-55c861cf3000 r-xp 00001000 fe:00 16294426  /usr/bin/program
///
/// Only code matters here; pieces of one file that touch are joined, as pprof does.
struct MemoryMap {
  private(set) var mappings: [Profile.Mapping] = []
  /// Positions in `mappings`, ordered by their start.
  private var order: [Int] = []

  static func isTitle(_ line: Range<Int>, _ bytes: [UInt8]) -> Bool {
    bytes.find("MAPPED_LIBRARIES:", in: line) != nil
      || bytes.find("--- Memory map: ---", in: line) != nil
  }

  /// Reads all lines that are left; those that are no mapping are passed over.
  init(_ lines: inout TextLines, _ budget: inout Budget) throws(ForeignError) {
    let bytes = lines.bytes
    var replacements: [(name: String, value: String)] = []
    while let line = lines.next() {
      if let mapping = Self.mapping(bytes.trimmed(line), bytes, replacements) {
        try budget.keep(nameBytes: mapping.filename.utf8.count, at: lines.place)
        add(mapping)
      } else if let equals = bytes[line].firstIndex(of: UInt8(ascii: "=")), replacements.count < 16
      {
        let name = bytes.text(bytes.trimmed(line.lowerBound..<equals))
        replacements.append(("$\(name)", bytes.text(bytes.trimmed(equals + 1..<line.upperBound))))
      }
    }
    finish()
  }

  /// No list at all.
  init() {}

  private mutating func add(_ mapping: Profile.Mapping) {
    if let last = mappings.last, last.limit == mapping.start, last.filename == mapping.filename,
      last.offset &+ (last.limit - last.start) == mapping.offset
    {
      mappings[mappings.count - 1].limit = mapping.limit
    } else {
      mappings.append(mapping)
    }
  }

  /// Readers take the first mapping for the program.
  private mutating func finish() {
    if let program = mappings.firstIndex(where: \.looksLikeProgram), program != 0 {
      mappings.swapAt(0, program)
    }
    order = mappings.indices.sorted { mappings[$0].start < mappings[$1].start }
  }

  func mapping(at address: UInt64) -> Profile.Mapping? {
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if mappings[order[middle]].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, address < mappings[order[low - 1]].limit else { return nil }
    return mappings[order[low - 1]]
  }

  private static func mapping(
    _ line: Range<Int>, _ bytes: [UInt8], _ replacements: [(name: String, value: String)]
  ) -> Profile.Mapping? {
    let words = bytes.words(line, limit: 5)
    guard words.count == 5, let dash = bytes[words[0]].firstIndex(of: UInt8(ascii: "-")),
      let start = bytes.hex(words[0].lowerBound..<dash),
      let limit = bytes.hex(dash + 1..<words[0].upperBound), start < limit,
      bytes[words[1]].contains(UInt8(ascii: "x")), let offset = bytes.hex(words[2])
    else { return nil }
    var name = bytes.text(bytes.trimmed(words[4].upperBound..<line.upperBound))
    for replacement in replacements where name.hasPrefix(replacement.name) {
      name = replacement.value + name.dropFirst(replacement.name.count)
    }
    return Profile.Mapping(
      start: start, limit: limit, offset: offset, filename: name, buildID: "",
      hasFunctions: false)
  }
}
