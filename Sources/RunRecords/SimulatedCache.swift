import Basics

/// `simulated-cache.json` of a run: what one call of each operation does in a model of the caches.
///
/// Nothing in it was measured. valgrind's cachegrind carried out a small copy of the workload and
/// counted what simulated caches and a simulated branch predictor made of it: counts, which repeat,
/// and no times. They stand in a table of their own and never beside what a processor counted.
package struct SimulatedCache: Codable, Sendable, Equatable {
  package static let name = "simulated-cache.json"
  package static let currentSchema = 1

  package var schema = SimulatedCache.currentSchema
  /// `cachegrind`.
  package var tool: String
  /// valgrind's own words, such as `3.19.0`.
  package var toolVersion: String
  /// What was simulated, in the tool's order: I1, D1, LL.
  package var caches: [Cache]
  package var workload: Workload
  package var operations: [Operation]
  /// What a reader should know beside the numbers.
  package var notes: [String]

  package init(
    tool: String = "cachegrind", toolVersion: String, caches: [Cache], workload: Workload,
    operations: [Operation], notes: [String]
  ) {
    (self.tool, self.toolVersion, self.caches) = (tool, toolVersion, caches)
    (self.workload, self.operations, self.notes) = (workload, operations, notes)
  }

  package struct Cache: Codable, Sendable, Equatable {
    package var name: String
    package var bytes: Int
    package var lineBytes: Int
    /// Places that a line may lie in.
    package var ways: Int

    package init(name: String, bytes: Int, lineBytes: Int, ways: Int) {
      (self.name, self.bytes, self.lineBytes, self.ways) = (name, bytes, lineBytes, ways)
    }
  }

  /// The small copy of the run's workload, where it is not the run's own.
  package struct Workload: Codable, Sendable, Equatable {
    package var rows: Int
    package var rowsOfRun: Int
    package var dimensions: Int
    package var kernel: String
    package var kernelOfRun: String
    /// Vectors and links of all rows: what the caches have to hold.
    package var dataBytes: Int
    /// Vectors in an insert, an upsert or a delete.
    package var writeBatch: Int

    package init(
      rows: Int, rowsOfRun: Int, dimensions: Int, kernel: String, kernelOfRun: String,
      dataBytes: Int, writeBatch: Int
    ) {
      (self.rows, self.rowsOfRun, self.dimensions) = (rows, rowsOfRun, dimensions)
      (self.kernel, self.kernelOfRun) = (kernel, kernelOfRun)
      (self.dataBytes, self.writeBatch) = (dataBytes, writeBatch)
    }
  }

  /// All calls of one kind together.
  package struct Operation: Codable, Sendable, Equatable {
    /// As in the `op` label: `search`, `insert`, `delete`.
    package var name: String
    package var calls: Int
    /// Calls of the same kind before them, which are not counted.
    package var warmCalls: Int
    package var counts: Counts
    /// Of the first half of the calls, which should be a half of it all.
    package var firstHalf: Counts
    /// Those that cost most, by instructions and by misses.
    package var functions: [Function]

    package init(
      name: String, calls: Int, warmCalls: Int, counts: Counts, firstHalf: Counts,
      functions: [Function]
    ) {
      (self.name, self.calls, self.warmCalls) = (name, calls, warmCalls)
      (self.counts, self.firstHalf, self.functions) = (counts, firstHalf, functions)
    }
  }

  /// The own costs of a function, whatever its callers are.
  package struct Function: Codable, Sendable, Equatable {
    package var name: String
    package var counts: Counts

    package init(name: String, counts: Counts) { (self.name, self.counts) = (name, counts) }
  }

  package struct Counts: Codable, Sendable, Equatable {
    package var instructions = 0
    /// Reads and writes of data, each as wide as the instruction makes it.
    package var dataAccesses = 0
    package var l1DataMisses = 0
    package var l1InstructionMisses = 0
    /// Data that was in no simulated cache.
    package var lastLevelDataMisses = 0
    package var lastLevelInstructionMisses = 0
    /// Conditional and indirect.
    package var branches = 0
    package var branchMisses = 0

    package init() {}
  }
}

