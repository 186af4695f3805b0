import Pprof

/// What lay where in each process, as the recording tells it, up to the record that is read.
struct ProcessMaps {
  struct Region {
    var start: UInt64
    var end: UInt64
    var fileOffset: UInt64
    let file: Int32
  }

  struct File: Hashable {
    let path: String
    let buildID: String
  }

  /// The kernel's own maps belong to this process.
  static let kernel: Int32 = -1
  /// As many as Linux lets a process have.
  private static let regionLimit = 65_536
  private static let moveLimit = 500_000_000

  private var spaces: [Int32: [Region]] = [:]
  private(set) var files: [File] = []
  private var fileNumbers: [File: Int32] = [:]
  /// Regions that had to make room: a stranger's file must not keep us busy with that.
  private var moves = 0

  mutating func map(
    _ region: (start: UInt64, length: UInt64, fileOffset: UInt64), _ file: File, in process: Int32,
    _ budget: inout Budget, at offset: Int
  ) throws(ForeignError) {
    let (end, overflow) = region.start.addingReportingOverflow(region.length)
    if overflow || region.length == 0 { return }
    let place = ForeignError.Place.field("mapping", offset: offset)
    try budget.keep(nameBytes: file.path.utf8.count, at: place)
    let number = number(of: file)
    var regions = spaces.removeValue(forKey: process) ?? []
    let first = Self.firstEnding(after: region.start, regions)
    let last = Self.firstStarting(at: end, regions)
    var pieces: [Region] = []
    if first < last {
      // What the new one covers is gone; what sticks out of it on either side stays.
      if regions[first].start < region.start {
        var left = regions[first]
        left.end = region.start
        pieces.append(left)
      }
      pieces.append(
        Region(start: region.start, end: end, fileOffset: region.fileOffset, file: number))
      if regions[last - 1].end > end {
        var right = regions[last - 1]
        right.fileOffset &+= end - right.start
        right.start = end
        pieces.append(right)
      }
    } else {
      pieces.append(
        Region(start: region.start, end: end, fileOffset: region.fileOffset, file: number))
    }
    moves += regions.count - min(first, regions.count)
    regions.replaceSubrange(first..<max(first, last), with: pieces)
    guard regions.count <= Self.regionLimit, moves <= Self.moveLimit else {
      throw .beyondLimit(
        .perfData, "mappings of one process", place, limit: Self.regionLimit, flag: nil)
    }
    spaces[process] = regions
  }

  /// A new process begins with what its parent has.
  mutating func fork(
    _ child: Int32, from parent: Int32, _ budget: inout Budget, at offset: Int
  ) throws(ForeignError) {
    guard let regions = spaces[parent] else { return }
    try budget.spend(regions.count * 32, at: .field("fork", offset: offset))
    spaces[child] = regions
  }

  /// A process that runs another program begins with nothing.
  mutating func execute(_ process: Int32) { spaces[process] = nil }

  func region(_ address: UInt64, in process: Int32) -> Region? {
    guard let regions = spaces[process] else { return nil }
    let index = Self.firstEnding(after: address, regions)
    return index < regions.count && regions[index].start <= address ? regions[index] : nil
  }

  private mutating func number(of file: File) -> Int32 {
    if let known = fileNumbers[file] { return known }
    files.append(file)
    fileNumbers[file] = Int32(files.count - 1)
    return Int32(files.count - 1)
  }

  private static func firstEnding(after address: UInt64, _ regions: [Region]) -> Int {
    var (low, high) = (0, regions.count)
    while low < high {
      let middle = (low + high) / 2
      if regions[middle].end <= address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func firstStarting(at address: UInt64, _ regions: [Region]) -> Int {
    var (low, high) = (0, regions.count)
    while low < high {
      let middle = (low + high) / 2
      if regions[middle].start < address { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
