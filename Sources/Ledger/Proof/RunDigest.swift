import Basics

/// What a run directory holds, as one number: it changes when any file in it does.
///
/// Each file gives a line of path, size and digest; the lines, sorted, are digested again. The name
/// of the folder is no part of it, so a run may be renamed.
enum RunDigest {
  private static let deepest = 8
  /// ELOOP.
  private static let tooDeep: Int32 = 40

  static func of(_ folder: String) throws(TrackerError) -> String {
    var lines: [String] = []
    do throws(SystemError) { try collect(folder, under: "", depth: 0, &lines) } catch {
      throw .system(path: folder, error)
    }
    return "sha256:" + SHA256.hex(of: lines.sorted().joined().utf8)
  }

  private static func collect(
    _ folder: String, under prefix: String, depth: Int, _ lines: inout [String]
  ) throws(SystemError) {
    if depth > deepest { throw SystemError("list", folder, code: tooDeep) }
    for name in try FileSystem.list(folder) {
      let (path, relative) = ("\(folder)/\(name)", prefix + name)
      if let target = SymbolicLink.target(of: path) {
        // A link is what it says; where it leads to is not part of the run.
        lines.append("\(relative)\0link \(target)\n")
      } else if FileSystem.isDirectory(path) {
        try collect(path, under: relative + "/", depth: depth + 1, &lines)
      } else {
        let bytes = try FileSystem.contents(of: path)
        lines.append("\(relative)\0\(bytes.count) \(SHA256.hex(of: bytes))\n")
      }
    }
  }
}