extension SimulatedCache.Counts {
  package typealias Field = any WritableKeyPath<Self, Int> & Sendable

  /// Every count, in the order of a table.
  package static let fields: [Field] = [
    \.instructions, \.dataAccesses, \.l1DataMisses, \.l1InstructionMisses, \.lastLevelDataMisses,
    \.lastLevelInstructionMisses, \.branches, \.branchMisses,
  ]

  /// Wraps around nowhere: what comes in is limited where it is read.
  package static func + (left: Self, right: Self) -> Self { combine(left, right, &+) }

  package static func - (left: Self, right: Self) -> Self { combine(left, right, &-) }

  private static func combine(_ left: Self, _ right: Self, _ step: (Int, Int) -> Int) -> Self {
    var sum = Self()
    for field in fields { sum[keyPath: field] = step(left[keyPath: field], right[keyPath: field]) }
    return sum
  }
}

extension SimulatedCache.Operation {
  /// Of one call, on average.
  ///
  /// A count that none of the calls has can be a few below zero, because the processes that are
  /// subtracted need not miss the same line; that is none.
  package func each(_ field: KeyPath<SimulatedCache.Counts, Int>) -> Double {
    calls > 0 ? Double(max(0, counts[keyPath: field])) / Double(calls) : 0
  }

  /// A function's part of a count; nil where there is less than one in a call, of which a part
  /// would mean nothing.
  package func share(
    of function: SimulatedCache.Function, _ field: KeyPath<SimulatedCache.Counts, Int>
  ) -> Double? {
    let whole = counts[keyPath: field]
    guard calls > 0, whole >= calls else { return nil }
    return Double(max(0, function.counts[keyPath: field])) / Double(whole)
  }

  /// The functions to be shown: most instructions first, and with them those with a tenth of the
  /// misses or of the wrong guesses.
  package func leading(_ count: Int) -> [SimulatedCache.Function] {
    let costs: [KeyPath<SimulatedCache.Counts, Int>] = [
      \.lastLevelDataMisses, \.l1DataMisses, \.branchMisses,
    ]
    return functions.enumerated().filter { place, function in
      place < count || costs.contains { (share(of: function, $0) ?? 0) >= 0.1 }
    }.map(\.element)
  }

  /// How far the instructions of the second half of the calls lie from those of the first, as a
  /// share of these; nil where there are none.
  package var drift: Double? {
    let (first, second) = (firstHalf.instructions, counts.instructions - firstHalf.instructions)
    return first > 0 ? Double(second) / Double(first) - 1 : nil
  }
}

extension SimulatedCache {
  package func encoded() throws(RunError) -> [UInt8] {
    try RecordJSON.encode(self, path: Self.name)
  }

  /// Larger than any of ours.
  private static let largest = 16 << 20

  private struct Version: Decodable { let schema: Int }

  /// - Throws: Why the bytes are no such file that this version reads.
  package static func decode(_ bytes: [UInt8]) throws(RunError) -> SimulatedCache {
    let version = try RecordJSON.decode(Version.self, from: bytes, path: name)
    if version.schema != currentSchema {
      throw .unknownSchema(path: name, found: version.schema, known: currentSchema)
    }
    let file = try RecordJSON.decode(SimulatedCache.self, from: bytes, path: name)
    try RecordLimits.check(file, path: name)
    return file
  }

  /// Nil with no problem where the run has none.
  static func read(in folder: String) -> (value: SimulatedCache?, problem: String?) {
    let path = "\(folder)/\(name)"
    guard let size = FileSystem.size(of: path) else { return (nil, nil) }
    guard size <= largest, let bytes = try? FileSystem.contents(of: path),
      let file = try? decode(bytes)
    else { return (nil, "\(name) cannot be read") }
    return (file, nil)
  }
}
