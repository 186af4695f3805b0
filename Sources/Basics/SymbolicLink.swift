import Glibc

/// Symbolic links: made, replaced in one step, and read.
package enum SymbolicLink {
  /// Makes `path` point to `target`; whoever looks sees the old link or the new one, never none.
  package static func replace(_ path: String, target: String) throws(SystemError) {
    let aside = "\(path).\(getpid()).tmp"
    try FileSystem.remove(aside)
    _ = try retrying("make link", path) { unsafe symlink(target, aside) }
    do throws(SystemError) {
      try FileSystem.rename(aside, to: path)
    } catch {
      try? FileSystem.remove(aside)
      throw error
    }
  }

  /// Where the link points, or nil when it is none.
  package static func target(of path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    // SAFETY: readlink writes at most the array's own bytes, and no terminator.
    let count = unsafe readlink(path, &bytes, bytes.count)
    if count < 0 { return nil }
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
