import Basics
import Synchronization
package import VectorIndex

/// Builds an index from rows in memory, with several threads, and remembers which row went where.
package enum IndexBuild {
  package struct Built: Sendable {
    package let index: GraphIndex
    /// The row in each slot.
    package let rows: [UInt32]
    package let seconds: Double
    /// By which the resident memory of the process grew.
    package let memoryBytes: Int
  }

  /// - Parameters:
  ///   - rows: One behind the other.
  ///   - options: Of the index.
  ///   - threads: Each takes the next few rows that nobody has taken.
  /// - Returns: The index, and what it cost.
  /// - Throws: What the index refused.
  package static func run(
    _ rows: [Float], _ options: IndexOptions, threads: Int
  ) throws -> Built {
    let (count, width) = (rows.count / options.dimensions, options.dimensions)
    let before = ResidentMemory.bytes
    let start = Clock.now()
    let index = try GraphIndex(options)
    let next = SharedCounter()
    let parts = try WorkerThreads.run(count: threads, name: "build") {
      _ -> Result<[(UInt32, UInt32)], IndexError> in
      Result { () throws(IndexError) in
        let vectors = rows.span
        var placed: [(UInt32, UInt32)] = []
        placed.reserveCapacity(count / threads + 64)
        while true {
          let first = next.take(32)
          if first >= count { return placed }
          for row in first..<min(first + 32, count) {
            let slot = try index.insert(vectors.extracting((row * width)..<((row + 1) * width)))
            placed.append((slot.raw, UInt32(row)))
          }
        }
      }
    }
    let seconds = Double(Clock.now() - start) / 1e9
    var places = [UInt32](repeating: 0, count: count)
    for part in parts { for (slot, row) in try part.get() { places[Int(slot)] = row } }
    return Built(
      index: index, rows: places, seconds: seconds,
      memoryBytes: max(0, ResidentMemory.bytes - before))
  }

  /// Hands out numbers, each once.
  private final class SharedCounter: Sendable {
    private let value = Atomic<Int>(0)

    func take(_ count: Int) -> Int {
      value.wrappingAdd(count, ordering: .relaxed).oldValue
    }
  }
}

/// What of this process is in memory right now.
package enum ResidentMemory {
  package static var bytes: Int {
    let text = (try? FileSystem.text(of: "/proc/self/statm")) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * 4_096
  }
}
