import Basics

/// Names for runs, in `baselines.json` beside them: `release-1.2` → `20260206_234749`.
///
/// The file is written aside and renamed, under a lock, so that two who save at once both keep
/// their name.
package struct Baselines: Codable, Sendable, Equatable {
  package static let currentSchema = 1

  package private(set) var schema = Baselines.currentSchema
  package private(set) var entries: [Entry]

  package struct Entry: Codable, Sendable, Equatable {
    package var name: String
    /// The run's folder: its name where it lies beside this file, else its path.
    package var run: String
    /// UTC, ISO 8601.
    package var savedAt: String
  }

  package func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  private static func path(_ folder: String) -> String { "\(folder)/baselines.json" }

  /// None where nobody saved one.
  package static func read(in folder: String) throws(RunError) -> Baselines {
    let path = path(folder)
    if !FileSystem.exists(path) { return Baselines(entries: []) }
    let version = try RecordJSON.decode(Version.self, path: path)
    if version.schema != currentSchema {
      throw .unknownSchema(path: path, found: version.schema, known: currentSchema)
    }
    return try RecordJSON.decode(Baselines.self, path: path)
  }

  private struct Version: Decodable { let schema: Int }

  /// Names a run; a name that was taken moves on.
  package static func save(
    _ name: String, run: RunFolder, in folder: String, at wall: UInt64 = Clock.wall()
  ) throws(RunError) {
    if !RunName.isHarmless(name) { throw .hostileLabel(name) }
    let entry = Entry(name: name, run: place(of: run, in: folder), savedAt: LocalTime.iso(wall))
    try change(folder) { entries in
      entries.removeAll { $0.name == name }
      entries.append(entry)
      entries.sort { $0.name < $1.name }
    }
  }

  /// Forgets a name, not the run; false when there was none.
  package static func remove(_ name: String, in folder: String) throws(RunError) -> Bool {
    if try read(in: folder).entry(name) == nil { return false }
    try change(folder) { entries in entries.removeAll { $0.name == name } }
    return true
  }

  /// The path of the run that a name stands for.
  package static func resolve(_ name: String, in folder: String) throws(RunError) -> String {
    let known = try read(in: folder)
    guard let entry = known.entry(name) else {
      throw .unknownBaseline(name: name, folder: folder, known: known.entries.map(\.name))
    }
    let path = entry.run.contains("/") ? entry.run : "\(folder)/\(entry.run)"
    if !FileSystem.isDirectory(path) { throw .vanishedBaseline(name: name, path: path) }
    return path
  }

  private static func place(of run: RunFolder, in folder: String) -> String {
    let above = run.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let parent = above.isEmpty ? "." : above.joined(separator: "/")
    let isBeside = RealPath.of(parent) == RealPath.of(folder)
    return isBeside ? run.name : RealPath.of(run.path) ?? run.path
  }

  private static func change(
    _ folder: String, _ edit: (inout [Entry]) -> Void
  ) throws(RunError) {
    let path = path(folder)
    let lock: FileLock?
    do throws(SystemError) { lock = try FileLock.take("\(folder)/.baselines.lock") } catch {
      throw .system(path: folder, error)
    }
    if lock == nil { throw .busy(path: path) }
    // Read under the lock, for another may have written since.
    var baselines = try read(in: folder)
    edit(&baselines.entries)
    let bytes = try RecordJSON.encode(baselines, path: path)
    do throws(SystemError) { try FileSystem.replace(path, with: bytes) } catch {
      throw .system(path: path, error)
    }
    _ = consume lock
  }
}
