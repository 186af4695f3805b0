import Glibc

/// A long range of addresses whose front can be put to use step by step, without ever moving.
///
/// Reserved pages cost nothing and cannot be touched; `commit` opens more of them, filled with
/// zeros. So whoever holds a pointer into the front keeps it while the rest grows.
///
/// Invariant: `base` starts `reserved` bytes of mapping for as long as the value lives.
@safe package struct ReservedMemory: ~Copyable, @unchecked Sendable {
  package let base: UnsafeMutableRawPointer
  package let reserved: Int

  /// Reserves that many bytes, page-aligned.
  package init(bytes: Int) throws(SystemError) {
    // SAFETY: a fresh private mapping of nothing; the result is checked before use.
    let address = unsafe mmap(
      nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard unsafe address != MAP_FAILED, let address = unsafe address else {
      throw SystemError("reserve", "\(bytes) bytes of addresses")
    }
    unsafe base = address
    reserved = bytes
  }

  deinit {
    // SAFETY: unmaps exactly what init mapped.
    unsafe _ = munmap(base, reserved)
  }

  /// Makes the first `bytes` bytes readable and writable; those that were keep what they hold.
  package func commit(_ bytes: Int) throws(SystemError) {
    let length = min((bytes + 4_095) & ~4_095, reserved)
    // SAFETY: the range lies inside the mapping.
    _ = try retrying("commit", "\(length) bytes of memory") {
      unsafe mprotect(base, length, PROT_READ | PROT_WRITE)
    }
  }
}
