import Basics

/// The tracker on disk: read whole, changed under a lock, written aside and renamed.
///
/// Two who change it at once wait for each other, so neither loses an item. The lock lies in a file
/// of its own, because a rename would take the lock of the data file away.
package struct TrackerStore: Sendable {
  package static let standardPath = "Reports/tracker.txt"
  /// A file that no hand has written.
  private static let longest = 16 << 20

  package let path: String
  /// The document that is made from it, beside it.
  package let documentPath: String
  private let folder: String

  package init(path: String = TrackerStore.standardPath) {
    self.path = path
    let above = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    folder = above.isEmpty ? "." : above == [""] ? "/" : above.joined(separator: "/")
    documentPath = above.isEmpty ? "TRACKER.md" : above.joined(separator: "/") + "/TRACKER.md"
  }

  package var isThere: Bool { FileSystem.exists(path) }

  /// An empty tracker where there is no file.
  package func read() throws(TrackerError) -> Tracker {
    if !isThere { return Tracker() }
    if let size = FileSystem.size(of: path), size > Self.longest {
      throw .malformed(
        path: path,
        [TrackerProblem(line: 1, column: 1, what: "the file has more than 16 MiB")])
    }
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try FileSystem.contents(of: path) } catch {
      throw .system(path: path, error)
    }
    return try TrackerParser.parse(String(decoding: bytes, as: UTF8.self), path: path)
  }

  /// Reads, changes and writes under the lock, and makes the document anew: `document` gives the
  /// text of TRACKER.md.
  package func change<Value>(
    document: (Tracker) -> String, _ edit: (inout Tracker) throws(TrackerError) -> Value
  ) throws(TrackerError) -> Value {
    do throws(SystemError) { try FileSystem.makeDirectory(folder) } catch {
      throw .system(path: folder, error)
    }
    let lock = try locked()
    // Read under the lock, for another may have written since.
    var tracker = try read()
    let value = try edit(&tracker)
    try write(tracker.fileText, to: path)
    try write(document(tracker), to: documentPath)
    _ = consume lock
    return value
  }

  /// The document as it lies there; nil when there is none.
  package func document() throws(TrackerError) -> String? {
    if !FileSystem.exists(documentPath) { return nil }
    do throws(SystemError) { return try FileSystem.text(of: documentPath) } catch {
      throw .system(path: documentPath, error)
    }
  }

  private func locked() throws(TrackerError) -> FileLock {
    let name = "\(folder)/.tracker.lock"
    do throws(SystemError) { return try FileLock.wait(for: name) } catch {
      throw .system(path: name, error)
    }
  }

  private func write(_ text: String, to path: String) throws(TrackerError) {
    do throws(SystemError) { try FileSystem.replace(path, with: Array(text.utf8)) } catch {
      throw .system(path: path, error)
    }
  }
}
