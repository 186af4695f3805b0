import StorageEngine
import VectorIndex
import Vocabulary

/// The benchmarks there are: what an insert and a search are made of, from the inside out.
package enum MicroCatalogue {
  /// Candidates kept by the search that is measured, and answers wanted of it.
  private static let (ef, k) = (64, 10)
  /// What a search with that ef meets, about.
  private static let perSearch = 1_024

  package static let benchmarks: [MicroBenchmark] =
    distances + [candidates] + visited + [neighbors, insert, search, append, flush, known]

  private static let distances = ["near", "far"].flatMap { place in
    [KernelChoice.portable, .avx2, .avx512, .neon].filter(\.isAvailable).map { choice in
      MicroBenchmark(
        "distance.\(place)", variant: choice.rawValue,
        place == "near"
          ? "one squared distance, of 32 rows that stay in the nearest cache"
          : "one squared distance, of rows all over the index"
      ) { fixture in
        let parts = try fixture.parts()
        return timed { operations in
          place == "near"
            ? parts.nearDistances(operations, choice) : parts.farDistances(operations, choice)
        }
      }
    }
  }

  private static let candidates = MicroBenchmark(
    "candidates.offer", "one candidate offered to a pool that keeps \(ef), \(perSearch) to a pool"
  ) { fixture in
    let parts = try fixture.parts()
    return timed { parts.offers($0, bound: ef, perSearch: perSearch) }
  }

  private static let visited = VisitedSet.allCases.map { set in
    MicroBenchmark(
      "visited.insert", variant: set.rawValue,
      "one node asked for in the set of visited ones, half of them new, \(perSearch) to a set"
    ) { fixture in
      let parts = try fixture.parts()
      return timed { parts.visits($0, perSearch: perSearch, set) }
    }
  }

  private static let neighbors = MicroBenchmark(
    "neighbors.add", "one link added to a full list of 32, whose neighbors are picked anew",
    largestBatch: 256
  ) { fixture in
    let parts = try fixture.freshParts()
    return { operations, clock in
      let links = parts.linksToAdd(operations)
      defer { parts.restore(links) }
      return clock.time { parts.addLinks(links) }
    }
  }

  private static let insert = MicroBenchmark(
    "index.insert", "one vector inserted, m 16, ef-construction 200; the index grows",
    largestBatch: 16
  ) { fixture in
    let parts = try fixture.freshParts()
    var next = fixture.rows
    return { operations, clock in
      let rows = fixture.vectors(next..<(next + operations))
      next += operations
      let width = fixture.dimensions
      return try clock.time {
        let vectors = rows.span
        var sum: UInt64 = 0
        for row in 0..<operations {
          let slot = try parts.index.insert(vectors.extracting((row * width)..<((row + 1) * width)))
          sum &+= UInt64(slot.raw)
        }
        return sum
      }
    }
  }

  private static let search = MicroBenchmark(
    "index.search", "one search of 256 in turn, ef \(ef), top \(k)"
  ) { fixture in
    let parts = try fixture.parts()
    let queries = fixture.queries()
    let width = fixture.dimensions
    return timed { operations in
      let vectors = queries.span
      var sum: UInt64 = 0
      for number in 0..<operations {
        let place = number % 256 * width
        let hits = try parts.index.search(vectors.extracting(place..<(place + width)), k: k, ef: ef)
        sum &+= hits.last.map { UInt64($0.slot.raw) } ?? 0
      }
      return sum
    }
  }

  private static let append = MicroBenchmark(
    "log.append", "one vector made a record and handed to the kernel, without a sync",
    largestBatch: 4_096
  ) { fixture in
    let log = try fixture.log()
    let vector = fixture.vectors(0..<1)
    var next: UInt64 = 0
    return timed { operations in
      var sum: UInt64 = 0
      for _ in 0..<operations {
        next += 1
        sum &+= try log.commit(LogRecord.upsert([VectorID(next)], vector.span))
      }
      return sum
    }
  }

  private static let flush = MicroBenchmark(
    "log.flush", "one sync of a log that took one vector since the last", largestBatch: 1
  ) { fixture in
    let log = try fixture.log()
    let vector = fixture.vectors(0..<1)
    var next: UInt64 = 0
    return { _, clock in
      next += 1
      _ = try log.commit(LogRecord.upsert([VectorID(next)], vector.span))
      return try clock.time {
        try log.synchronize()
        return UInt64(log.unsyncedBytes)
      }
    }
  }

  /// Its counts are known beforehand: who doubts the counter looks here.
  private static let known = MicroBenchmark(
    "allocation.known", "three times 100 bytes asked for and given back", largestBatch: 1 << 16
  ) { _ in
    timed { operations in
      var sum: UInt64 = 0
      for _ in 0..<operations { sum &+= KnownAllocation.threeTimesHundredBytes() }
      return sum
    }
  }

  /// All of a body counts.
  private static func timed(_ body: @escaping (Int) throws -> UInt64) -> MicroBody {
    { operations, clock in try clock.time { try body(operations) } }
  }
}
