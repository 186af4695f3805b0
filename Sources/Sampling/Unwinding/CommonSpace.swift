/// One memory for all processes that are watched: each stretch of a file has one place in it, the
/// one where it was first seen.
///
/// Every process has its libraries somewhere else, and a shell script starts thousands of processes.
/// Moved to the common place, equal stacks are equal again, and each name is looked up once. The
/// first process keeps its own addresses.
struct CommonSpace {
  private struct Stretch: Hashable {
    let path: String
    let fileOffset: UInt64
    let length: UInt64
    /// Code and data may come from the same page of a file.
    let isExecutable: Bool
    let isWritable: Bool
    /// What is in no file belongs to one process and lies where it lies.
    let owner: Int32
    let start: UInt64
  }

  private(set) var memory = AddressSpace()
  private var places: [Stretch: UInt64] = [:]
  /// Where no process has anything: beyond what a processor can address.
  private var free: UInt64 = 0x7000_0000_0000_0000

  /// How far a stretch of a process's memory must be moved.
  mutating func shift(of region: MappedRegion, in pid: Int32) -> UInt64 {
    let isFile = region.path.hasPrefix("/") || region.path == VdsoImage.name
    let stretch = Stretch(
      path: region.path, fileOffset: region.fileOffset, length: region.end - region.start,
      isExecutable: region.isExecutable, isWritable: region.isWritable,
      owner: isFile ? 0 : pid, start: isFile ? 0 : region.start)
    if let place = places[stretch] { return place &- region.start }
    var moved = region
    if memory.overlaps(region) {
      moved.start = free
      moved.end = free + stretch.length
      free += (stretch.length + 0xffff) & ~0xfff
    }
    _ = memory.add(moved)
    places[stretch] = moved.start
    return moved.start &- region.start
  }
}

/// The memory of one process, and the way from it to the common one.
struct ProcessMemory {
  private(set) var own = AddressSpace()
  private var shifts: [UInt64] = []
  private var isCurrent = false
  private var isMoved = false

  init(_ own: AddressSpace = AddressSpace()) { self.own = own }

  mutating func add(_ region: MappedRegion) -> AddressSpace.Change {
    isCurrent = false
    return own.add(region)
  }

  /// The same addresses in the common memory.
  mutating func common(
    _ addresses: [UInt64], of pid: Int32, in space: inout CommonSpace
  ) -> [UInt64] {
    if !isCurrent {
      shifts = own.regions.map { space.shift(of: $0, in: pid) }
      isMoved = zip(own.regions, shifts).contains { $0.isExecutable && $1 != 0 }
      isCurrent = true
    }
    guard isMoved else { return addresses }
    return addresses.map { address in
      own.index(containing: address).map { address &+ shifts[$0] } ?? address
    }
  }
}
