import StorageEngine
import VectorIndex

/// One choice of the engine that has two sides: how it is, and how a plain implementation has it.
///
/// The one list of them; `vbench ablate` turns each off and measures what it was worth. A new
/// option of the engine belongs in here when it is one, and a test asks for it.
package struct EngineSwitch: Sendable, Equatable {
  /// The workload flag that turns it.
  package let flag: String
  /// The flag's value without the optimization, or without the promise.
  package let off: String
  /// What it is, for a table.
  package let what: String
  /// Whether only writes can feel it.
  package let concernsWritesOnly: Bool
  private let isOff: @Sendable (WorkloadSettings) -> Bool

  package static let all = [
    EngineSwitch(
      flag: "kernel", off: "portable", what: "SIMD distance kernel", concernsWritesOnly: false
    ) { $0.kernel.resolved == .portable },
    EngineSwitch(
      flag: "scratch", off: "fresh", what: "scratch memory kept between searches",
      concernsWritesOnly: false
    ) { $0.scratch == .fresh },
    EngineSwitch(
      flag: "visited", off: "map", what: "visited marks instead of a hash set",
      concernsWritesOnly: false
    ) { $0.visited == .map },
    EngineSwitch(
      flag: "group-commit", off: "off", what: "commits that share a sync", concernsWritesOnly: true
    ) { !$0.groupCommit || $0.durability != .strict },
    EngineSwitch(
      flag: "durability", off: "none", what: "what an acknowledgement promises",
      concernsWritesOnly: true
    ) { $0.durability == .none },
  ]

  /// Why turning it off would change nothing for these settings; nil when it would.
  package func idle(in settings: WorkloadSettings) -> String? {
    if concernsWritesOnly, settings.readRatio == 1 { return "this workload writes nothing" }
    return isOff(settings) ? "it is off already, or has no effect with these options" : nil
  }

  private init(
    flag: String, off: String, what: String, concernsWritesOnly: Bool,
    isOff: @escaping @Sendable (WorkloadSettings) -> Bool
  ) {
    (self.flag, self.off, self.what) = (flag, off, what)
    (self.concernsWritesOnly, self.isOff) = (concernsWritesOnly, isOff)
  }

  package static func == (left: EngineSwitch, right: EngineSwitch) -> Bool {
    left.flag == right.flag
  }
}
