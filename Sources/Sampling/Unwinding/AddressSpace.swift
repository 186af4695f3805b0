package import Basics

/// A stretch of a process's memory that comes from a file.
package struct MappedRegion: Sendable, Hashable {
  package let start: UInt64
  package let end: UInt64
  package let fileOffset: UInt64
  package let path: String
  package let isExecutable: Bool
  package var isWritable = false
}

/// What lies where in a process, as /proc says it.
package struct AddressSpace: Sendable {
  package let regions: [MappedRegion]

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
