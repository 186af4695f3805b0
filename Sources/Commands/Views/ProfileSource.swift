import Basics
import Pprof
import RunRecords
import Vocabulary

/// The profile that a view was asked for: a file, or one of a run's.
enum ProfileSource {
  static let flags = [
    Flag(
      "role", .text("NAME"), "In a run: whose profile.", standard: "engine, or the only one",
      group: .view),
    Flag(
      "kind", .choice(ProfileKind.allCases.map(\.rawValue)), "In a run: which profile.",
      standard: "cpu", group: .view),
    Flag("trial", .count(1...9_999), "In a run: only this trial.", standard: "all", group: .view),
  ]

  struct Found {
    let profile: Profile
    /// What people call it: the file's or the run's name.
    let name: String
  }

  static func open(_ path: String, _ invocation: Invocation) throws -> Found {
    guard FileSystem.exists(path) else {
      throw Failure(.badInput, "There is no file or run at \(path).")
    }
    guard FileSystem.isDirectory(path) else {
      return Found(
        profile: try file(path), name: path.split(separator: "/").last.map(String.init) ?? path)
    }
    return try fromRun(path, invocation)
  }

  static func file(_ path: String) throws -> Profile {
    try ForeignFile.read(path).profile
  }

  private static func fromRun(_ path: String, _ invocation: Invocation) throws -> Found {
    let run = try RunSource.open(path)
    let kind = invocation.text("kind").flatMap(ProfileKind.init(rawValue:)) ?? .cpu
    let trial = invocation.count("trial")
    let candidates = run.profileFiles.filter { $0.kind == kind && $0.trial == trial }
    let role = invocation.text("role").map(Role.init(rawValue:))
    let wanted = role ?? (candidates.count == 1 ? candidates[0].role : .engine)
    guard let file = candidates.first(where: { $0.role == wanted }) else {
      let known = candidates.map(\.role.rawValue).sorted().joined(separator: ", ")
      let there = known.isEmpty ? "It has no \(kind.rawValue) profile." : "It has: \(known)."
      throw Failure(
        .badInput, "\(run.name) has no \(kind.rawValue) profile of \(wanted.rawValue). \(there)")
    }
    return Found(
      profile: try self.file("\(run.path)/\(file.relativePath)"),
      name: "\(run.name)/\(file.relativePath)")
  }
}
