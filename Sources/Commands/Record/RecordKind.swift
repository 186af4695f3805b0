import Vocabulary

/// What `vbench record` can watch: profiles, and what is no profile.
enum RecordKind: String, CaseIterable {
  case cpu, mutex, block, heap, timeline, counters

  static let standard: Set<RecordKind> = [.cpu, .mutex, .block]

  var profile: ProfileKind? { ProfileKind(rawValue: rawValue) }
}
