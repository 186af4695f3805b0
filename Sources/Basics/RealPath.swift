import Glibc

/// A path without symbolic links, dots and doubled slashes.
package enum RealPath {
  /// Nil when there is nothing at the path.
  package static func of(_ path: String) -> String? {
    // SAFETY: realpath with nil allocates the answer, which is freed once here.
    guard let answer = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(answer) }
    return unsafe String(cString: answer)
  }
}
