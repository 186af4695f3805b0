import Glibc

/// Unsafe only in handing a path to the C library, which copies it before the call returns.
extension FileSystem {
  /// Writes what somebody asked for to where they said.
  ///
  /// A plain file is replaced whole, behind a link where it leads, and may be read by whom it could
  /// be read before. Devices and pipes are written to.
  package static func deliver(_ bytes: [UInt8], to path: String) throws(SystemError) {
    var status = stat()
    // SAFETY: stat fills one local structure.
    guard unsafe stat(path, &status) == 0 else { return try put(bytes, path, nil) }
    if status.st_mode & S_IFMT == S_IFREG {
      return try put(bytes, RealPath.of(path) ?? path, status.st_mode & 0o7777)
    }
    let file = try File(path, .write)
    try file.write(bytes)
    try file.close()
  }

  /// Aside, under a name that is nobody else's, and renamed.
  private static func put(
    _ bytes: [UInt8], _ path: String, _ permissions: mode_t?
  ) throws(SystemError) {
    let temporary = "\(path).\(getpid()).tmp"
    let file = try File(temporary, .createNew)
    do throws(SystemError) {
      if let permissions { _ = fchmod(file.descriptor, permissions) }
      try file.write(bytes)
      try file.synchronize()
      try rename(temporary, to: path)
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }
}
