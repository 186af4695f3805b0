import Pprof

/// What a wait is for: the difference between a thread with nothing to do and one that is kept
/// from its work.
package enum WaitNature: String, Codable, Sendable, CaseIterable {
  /// Nothing to do, or asleep by design. It costs nobody anything.
  case idle
  /// What the chosen durability or the network asks for.
  case necessary
  /// A thread that has work is kept from it.
  case wasted
  /// The stack does not tell which.
  case unknown

  package var words: String {
    switch self {
    case .idle: "idle"
    case .necessary: "necessary"
    case .wasted: "kept from its work"
    case .unknown: "cannot tell"
    }
  }
}

/// Sorts the waits of a block profile by their class, operation and owner.
enum WaitReading {
  static func nature(of sample: StackSample, in slice: ProfileSlice) -> WaitNature {
    if let waitClass = sample.waitClass {
      return nature(
        of: waitClass, operation: sample.operation, client: slice.role == "client")
    }
    return natureOfForeign(sample, in: slice)
  }

  private static func nature(
    of waitClass: String, operation: String?, client: Bool
  ) -> WaitNature {
    if waitClass == "unknown" { return .unknown }
    if client { return ["lock", "runnable", "preempted"].contains(waitClass) ? .wasted : .idle }
    let foreground = operation.map(foregroundOperations.contains) ?? false
    return switch waitClass {
    case "lock": .wasted
    case "disk": .necessary
    case "idle": .idle
    case "condition": foreground ? .wasted : .idle
    case "sleep", "poll": foreground ? .wasted : .idle
    // It has work and no core to do it on.
    case "runnable", "preempted": .wasted
    default: .unknown
    }
  }

  static let foregroundOperations: Set<String> = ["search", "insert", "delete"]

  /// Without labels only the stack can tell: a wait under a request handler holds a request up, a
  /// wait at the bottom of a service loop is a worker without work.
  private static func natureOfForeign(
    _ sample: StackSample, in slice: ProfileSlice
  ) -> WaitNature {
    if slice.contains(.lockFrame)(sample) && !slice.contains(.queueWait)(sample) { return .wasted }
    if slice.contains(.storageSync)(sample) { return .necessary }
    // Whoever sends has something to hand over, and nobody takes it.
    if slice.contains(.handingOver)(sample) { return .wasted }
    if slice.standing.contains(sample.symbols) { return .idle }
    if slice.isOfIdleRole && slice.contains(.queueWait)(sample) { return .idle }
    if slice.contains(.requestHandler)(sample) { return .necessary }
    if slice.contains(.serviceLoop)(sample) { return .idle }
    return .unknown
  }
}
