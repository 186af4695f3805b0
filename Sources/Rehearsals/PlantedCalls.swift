import Glibc

/// Faults that are calls into the C library and the kernel.
enum PlantedCalls {
  static func work(_ name: String, _ dose: Dose) -> [String: UInt64]? {
    switch name {
    case "none": dose.mixed {}
    case "copy": copying(dose)
    case "clear": clearing(dose)
    case "malloc": allocating(dose)
    case "clock": readingClock(dose)
    case "read": reading(dose)
    case "pages": faulting(dose)
    case "madvise": givingBack(dose)
    default: nil
    }
  }

  private static let block = 1 << 16

  private static func copying(_ dose: Dose) -> [String: UInt64] {
    let source = UnsafeMutableRawPointer.allocate(byteCount: block, alignment: 64)
    let target = UnsafeMutableRawPointer.allocate(byteCount: block, alignment: 64)
    // SAFETY: both blocks are that long, and live until the process ends.
    unsafe memset(source, 1, block)
    return dose.mixed { Dose.times(10) { unsafe copy(source, target) } }
  }

  @inline(never)
  private static func copy(_ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer) {
    // SAFETY: both are `block` bytes long.
    unsafe memcpy(target, source, block)
  }

  private static func clearing(_ dose: Dose) -> [String: UInt64] {
    let target = UnsafeMutableRawPointer.allocate(byteCount: block, alignment: 64)
    return dose.mixed { Dose.times(10) { unsafe clear(target) } }
  }

  @inline(never)
  private static func clear(_ target: UnsafeMutableRawPointer) {
    // SAFETY: it is `block` bytes long.
    unsafe memset(target, 0, block)
  }

  private static let blocks = 32

  /// Takes sizes beyond the allocator's quick lists and frees them in another order.
  ///
  /// So it has to split and to join, and the loop around the calls is next to nothing beside them.
  /// All together are less than what the allocator gives back to the kernel.
  private static func allocating(_ dose: Dose) -> [String: UInt64] {
    let slots = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: blocks)
    // SAFETY: as many places as are initialized, and they live until the process ends.
    unsafe slots.initialize(repeating: nil, count: blocks)
    return dose.mixed { Dose.times(40) { unsafe fill(slots) } }
  }

  @inline(never)
  private static func fill(_ slots: UnsafeMutablePointer<UnsafeMutableRawPointer?>) {
    var slot = 0
    while slot < blocks {
      // SAFETY: slot < blocks.
      unsafe slots[slot] = malloc(1_100 &+ (slot &* 1_237) & 1_023)
      slot &+= 1
    }
    slot = 0
    while slot < blocks {
      // SAFETY: 37 is odd and the number of blocks a power of two, so each is met and freed once.
      unsafe free(slots[(slot &* 37) & (blocks &- 1)])
      slot &+= 1
    }
  }

  private static func readingClock(_ dose: Dose) -> [String: UInt64] {
    var time = timespec()
    return dose.mixed {
      Dose.times(500) {
        // SAFETY: the kernel writes one timespec, a local.
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
      }
    }
  }

  /// Large reads of zeros: the kernel's time, and hardly any of the caller's.
  private static func reading(_ dose: Dose) -> [String: UInt64] {
    // SAFETY: the path is alive during the call, which reads it.
    let zeros = unsafe open("/dev/zero", O_RDONLY)
    let target = UnsafeMutableRawPointer.allocate(byteCount: block, alignment: 64)
    return dose.mixed {
      // SAFETY: the buffer is `block` bytes long.
      Dose.times(10) { _ = unsafe read(zeros, target, block) }
    }
  }

  private static let pages = 32

  /// Memory that is mapped, touched and dropped again.
  private static func faulting(_ dose: Dose) -> [String: UInt64] {
    dose.mixed {
      guard let region = unsafe mapped() else { return }
      unsafe touch(region)
      // SAFETY: mapped above with that length, and not used any more.
      unsafe munmap(region, pages * 4_096)
    }
  }

  /// Memory that is kept, but whose pages are given back.
  private static func givingBack(_ dose: Dose) -> [String: UInt64] {
    guard let region = unsafe mapped() else { return [:] }
    return dose.mixed {
      unsafe touch(region)
      // SAFETY: mapped with that length.
      _ = unsafe madvise(region, pages * 4_096, Int32(MADV_DONTNEED))
    }
  }

  private static func mapped() -> UnsafeMutableRawPointer? {
    // SAFETY: a fresh private mapping; the result is checked before use.
    let region = unsafe mmap(
      nil, pages * 4_096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard unsafe region != MAP_FAILED, let region = unsafe region else { return nil }
    // SAFETY: as mapped. One fault for each page, and not one for all of them.
    _ = unsafe madvise(region, pages * 4_096, Int32(MADV_NOHUGEPAGE))
    return unsafe region
  }

  @inline(never)
  private static func touch(_ region: UnsafeMutableRawPointer) {
    var page = 0
    while page < pages {
      // SAFETY: page < pages, so the byte lies in the mapping. A subscript, because a debug build
      // stores bytes by way of memcpy.
      unsafe region.assumingMemoryBound(to: UInt8.self)[page * 4_096] = 1
      page &+= 1
    }
  }
}
