import Basics

/// Where the symbols of a stripped file may be: beside it or under the debug folders.
///
/// A file found by name counts only when it carries the same build id, because the symbols of
/// another build are worse than none.
enum DebugFiles {
  static let folders = ["/usr/lib/debug", "/usr/local/lib/debug"]

  static func symbols(of path: String, buildID: String, link: String?) -> [ElfFile.Symbol]? {
    for candidate in candidates(for: path, buildID: buildID, link: link) {
      guard let file = opened(candidate, buildID: buildID),
        let reader = ElfReader(descriptor: file.descriptor)
      else { continue }
      let found = reader.symbols()
      if found.isFull { return found.list }
    }
    return nil
  }

  /// The ELF file at a path when it is of this build; the id is empty for files without one.
  static func opened(_ candidate: String, buildID: String) -> File? {
    guard let file = try? File(candidate, .read),
      let reader = ElfReader(descriptor: file.descriptor), (reader.buildID() ?? "") == buildID
    else { return nil }
    return file
  }

  /// Where to look, the likeliest first; nowhere for a file that does not say its build.
  static func candidates(for path: String, buildID: String, link: String?) -> [String] {
    guard buildID.count > 2 else { return [] }
    let byID = folders.map {
      "\($0)/.build-id/\(buildID.prefix(2))/\(buildID.dropFirst(2)).debug"
    }
    guard let link, let slash = path.lastIndex(of: "/") else { return byID }
    let folder = path[..<slash]
    let byName =
      ["\(folder)/\(link)", "\(folder)/.debug/\(link)"]
      + folders.map { "\($0)\(folder)/\(link)" }
    return byID + byName.filter { $0 != path }
  }
}
