import Glibc

/// What the kernel keeps of a file in memory, and how to make it let go.
///
/// Neither takes a privilege: everybody may ask about a file that he may write, and everybody may
/// say that he will not need its pages again. The kernel is free not to listen, so whoever drops
/// asks afterwards what is left.
package enum PageCache {
  /// Pages of a file, and those of them that are in memory.
  package struct Residence: Codable, Sendable, Equatable {
    package var pages = 0
    package var resident = 0

    package init() {}

    package static func += (left: inout Residence, right: Residence) {
      left.pages += right.pages
      left.resident += right.resident
    }
  }

  /// Asks without touching a page.
  package static func residence(of path: String) throws(SystemError) -> Residence {
    let file = try File(path, .read)
    let size = try file.size()
    var residence = Residence()
    guard size > 0 else { return residence }
    let pageSize = sysconf(Int32(_SC_PAGESIZE))
    residence.pages = (size + pageSize - 1) / pageSize
    // SAFETY: a fresh mapping of `size` bytes, never read, unmapped below before it is forgotten.
    let address = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, file.descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw SystemError("map", path)
    }
    defer { unsafe _ = munmap(address, size) }
    var found = [UInt8](repeating: 0, count: residence.pages)
    // SAFETY: the kernel writes one byte for each page of the mapping, as many as the array has.
    _ = try retrying("ask for cached pages of", path) { unsafe mincore(address, size, &found) }
    residence.resident = found.reduce(0) { $0 + Int($1 & 1) }
    return residence
  }

  /// Writes out what is not on the disk yet, and gives up all pages.
  package static func drop(_ path: String) throws(SystemError) {
    let file = try File(path, .read)
    try file.synchronizeData()
    // It answers with an error number instead of setting it.
    let code = posix_fadvise(file.descriptor, 0, 0, Int32(POSIX_FADV_DONTNEED))
    if code != 0 { throw SystemError("drop cached pages of", path, code: code) }
  }
}
