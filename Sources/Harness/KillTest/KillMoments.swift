/// What the writer is in the middle of, by the words it said.
package struct KillMoments: Sendable {
  package enum Moment: String, Codable, Sendable, CaseIterable {
    case recovery, roll, checkpoint, removal, delete

    var begin: String {
      switch self {
      case .recovery: "recovering"
      case .roll: "rolling"
      case .checkpoint: "checkpointing"
      case .removal: "removing"
      case .delete: "deleting"
      }
    }

    /// Recovery lasts until the store is ready, not only until its log is read.
    var end: String {
      switch self {
      case .recovery: "ready"
      case .roll: "rolled"
      case .checkpoint: "checkpointed"
      case .removal: "removed"
      case .delete: "deleted"
      }
    }
  }

  private var depth: [Moment: Int] = [:]
  private var begun: [Moment: Int] = [:]

  package init() {}

  package mutating func hear(_ word: String) {
    for moment in Moment.allCases {
      if word == moment.begin {
        depth[moment, default: 0] += 1
        begun[moment, default: 0] += 1
      }
      if word == moment.end { depth[moment, default: 0] -= 1 }
    }
  }

  /// How often the writer has come to this moment.
  package func times(_ moment: Moment) -> Int { begun[moment] ?? 0 }

  /// All that is going on.
  package var current: [Moment] { Moment.allCases.filter { (depth[$0] ?? 0) > 0 } }
}
