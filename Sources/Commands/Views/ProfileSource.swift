import Basics
import Pprof
import ProfileViews
import RunRecords
import Vocabulary

/// The profiles that a view was asked for: files, or some of a run's.
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

  struct Combined {
    let profile: CombinedProfile
    let name: String
  }

  /// All operands from a position on as one profile, less the bases if there are any.
  static func combined(_ invocation: Invocation, from first: Int = 0) throws -> Combined {
    var found = try invocation.operands[first...].map { try open($0, invocation) }
    let names = found.map(\.name).joined(separator: " + ")
    let (base, compared) = (invocation.list("base") ?? [], invocation.list("diff-base") ?? [])
    if !base.isEmpty, !compared.isEmpty {
      throw Failure.usage("--base and --diff-base exclude each other.", invocation.command)
    }
    if invocation.has("normalize"), base.isEmpty, compared.isEmpty {
      throw Failure.usage("--normalize wants a --base or --diff-base.", invocation.command)
    }
    var bases = try (base + compared).map { try open($0, invocation) }
    let less = bases.isEmpty ? "" : " - " + bases.map(\.name).joined(separator: " - ")
    return try named(names + less) {
      let profile = try CombinedProfile(
        handOver(&found), bases: handOver(&bases),
        as: compared.isEmpty ? .earlier : .compared, normalizes: invocation.has("normalize"))
      return Combined(profile: profile, name: names + less)
    }
  }

  /// The profiles alone, held by nobody else: they are large, and views work in them.
  private static func handOver(_ found: inout [Found]) -> [Profile] {
    defer { found = [] }
    return found.map(\.profile)
  }

  /// All operands added up, for pictures, which have no bases.
  static func sum(_ invocation: Invocation) throws -> Found {
    try sum(invocation.operands, invocation)
  }

  static func sum(_ paths: [String], _ invocation: Invocation) throws -> Found {
    var found = try paths.map { try open($0, invocation) }
    if found.count == 1 { return found[0] }
    let name = found.map(\.name).joined(separator: " + ")
    return try named(name) {
      Found(profile: try CombinedProfile(handOver(&found)).profile, name: name)
    }
  }

  /// Makes a view, and says whose fault it is when it cannot be made.
  static func named<Value>(_ name: String, _ make: () throws -> Value) throws -> Value {
    do { return try make() } catch let error as ViewError {
      throw Failure(.badInput, "\(name): \(error)")
    }
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
    PlainNames.of(try ForeignFile.read(path).profile)
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
      let of = trial.map { " of trial \($0)" } ?? ""
      let there =
        known.isEmpty ? "It has no \(kind.rawValue) profile\(of)." : "It has: \(known)."
      let trials = Set(run.profileFiles.filter { $0.kind == kind }.compactMap(\.trial)).sorted()
      let others =
        trial == nil || trials.isEmpty
        ? "" : " Trials with one: \(trials.map(String.init).joined(separator: ", "))."
      throw Failure(
        .badInput,
        "\(run.name) has no \(kind.rawValue) profile of \(wanted.rawValue)\(of). \(there)\(others)")
    }
    return Found(
      profile: try self.file("\(run.path)/\(file.relativePath)"),
      name: "\(run.name)/\(file.relativePath)")
  }
}
