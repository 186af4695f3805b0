import Basics

/// What unwinding needs of an ELF file: where its parts are loaded, and its table of rules.
///
/// Symbols are none of it, so a file of a hundred megabytes is ready in microseconds, while samples
/// wait in a ring. Headers are whatever the file says, so every sum of two of its numbers may
/// overflow and must not trap.
final class UnwindImage: Sendable {
  struct Segment: Sendable {
    let address: UInt64
    let offset: UInt64
    let size: UInt64
  }

  let segments: [Segment]
  /// The address of .eh_frame_hdr, without the bias; nil when it has no table to search.
  let header: UInt64?
  let entries: UInt64
  private let contents: ElfBytes

  /// Nil when it is not an ELF file of 64 bits.
  init?(_ contents: ElfBytes) {
    // Magic, then class 64 and little-endian.
    guard contents.integer(at: 0, bytes: 6) == 0x0102_464c_457f,
      let table = contents.integer(at: 32, bytes: 8),
      let entrySize = contents.integer(at: 54, bytes: 2), entrySize >= 56,
      let count = contents.integer(at: 56, bytes: 2), count < 1_024
    else { return nil }
    self.contents = contents
    var segments: [Segment] = []
    var rules: (address: UInt64, offset: UInt64)?
    for index in 0..<count {
      let start = table &+ index &* entrySize
      guard let type = contents.integer(at: start, bytes: 4),
        let offset = contents.integer(at: start &+ 8, bytes: 8),
        let address = contents.integer(at: start &+ 16, bytes: 8),
        let size = contents.integer(at: start &+ 32, bytes: 8)
      else { return nil }
      if type == 1 { segments.append(Segment(address: address, offset: offset, size: size)) }
      if type == 0x6474_e550 { rules = (address, offset) }
    }
    self.segments = segments
    // Version 1, pointer relative, count unsigned, table relative to the header.
    guard let rules, contents.integer(at: rules.offset, bytes: 4) == 0x3B03_1B01,
      let entries = contents.integer(at: rules.offset &+ 8, bytes: 4)
    else {
      (header, entries) = (nil, 0)
      return
    }
    (header, self.entries) = (rules.address, entries)
  }

  /// Where the file's own address lies for a place in a mapping of it.
  ///
  /// Through the offset in the file, never from the start of the mapping: linkers place a segment
  /// at an address that differs from its offset.
  func address(of place: UInt64, in region: MappedRegion) -> UInt64? {
    let offset = place &- region.start &+ region.fileOffset
    return segments.first { offset >= $0.offset && offset - $0.offset < max($0.size, 1) }
      .map { offset &- $0.offset &+ $0.address }
  }

  /// Eight bytes of the file as they are loaded at one of its own addresses.
  func word(at address: UInt64) -> UInt64? {
    for segment in segments
    where address >= segment.address && segment.size >= 8
      && address - segment.address <= segment.size - 8
    {
      return contents.integer(at: address - segment.address &+ segment.offset, bytes: 8)
    }
    return nil
  }
}
