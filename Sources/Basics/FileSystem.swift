import Glibc

/// Whole-file and folder operations, by path.
///
/// Unsafe only in handing a path to the C library, which copies it before the call returns.
package enum FileSystem {
  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    // SAFETY: stat fills one local structure.
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  package static func size(of path: String) -> Int? {
    var status = stat()
    // SAFETY: stat fills one local structure.
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Reads a file to its end.
  ///
  /// Files in /proc have no size, so it reads until nothing comes.
  package static func contents(of path: String) throws(SystemError) -> [UInt8] {
    let file = try File(path, .read)
    // Nearly always this is all there is, and a large file is not held twice.
    var bytes = try file.read(at: 0, count: max(65_536, try file.size()))
    while true {
      let more = try file.read(at: bytes.count, count: max(65_536, try file.size() - bytes.count))
      if more.isEmpty { return bytes }
      bytes += more
    }
  }

  package static func text(of path: String) throws(SystemError) -> String {
    String(decoding: try contents(of: path), as: UTF8.self)
  }

  /// Writes aside, syncs, and renames, so that a reader sees the old file or the new one.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
    let temporary = path + ".tmp"
    do throws(SystemError) {
      let file = try File(temporary, .create)
      try file.write(bytes)
      try file.synchronize()
      try file.close()
      try rename(temporary, to: path)
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  package static func rename(_ source: String, to target: String) throws(SystemError) {
    _ = try retrying("rename", "\(source) to \(target)") { unsafe Glibc.rename(source, target) }
  }

  package static func makeDirectory(_ path: String) throws(SystemError) {
    if unsafe mkdir(path, 0o755) == 0 { return }
    let code = errno
    if code == EEXIST, isDirectory(path) { return }
    guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw SystemError("make directory", path, code: code)
    }
    try makeDirectory(String(path[..<slash]))
    _ = try retrying("make directory", path) {
      unsafe mkdir(path, 0o755) == 0 || errno == EEXIST ? Int32(0) : -1
    }
  }

  /// Makes a rename or a new file in this folder survive a power cut.
  package static func synchronizeDirectory(_ path: String) throws(SystemError) {
    try File(path, .read).synchronize()
  }

  /// The names in a folder, sorted, without `.` and `..`.
  package static func list(_ path: String) throws(SystemError) -> [String] {
    // SAFETY: the stream is closed once below; each entry is read before the next call.
    guard let stream = unsafe opendir(path) else { throw SystemError("list", path) }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  package static func remove(_ path: String) throws(SystemError) {
    if unsafe unlink(path) != 0, errno != ENOENT { throw SystemError("remove", path) }
  }

  /// Removes a folder and what is in it, never following a symbolic link.
  package static func removeTree(_ path: String) throws(SystemError) {
    var status = stat()
    // SAFETY: lstat fills one local structure.
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
    for name in try list(path) { try removeTree("\(path)/\(name)") }
    if unsafe rmdir(path) != 0, errno != ENOENT { throw SystemError("remove directory", path) }
  }

  /// Bytes that an ordinary user may still write where `path` lies.
  package static func freeBytes(at path: String) throws(SystemError) -> Int {
    var status = statvfs()
    // SAFETY: statvfs fills one local structure.
    _ = try retrying("statvfs", path) { unsafe statvfs(path, &status) }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }
}
