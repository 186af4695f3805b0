import Basics
import RunRecords

/// The run directory that a command was asked about: a path, or the name of a baseline.
///
/// A file of another tool's numbers stands for a run that measured just these.
enum RunSource {
  private static let prefix = "baseline:"

  /// A name stands for a baseline only where there is no such path, or where it says so.
  static func open(_ path: String, profiles: String = "Profiles") throws(Failure) -> RunFolder {
    do throws(RunError) {
      let resolved = try resolve(path, profiles)
      if !resolved.hasSuffix("/run.json"), let run = try? ToolFile.run(resolved) { return run }
      return try RunReader.open(resolved)
    } catch { throw Failure(.badInput, "\(error)") }
  }

  private static func resolve(_ path: String, _ profiles: String) throws(RunError) -> String {
    if path.hasPrefix(prefix) {
      return try Baselines.resolve(String(path.dropFirst(prefix.count)), in: profiles)
    }
    let mayBeName = RunName.isHarmless(path) && !FileSystem.exists(path)
    // A damaged file of names is told only to who asks for a name.
    guard mayBeName, let known = try? Baselines.read(in: profiles), known.entry(path) != nil else {
      return path
    }
    return try Baselines.resolve(path, in: profiles)
  }
}
