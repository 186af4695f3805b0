/// A stretch of time in which a watcher looked, or did not, and what was done meanwhile.
package struct Spell: Codable, Sendable, Equatable {
  package var isWatched: Bool
  /// On the clock that all processes share, in nanoseconds.
  package var start: UInt64
  package var end: UInt64
  package var cpuNanoseconds: UInt64
  /// How much was done of each kind of work.
  package var work: [UInt64]

  package init(
    isWatched: Bool, start: UInt64, end: UInt64, cpuNanoseconds: UInt64, work: [UInt64]
  ) {
    self.isWatched = isWatched
    self.start = start
    self.end = end
    self.cpuNanoseconds = cpuNanoseconds
    self.work = work
  }

  package func contains(_ moment: UInt64) -> Bool { start <= moment && moment < end }
}
