import Glibc

/// Memory that is touched for the first time.
enum Touching {
  /// Touches so many pages, and says how many faults the kernel's books have for that.
  static func pages(_ count: Int) -> [String: UInt64] {
    let size = Int(sysconf(Int32(_SC_PAGESIZE)))
    // SAFETY: a fresh private mapping of that many pages; the result is checked before use.
    let address = unsafe mmap(
      nil, count * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard unsafe address != MAP_FAILED, let address = unsafe address else { return [:] }
    // SAFETY: as mapped. One fault for each page, and not one for five hundred.
    _ = unsafe madvise(address, count * size, Int32(MADV_NOHUGEPAGE))
    let before = faults()
    for page in 0..<count {
      // SAFETY: page < count, so the byte lies in the mapping.
      unsafe address.storeBytes(of: 1, toByteOffset: page * size, as: UInt8.self)
    }
    return ["faults": faults() - before, "touched": UInt64(count)]
  }

  private static func faults() -> UInt64 {
    var usage = rusage()
    // SAFETY: the kernel fills one rusage, which is a local.
    _ = unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return UInt64(usage.ru_minflt) + UInt64(usage.ru_majflt)
  }
}
