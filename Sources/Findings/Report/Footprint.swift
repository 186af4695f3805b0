import Pprof
import Vocabulary

/// The stacks of one profile of its role that a finding stands on.
struct Footprint: Sendable {
  let kind: ProfileKind
  /// Nil means all operations together.
  var operation: String?
  let matches: @Sendable (StackSample) -> Bool

  func holds(_ sample: StackSample) -> Bool {
    (operation == nil || operation == sample.operation) && matches(sample)
  }
}

/// How near to a cause a rule comes.
///
/// Of findings that stand on the same stacks the one that comes nearest tells the others.
enum Depth: Int, Comparable, Sendable {
  /// How much of something there is: lock delay, time in the kernel, time in one function.
  case amount
  /// What kind of work it is: sorting, allocating, formatting.
  case work
  /// What is done that makes it so: logging under a lock, throwing memory away.
  case cause

  static func < (left: Depth, right: Depth) -> Bool { left.rawValue < right.rawValue }
}
