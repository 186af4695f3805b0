import Basics
package import Pprof
package import Vocabulary

/// A run directory as a value: what was measured, on which machine, and which profiles lie in it.
///
/// A bare folder of foreign `<role>_<kind>.pprof` files is one too; it has no `record`.
/// Profiles are read when they are asked for. `RunReader` makes one from disk; tests make one
/// from values.
package struct RunFolder: Sendable {
  package let path: String
  package let record: RunRecord?
  package let environment: EnvironmentRecord?
  package let profileFiles: [ProfileFile]
  /// What was counted; nil when the run has no `counters.json`.
  package var counters: RunCounters?
  /// Why `counters.json` could not be read, when it could not.
  package var countersProblem: String?
  /// What operations were made of; nil where the run does not say.
  package var responses: ResponseFile?
  /// What the disk behind the store can do alone; nil when nobody measured it.
  package var disk: DiskRecord.Entry?
  /// Why what was measured of a disk is not this run's, when there is something.
  package var diskProblem: String?
  /// What a model of the caches made of the workload; nil where nobody asked for it.
  package var simulatedCache: SimulatedCache?
  /// Why `simulated-cache.json` could not be read, when it could not.
  package var simulatedCacheProblem: String?
  /// All files of the run with their sizes, by path; empty for a run that was made from values.
  package var files: [StoredFile] = []
  private let read: @Sendable (ProfileFile) throws -> Profile

  /// The same for every way of writing its path.
  package var place: String { RealPath.of(path) ?? path }

  /// One pprof file of the run, and which part of it the file covers.
  package struct ProfileFile: Sendable, Hashable, Codable {
    package let role: Role
    package let kind: ProfileKind
    /// Nil for the merge of all trials, which lies at the top of the folder.
    package let trial: Int?
    /// From the run folder on, with `/`.
    package let relativePath: String

    package init(role: Role, kind: ProfileKind, trial: Int?, relativePath: String) {
      self.role = role
      self.kind = kind
      self.trial = trial
      self.relativePath = relativePath
    }
  }

  /// A file of the run, from the run folder on.
  package struct StoredFile: Sendable, Equatable, Codable {
    package let path: String
    package let bytes: Int

    package init(path: String, bytes: Int) { (self.path, self.bytes) = (path, bytes) }
  }

  package init(
    path: String, record: RunRecord?, environment: EnvironmentRecord?, profileFiles: [ProfileFile],
    read: @escaping @Sendable (ProfileFile) throws -> Profile
  ) {
    self.path = path
    self.record = record
    self.environment = environment
    self.profileFiles = profileFiles
    self.read = read
  }

  /// The name people use for it: the last part of its path.
  package var name: String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  package func file(_ role: Role, _ kind: ProfileKind, trial: Int? = nil) -> ProfileFile? {
    profileFiles.first { $0.role == role && $0.kind == kind && $0.trial == trial }
  }

  package func profile(_ file: ProfileFile) throws -> Profile { try read(file) }

  /// The profile of a role, if the run has one.
  package func profile(_ role: Role, _ kind: ProfileKind, trial: Int? = nil) throws -> Profile? {
    try file(role, kind, trial: trial).map(read)
  }

  package var roles: [Role] { Set(profileFiles.map(\.role)).sorted() }
}
