import Basics
import Pprof
import Sampling
import Vocabulary

/// The heap of a command, watched by a library that is loaded into it.
struct HeapWatch {
  /// Where the library leaves what it sees; nil when it cannot be loaded.
  let folder: String?
  let environment: [String: String]
  /// Why there will be no heap profile.
  let refusal: String?

  static let none = HeapWatch(folder: nil, environment: [:], refusal: nil)

  private init(folder: String?, environment: [String: String], refusal: String?) {
    (self.folder, self.environment, self.refusal) = (folder, environment, refusal)
  }

  init(_ program: String, mean: Int, in folder: String) throws {
    if let refusal = ProgramSearch.path(of: program).flatMap(HeapShim.refusal) {
      self.init(folder: nil, environment: [:], refusal: refusal)
      return
    }
    try FileSystem.makeDirectory(folder)
    let environment = HeapShim.environment(
      folder: folder, mean: mean, preloaded: Terminal.variable("LD_PRELOAD"))
    guard let environment else {
      self.init(
        folder: nil, environment: [:],
        refusal:
          "\(HeapShim.fileName) lies neither beside vbench nor in ../lib/vbench, so there is "
          + "no heap profile; `make install` puts it there.")
      return
    }
    self.init(folder: folder, environment: environment, refusal: nil)
  }

  /// What the processes left: one profile for all of them, and what each says of itself.
  func read(_ role: Role) throws -> (profile: Profile?, summaries: [HeapSummary]) {
    guard let folder else { return (nil, []) }
    defer { try? FileSystem.removeTree(folder) }
    var profiles: [Profile] = []
    var summaries: [HeapSummary] = []
    for file in try HeapRecordingReader.files(in: folder) {
      let recording = try HeapRecordingReader.read(file: file, service: role)
      profiles += recording.profiles.map(\.profile)
      summaries.append(recording.summary)
    }
    return (profiles.isEmpty ? nil : try ProfileMerge.merge(profiles), summaries)
  }
}
