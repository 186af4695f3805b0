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
    return dose.mixed { Dose.times(100) { unsafe copy(source, target) } }
  }

  @inline(never)
  private static func copy(_ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer) {
    // SAFETY: both are `block` bytes long.
    unsafe memcpy(target, source, block)
  }

  private static func clearing(_ dose: Dose) -> [String: UInt64] {
    let target = UnsafeMutableRawPointer.allocate(byteCount: block, alignment: 64)
    return dose.mixed { Dose.times(100) { unsafe clear(target) } }
  }

  @inline(never)
  private static func clear(_ target: UnsafeMutableRawPointer) {
    // SAFETY: it is `block` bytes long.
    unsafe memset(target, 0, block)
  }

  /// Sizes beyond the allocator's quick lists, freed in another order than they were taken.
  private static func allocating(_ dose: Dose) -> [String: UInt64] {
    dose.mixed {
      Dose.times(500) {
        // SAFETY: each is freed once, and never used.
        let first = unsafe take(1_500)
        let second = unsafe take(2_500)
        let third = unsafe take(4_000)
        unsafe free(second)
        unsafe free(first)
        unsafe free(third)
      }
    }
  }

  @inline(never)
  private static func take(_ bytes: Int) -> UnsafeMutableRawPointer? { unsafe malloc(bytes) }

  private static func readingClock(_ dose: Dose) -> [String: UInt64] {
    var time = timespec()
    return dose.mixed {
      Dose.times(5_000) {
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
      Dose.times(50) { _ = unsafe read(zeros, target, block) }
    }
  }

  private static let pages = 256

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
      // SAFETY: page < pages, so the byte lies in the mapping.
      unsafe region.storeBytes(of: 1, toByteOffset: page * 4_096, as: UInt8.self)
      page &+= 1
    }
  }
}
