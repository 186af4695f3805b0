import Basics

/// Writes one run directory: aside in a hidden sibling, renamed when it is whole.
///
/// ```
/// Profiles/.20260206_234749.4711.partial/   while it grows
/// Profiles/20260206_234749/                 after `finish`
/// Profiles/latest -> 20260206_234749        replaced in one step
/// ```
/// A writer that goes away without `finish` takes its partial folder with it, so a full disk or
/// an error leaves nothing half visible.
package struct RunWriter: ~Copyable {
  package let folder: String
  /// Where the files grow until the run is whole.
  package let partialPath: String
  private let name: RunName

  /// Begins a run in `folder`; the process id keeps two writers of one second apart.
  package static func begin(
    in folder: String, label: String?, startedAtWallNanoseconds wall: UInt64 = Clock.wall(),
    processID: Int32
  ) throws(RunError) -> RunWriter {
    let name = try RunName(startedAtWallNanoseconds: wall, label: label)
    let partialPath = "\(folder)/.\(name.text).\(processID).partial"
    sweep(folder)
    try naming(partialPath) { () throws(SystemError) in
      try FileSystem.removeTree(partialPath)
      try FileSystem.makeDirectory(partialPath)
    }
    return RunWriter(folder: folder, partialPath: partialPath, name: name)
  }

  /// Removes what writers left that were killed; one that lives still has its process.
  private static func sweep(_ folder: String) {
    for name in (try? FileSystem.list(folder)) ?? []
    where name.hasPrefix(".") && name.hasSuffix(".partial") {
      let parts = name.split(separator: ".")
      guard parts.count >= 3, let owner = Int32(parts[parts.count - 2]),
        !FileSystem.exists("/proc/\(owner)")
      else { continue }
      try? FileSystem.removeTree("\(folder)/\(name)")
    }
  }

  private init(folder: String, partialPath: String, name: RunName) {
    self.folder = folder
    self.partialPath = partialPath
    self.name = name
  }

  deinit { try? FileSystem.removeTree(partialPath) }

  /// Writes one file of the run; folders on its way are made.
  package func write(_ bytes: [UInt8], to relativePath: String) throws(RunError) {
    let path = try self.path(of: relativePath)
    try Self.naming(path) { () throws(SystemError) in try FileSystem.replace(path, with: bytes) }
  }

  package func write(_ text: String, to relativePath: String) throws(RunError) {
    try write(Array(text.utf8), to: relativePath)
  }

  package func write(_ record: RunRecord) throws(RunError) {
    try write(RecordJSON.encode(record, path: "run.json"), to: "run.json")
  }

  package func write(_ environment: EnvironmentRecord) throws(RunError) {
    try write(RecordJSON.encode(environment, path: "env.json"), to: "env.json")
  }

  /// The full path of a file of this run, for who writes it himself; its folder is made.
  package func path(of relativePath: String) throws(RunError) -> String {
    let parts = relativePath.split(separator: "/", omittingEmptySubsequences: false)
    if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." || $0.contains("\0") }) {
      throw .hostileFileName(relativePath)
    }
    let above = ([partialPath[...]] + parts.dropLast()).joined(separator: "/")
    try Self.naming(above) { () throws(SystemError) in try FileSystem.makeDirectory(above) }
    return "\(partialPath)/\(relativePath)"
  }

  /// Makes the run visible under its name and points `latest` to it; returns its path.
  package consuming func finish() throws(RunError) -> String {
    let visible = try rename()
    try Self.naming("\(folder)/latest") { () throws(SystemError) in
      try FileSystem.synchronizeDirectory(folder)
      try SymbolicLink.replace("\(folder)/latest", target: visible)
    }
    return "\(folder)/\(visible)"
  }

  /// Takes the first free name.
  ///
  /// A rename never replaces a folder that has something in it, so two runs that end at once
  /// cannot swallow each other.
  private borrowing func rename() throws(RunError) -> String {
    for attempt in 1...999 {
      let candidate = name.attempt(attempt)
      if FileSystem.exists("\(folder)/\(candidate)") { continue }
      do throws(SystemError) {
        try FileSystem.rename(partialPath, to: "\(folder)/\(candidate)")
        return candidate
      } catch {
        if FileSystem.exists("\(folder)/\(candidate)") { continue }
        throw .system(path: "\(folder)/\(candidate)", error)
      }
    }
    throw .tooManyClashes(path: "\(folder)/\(name.text)")
  }

  private static func naming<R>(
    _ path: String, _ body: () throws(SystemError) -> R
  ) throws(RunError) -> R {
    do throws(SystemError) { return try body() } catch { throw .system(path: path, error) }
  }
}
