import Basics

/// One small piece of work that can be done any number of times.
package struct MicroBenchmark: Sendable {
  /// Such as `distance.near`; what a filter is held against.
  package let name: String
  /// Which of several ways of doing the same work; the first of a name is the yardstick.
  package let variant: String?
  /// What one operation is, in words.
  package let work: String
  /// Never more operations than this at a time.
  package let largestBatch: Int
  /// Makes what it works on, outside the time.
  package let make: @Sendable (MicroFixture) throws -> MicroBody

  package var title: String { variant.map { "\(name) \($0)" } ?? name }

  package init(
    _ name: String, variant: String? = nil, _ work: String, largestBatch: Int = 1 << 20,
    make: @escaping @Sendable (MicroFixture) throws -> MicroBody
  ) {
    self.name = name
    self.variant = variant
    self.work = work
    self.largestBatch = largestBatch
    self.make = make
  }
}

/// Does so many operations, those on the clock that count.
package typealias MicroBody = (_ operations: Int, _ clock: MicroClock) throws -> MicroBatch

package struct MicroBatch {
  package var nanoseconds: UInt64
  /// Depends on all of the work, so that none can be left out.
  package var checksum: UInt64
}

/// Runs the part of a batch that counts, and only that.
package struct MicroClock {
  /// Around what counts; allocations are counted between the two.
  private let begin: () -> Void
  private let end: () -> Void

  package init(begin: @escaping () -> Void = {}, end: @escaping () -> Void = {}) {
    self.begin = begin
    self.end = end
  }

  package func time(_ body: () throws -> UInt64) rethrows -> MicroBatch {
    begin()
    defer { end() }
    let start = Clock.now()
    let checksum = try body()
    return MicroBatch(nanoseconds: Clock.now() - start, checksum: checksum)
  }
}
