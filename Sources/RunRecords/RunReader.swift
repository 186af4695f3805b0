import Basics
package import Pprof
import Vocabulary

/// Reads a run directory, ours or a foreign folder of `<role>_<kind>.pprof` files.
///
/// Profiles are opened when they are asked for; only the JSON is read at once.
package enum RunReader {
  package static func open(
    _ path: String, profile: @escaping @Sendable (String) throws -> Profile
  ) throws(RunError) -> RunFolder {
    let folder = try resolve(path)
    let files = try profileFiles(in: folder)
    let record = try self.record(in: folder)
    if record == nil, files.isEmpty { throw .notARun(path: path) }
    var run = RunFolder(
      path: folder, record: record, environment: try environment(in: folder), profileFiles: files
    ) { try profile("\(folder)/\($0.relativePath)") }
    (run.counters, run.countersProblem) = counters(in: folder)
    run.responses = ResponseFile.read(in: folder)
    (run.disk, run.diskProblem) = DiskRecord.lookUp(run)
    (run.simulatedCache, run.simulatedCacheProblem) = SimulatedCache.read(in: folder)
    run.files = stored(in: folder, record == nil ? files.map(\.relativePath) : nil)
    return run
  }

  /// What lies in a run; of a foreign folder, which may hold anything, only its profiles.
  private static func stored(in folder: String, _ known: [String]?) -> [RunFolder.StoredFile] {
    let paths = known ?? below(folder) + trialFiles(in: folder)
    return paths.sorted().compactMap { path in
      guard !FileSystem.isDirectory("\(folder)/\(path)"),
        let bytes = FileSystem.size(of: "\(folder)/\(path)")
      else { return nil }
      return RunFolder.StoredFile(path: path, bytes: bytes)
    }
  }

  private static func trialFiles(in folder: String) -> [String] {
    below("\(folder)/trials").flatMap { trial in
      below("\(folder)/trials/\(trial)").map { "trials/\(trial)/\($0)" }
    }
  }

  private static func below(_ folder: String) -> [String] {
    FileSystem.isDirectory(folder) ? (try? FileSystem.list(folder)) ?? [] : []
  }

  /// A damaged file takes only its own numbers away.
  private static func counters(in folder: String) -> (value: RunCounters?, problem: String?) {
    let path = "\(folder)/counters.json"
    guard FileSystem.exists(path) else { return (nil, nil) }
    do throws(RunError) {
      let counters = try RunCounters.read(path)
      try RecordLimits.check(counters, path: path)
      return (counters, nil)
    } catch {
      return (nil, "counters.json cannot be read")
    }
  }

  /// Follows `latest`, so that a run is called by its own name, and accepts the run.json itself.
  private static func resolve(_ path: String) throws(RunError) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if path.hasSuffix("/run.json") { path.removeLast("/run.json".count) }
    if let target = SymbolicLink.target(of: path) {
      let above = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      path = target.hasPrefix("/") ? target : (above + [target[...]]).joined(separator: "/")
    }
    if !FileSystem.exists(path) { throw .missing(path: path) }
    if !FileSystem.isDirectory(path) { throw .notARun(path: path) }
    return path
  }

  private static func record(in folder: String) throws(RunError) -> RunRecord? {
    let path = "\(folder)/run.json"
    if !FileSystem.exists(path) { return nil }
    let version = try RecordJSON.decode(Version.self, path: path)
    if version.schema != RunRecord.currentSchema {
      throw .unknownSchema(
        path: path, found: version.schema, known: RunRecord.currentSchema)
    }
    let record = try RecordJSON.decode(RunRecord.self, path: path)
    try RecordLimits.check(record, path: path)
    return record
  }

  /// Read first, so that a layout of the future is named as such and not as a missing field.
  private struct Version: Decodable { let schema: Int }

  private static func environment(in folder: String) throws(RunError) -> EnvironmentRecord? {
    let path = "\(folder)/env.json"
    return FileSystem.exists(path)
      ? try RecordJSON.decode(EnvironmentRecord.self, path: path) : nil
  }

  private static func profileFiles(in folder: String) throws(RunError) -> [RunFolder.ProfileFile] {
    var files = try list(folder).compactMap { profileFile($0, trial: nil, under: "") }
    let trials = "\(folder)/trials"
    guard FileSystem.isDirectory(trials) else { return files }
    for name in try list(trials) {
      guard let number = Int(name), FileSystem.isDirectory("\(trials)/\(name)") else { continue }
      files += try list("\(trials)/\(name)").compactMap {
        profileFile($0, trial: number, under: "trials/\(name)/")
      }
    }
    return files
  }

  /// Splits at the last underscore, for a foreign role may have some of its own.
  private static func profileFile(
    _ name: String, trial: Int?, under folder: String
  ) -> RunFolder.ProfileFile? {
    guard name.hasSuffix(".pprof") else { return nil }
    let stem = name.dropLast(".pprof".count)
    guard let bar = stem.lastIndex(of: "_"), bar > stem.startIndex,
      let kind = ProfileKind(rawValue: String(stem[stem.index(after: bar)...]))
    else { return nil }
    return RunFolder.ProfileFile(
      role: Role(rawValue: String(stem[..<bar])), kind: kind, trial: trial,
      relativePath: folder + name)
  }

  private static func list(_ folder: String) throws(RunError) -> [String] {
    do throws(SystemError) { return try FileSystem.list(folder) } catch {
      throw .system(path: folder, error)
    }
  }
}
