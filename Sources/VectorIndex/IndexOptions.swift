package import Vocabulary

/// How an index is built and searched.
package struct IndexOptions: Codable, Sendable, Equatable {
  package var dimensions: Int
  package var metric: Metric
  /// Links of a node on each upper layer; the ground layer has twice as many.
  package var m: Int
  /// How many candidates an insert looks at before it picks its neighbors.
  package var efConstruction: Int
  /// Decides the layers of the nodes, and with one thread the whole graph.
  package var seed: UInt64
  package var kernel: KernelChoice
  package var scratch: ScratchPolicy
  package var visited: VisitedSet
  /// Addresses are reserved for that many slots; nil for more than a machine has memory for.
  ///
  /// Of an open index and not of its data: a simulated machine has few addresses.
  package var slotsMax: Int?

  package init(
    dimensions: Int, metric: Metric, m: Int = 16, efConstruction: Int = 200, seed: UInt64 = 42,
    kernel: KernelChoice = .automatic, scratch: ScratchPolicy = .pooled,
    visited: VisitedSet = .marks
  ) {
    self.dimensions = dimensions
    self.metric = metric
    self.m = m
    self.efConstruction = efConstruction
    self.seed = seed
    self.kernel = kernel
    self.scratch = scratch
    self.visited = visited
  }

  func check() throws(IndexError) {
    try Self.check("dimensions", dimensions, in: 1...65_536)
    try Self.check("m", m, in: 2...256)
    try Self.check("efConstruction", efConstruction, in: 1...100_000)
    if let slotsMax { try Self.check("slotsMax", slotsMax, in: 1...(1 << 32)) }
  }

  private static func check(
    _ name: String, _ value: Int, in range: ClosedRange<Int>
  ) throws(IndexError) {
    if !range.contains(value) { throw .optionOutOfRange(name: name, value: value, range: range) }
  }
}

/// Where a search keeps its notes.
package enum ScratchPolicy: String, Codable, Sendable, CaseIterable {
  /// One set of buffers per running thread, kept and used again.
  case pooled
  /// New buffers for every operation: what a straightforward implementation does.
  case fresh
}

/// How a search remembers where it has been.
package enum VisitedSet: String, Codable, Sendable, CaseIterable {
  /// One stamp per slot, emptied by counting the stamp up.
  case marks
  /// A hash set of slots.
  case map
}
