import Basics
import Findings
import FoundationEssentials

/// The sources below one folder, for excerpts in a report.
///
/// A profile names files by the paths they were built at, perhaps on another machine and under
/// another folder; what a stranger's profile names must not be read from anywhere else. So a path is
/// looked for below the folder only: as it is when it lies there, else by its end, the longest that
/// is there, its last folder at least.
struct SourceRoot: Sendable {
  private let folder: String
  private static let largestFile = 4 << 20

  init(_ path: String) throws(Failure) {
    guard let folder = RealPath.of(path), FileSystem.isDirectory(folder) else {
      throw Failure(.badInput, "There is no folder of sources at \(path).")
    }
    self.folder = folder == "/" ? "" : folder
  }

  func file(builtAt path: String) -> SourceFile? {
    guard let place = place(of: path), let size = FileSystem.size(of: place),
      size <= Self.largestFile, let bytes = try? FileSystem.contents(of: place),
      let facts = try? FileManager.default.attributesOfItem(atPath: place),
      let changed = facts[.modificationDate] as? Date
    else { return nil }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return SourceFile(lines: lines.map { String(decoding: $0, as: UTF8.self) }, changed: changed)
  }

  private func place(of path: String) -> String? {
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard !parts.contains(".."), !path.contains("\0") else { return nil }
    if path.hasPrefix(folder + "/") { return allowed(path) }
    let starts = 0..<max(0, parts.count - 1)
    return starts.lazy.compactMap { start in
      self.allowed("\(self.folder)/\(parts[start...].joined(separator: "/"))")
    }.first
  }

  /// A link may lead out of the folder.
  private func allowed(_ path: String) -> String? {
    guard let real = RealPath.of(path), real.hasPrefix(folder + "/"),
      !FileSystem.isDirectory(real)
    else { return nil }
    return real
  }
}
