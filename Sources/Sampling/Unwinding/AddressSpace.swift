package import Basics

/// A stretch of a process's memory that comes from a file.
package struct MappedRegion: Sendable, Hashable {
  package var start: UInt64
  package var end: UInt64
  package var fileOffset: UInt64
  package let path: String
  package let isExecutable: Bool
  package var isWritable = false
}

/// What lies where in a process: as /proc says it, and as the kernel tells of each new mapping.
package struct AddressSpace: Sendable {
  package private(set) var regions: [MappedRegion]

  package init() { regions = [] }

  package init(pid: Int32) throws(SystemError) {
    self.init(maps: try FileSystem.text(of: "/proc/\(pid)/maps"))
  }

  /// From the text of a maps file: `start-end rwxp offset dev inode path`.
  package init(maps: String) {
    regions = maps.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      let range = fields.first?.split(separator: "-") ?? []
      guard fields.count >= 5, range.count == 2, let start = UInt64(range[0], radix: 16),
        let end = UInt64(range[1], radix: 16), let offset = UInt64(fields[2], radix: 16),
        start < end
      else { return nil }
      let path = fields.count > 5 ? String(fields[5].drop { $0 == " " }) : ""
      return MappedRegion(
        start: start, end: end, fileOffset: offset, path: path,
        isExecutable: fields[1].contains("x"), isWritable: fields[1].hasPrefix("rw"))
    }.sorted { $0.start < $1.start }
  }

  /// Whether a mapping says something new, and whether something else was there.
  enum Change { case known, added, replaced }

  /// Adds a mapping; what it covers was unmapped before, whether or not anybody said so.
  mutating func add(_ region: MappedRegion) -> Change {
    guard region.start < region.end else { return .known }
    if let place = index(containing: region.start), regions[place].covers(region) {
      return .known
    }
    let covered = regions.filter { $0.start < region.end && region.start < $0.end }
    regions.removeAll { $0.start < region.end && region.start < $0.end }
    for old in covered { regions += old.parts(outside: region) }
    regions.append(region)
    regions.sort { $0.start < $1.start }
    // A stretch of the same file in the same place, cut differently, replaces nothing.
    return covered.allSatisfy { $0.isSamePlacement(as: region) } ? .added : .replaced
  }

  func overlaps(_ region: MappedRegion) -> Bool {
    var (low, high) = (0, regions.count)
    while low < high {
      let middle = (low + high) / 2
      if regions[middle].end <= region.start { low = middle + 1 } else { high = middle }
    }
    return low < regions.count && regions[low].start < region.end
  }

  package func region(containing address: UInt64) -> MappedRegion? {
    index(containing: address).map { regions[$0] }
  }

  /// The position of the region, for those who keep something beside each.
  func index(containing address: UInt64) -> Int? {
    var (low, high) = (0, regions.count)
    while low < high {
      let middle = (low + high) / 2
      if regions[middle].end <= address { low = middle + 1 } else { high = middle }
    }
    return low < regions.count && regions[low].start <= address ? low : nil
  }
}

extension MappedRegion {
  fileprivate func covers(_ other: MappedRegion) -> Bool {
    start <= other.start && other.end <= end && isSamePlacement(as: other)
      && isExecutable == other.isExecutable
  }

  /// The same file, shifted by the same distance.
  fileprivate func isSamePlacement(as other: MappedRegion) -> Bool {
    path == other.path && start &- fileOffset == other.start &- other.fileOffset
  }

  fileprivate func parts(outside hole: MappedRegion) -> [MappedRegion] {
    var parts: [MappedRegion] = []
    if start < hole.start {
      var left = self
      left.end = hole.start
      parts.append(left)
    }
    if hole.end < end {
      var right = self
      right.start = hole.end
      right.fileOffset &+= hole.end - start
      parts.append(right)
    }
    return parts
  }
}
