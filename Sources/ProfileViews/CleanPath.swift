/// A path in its shortest form, as Go's `filepath.Clean` makes it: by its letters alone.
enum CleanPath {
  /// The last part of a path, as Go's `filepath.Base` has it.
  static func base(_ path: String) -> String {
    if path.isEmpty { return "." }
    return path.split(separator: "/").last.map(String.init) ?? "/"
  }

  static func of(_ path: String) -> String {
    if path.isEmpty || !needsWork(path) { return path }
    let isRooted = path.hasPrefix("/")
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(part)
      } else if let last = parts.last, last != ".." {
        parts.removeLast()
      } else if !isRooted {
        parts.append(part)
      }
    }
    let joined = parts.joined(separator: "/")
    return isRooted ? "/" + joined : joined.isEmpty ? "." : joined
  }

  /// Nearly all paths are clean, and looking is cheaper than taking apart.
  private static func needsWork(_ path: String) -> Bool {
    var before = UInt8(0)
    for letter in path.utf8 {
      if letter == UInt8(ascii: "/") && before == UInt8(ascii: "/") { return true }
      if letter == UInt8(ascii: "."), before == 0 || before == UInt8(ascii: "/") { return true }
      before = letter
    }
    return before == UInt8(ascii: "/")
  }
}
