/// Where sources lie and what to cut off their names, as `-source_path` and `-trim_path` say it.
package struct SourcePaths: Sendable {
  /// Folders to search, separated by colons.
  package var search = ""
  /// Beginnings to cut off, separated by colons.
  ///
  /// Without any, a name is cut behind the name of a folder that is searched.
  package var trim = ""

  package init() {}

  package var folders: [String] { Self.list(search) }

  /// The file name without what `trim` takes away; what is left may be relative.
  package func trimmed(_ path: String) -> String {
    if trim.isEmpty {
      for folder in folders {
        if let rest = Self.text(in: path, behind: "/\(CleanPath.base(folder))/") { return rest }
      }
    }
    for start in Self.list(trim) + ["/proc/self/cwd/./", "/proc/self/cwd/"] {
      let start = start.hasSuffix("/") ? start : start + "/"
      if path.utf8.starts(with: start.utf8) {
        return String(decoding: path.utf8.dropFirst(start.utf8.count), as: UTF8.self)
      }
    }
    return path
  }

  private static func list(_ text: String) -> [String] {
    text.isEmpty
      ? [] : text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
  }

  private static func text(in path: String, behind mark: String) -> String? {
    let (bytes, wanted) = (Array(path.utf8), Array(mark.utf8))
    guard bytes.count >= wanted.count else { return nil }
    for start in 0...(bytes.count - wanted.count)
    where bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
      return String(decoding: bytes[(start + wanted.count)...], as: UTF8.self)
    }
    return nil
  }
}
