import Basics

/// Where the symbols of a stripped file may be: beside it or under the debug folders.
///
/// A file found by name counts only when it carries the same build id, because the symbols of
/// another build are worse than none.
enum DebugFiles {
  static let folders = ["/usr/lib/debug", "/usr/local/lib/debug"]

  static func symbols(of path: String, buildID: String, link: String?) -> [ElfFile.Symbol]? {
    guard buildID.count > 2 else { return nil }
    for candidate in candidates(for: path, buildID: buildID, link: link) {
      guard candidate != path, let file = try? File(candidate, .read),
        let reader = ElfReader(descriptor: file.descriptor), reader.buildID() == buildID
      else { continue }
      let found = reader.symbols()
      if found.isFull { return found.list }
    }
    return nil
  }

  static func candidates(for path: String, buildID: String, link: String?) -> [String] {
    let byID = folders.map {
      "\($0)/.build-id/\(buildID.prefix(2))/\(buildID.dropFirst(2)).debug"
    }
    guard let link, let slash = path.lastIndex(of: "/") else { return byID }
    let folder = path[..<slash]
    return byID + ["\(folder)/\(link)", "\(folder)/.debug/\(link)"]
      + folders.map { "\($0)\(folder)/\(link)" }
  }
}
