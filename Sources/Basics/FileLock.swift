import Glibc

/// A file whose lock says "somebody has this folder open"; the kernel drops it when we die.
///
/// The file holds the process number of its holder, for people. It is the lock that counts, so a
/// number left behind by a killed process does no harm.
package struct FileLock: ~Copyable, Sendable {
  private let file: File

  /// Takes the lock; nil when another open of the same file holds it.
  package static func take(_ path: String) throws(SystemError) -> FileLock? {
    let file = try File(path, .readWrite)
    do throws(SystemError) {
      _ = try retrying("lock", path) { flock(file.descriptor, LOCK_EX | LOCK_NB) }
    } catch {
      if error.code == EWOULDBLOCK { return nil }
      throw error
    }
    return try signed(file)
  }

  /// Takes the lock, and waits for whoever holds it; for files that are held for a moment only.
  package static func wait(for path: String) throws(SystemError) -> FileLock {
    let file = try File(path, .readWrite)
    _ = try retrying("lock", path) { flock(file.descriptor, LOCK_EX) }
    return try signed(file)
  }

  private static func signed(_ file: consuming File) throws(SystemError) -> FileLock {
    try file.truncate(to: 0)
    try file.write("\(getpid())\n")
    return FileLock(file: file)
  }

  /// The process number written by whoever took the lock last.
  package static func holder(of path: String) -> Int32? {
    guard let text = try? FileSystem.text(of: path) else { return nil }
    return Int32(text.prefix { $0.isNumber })
  }
}
