package import Basics

/// A store's files taken out of the page cache before a trial opens it, and what came of that.
///
/// Cold is then what the kernel keeps of the files, and, since every trial is a new process, the
/// engine's own memory. What a disk or a hypervisor keeps of them can neither be dropped nor seen.
package struct ColdStart: Codable, Sendable, Equatable {
  package var files = 0
  package var bytes = 0
  /// Pages of the files in memory, before they were dropped and after.
  package var before = PageCache.Residence()
  package var after = PageCache.Residence()
  /// Bytes that opening the store had fetched from a device; nil where nobody counts them.
  package var deviceBytes: Int?
  /// The first file that would not be dropped or asked about, and why.
  package var problem: String?

  package init() {}

  /// The share of the pages that stayed.
  package var keptShare: Double {
    after.pages > 0 ? Double(after.resident) / Double(after.pages) : 0
  }

  /// Drops every file below a folder.
  static func drop(_ folder: String) -> ColdStart {
    var start = ColdStart()
    for path in files(in: folder) { start.drop(file: path) }
    return start
  }

  private mutating func drop(file path: String) {
    do throws(SystemError) {
      let found = try PageCache.residence(of: path)
      try PageCache.drop(path)
      let left = try PageCache.residence(of: path)
      files += 1
      bytes += FileSystem.size(of: path) ?? 0
      before += found
      after += left
    } catch { problem = problem ?? "\(error)" }
  }

  private static func files(in folder: String) -> [String] {
    guard FileSystem.isDirectory(folder) else { return [folder] }
    let names = (try? FileSystem.list(folder)) ?? []
    return names.flatMap { files(in: "\(folder)/\($0)") }
  }
}

/// Whether the page cache is left as it is.
package enum PageCacheWish: String, Codable, Sendable {
  case dropped
}
