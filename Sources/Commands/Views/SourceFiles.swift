import Basics
import FoundationEssentials
import ProfileViews

/// Finds source files as pprof does: absolute ones where they are, relative ones in each folder
/// that is searched and in all that lie above it.
struct SourceFiles {
  private let paths: SourcePaths
  private let folders: [String]

  init(_ paths: SourcePaths) {
    var paths = paths
    if paths.search.isEmpty { paths.search = FileManager.default.currentDirectoryPath }
    self.paths = paths
    folders = paths.folders
  }

  func lines(of file: String) -> ListView.Source {
    let path = paths.trimmed(file)
    if path.hasPrefix("/") { return read(path) ?? .missing(reason(path)) }
    for folder in folders {
      for place in Self.upwards(folder) {
        if let source = read(place.hasSuffix("/") ? place + path : "\(place)/\(path)") {
          return source
        }
      }
    }
    return .missing("could not find file \(path) on path \(paths.search)")
  }

  /// A folder and all that it lies in.
  private static func upwards(_ folder: String) -> [String] {
    var result = [folder]
    var rest = folder[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      result.append(rest.isEmpty ? "/" : String(rest))
    }
    if !folder.hasPrefix("/"), folder != "." { result.append(".") }
    return result
  }

  private func read(_ path: String) -> ListView.Source? {
    if FileSystem.isDirectory(path) { return .lines([]) }
    guard let bytes = try? FileSystem.contents(of: path) else { return nil }
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return .lines(
      lines.map { line in
        let isWindows = line.last == UInt8(ascii: "\r")
        return String(decoding: isWindows ? line.dropLast() : line, as: UTF8.self)
      })
  }

  private func reason(_ path: String) -> String {
    do throws(SystemError) {
      _ = try FileSystem.contents(of: path)
      return "open \(path): cannot be read"
    } catch {
      return "open \(path): \(error.reason.lowercased())"
    }
  }
}
