import Basics
import Synchronization
import VectorStore
import Vocabulary

/// Ways to use the CPU.
enum Burning {
  /// Two threads that spend seven parts in a search and three in an insert, by their own clocks,
  /// in one and the same function.
  static func split(seconds: UInt64) throws -> [String: UInt64] {
    let sums = try WorkerThreads.run(count: 2, name: "burner") { _ -> [UInt64] in
      var sums: [UInt64] = [0, 0]
      while sums[0] + sums[1] < seconds * 1_000_000_000 {
        Marker.run(.search) { sums[0] += burn(7_000_000) }
        Marker.run(.insert) { sums[1] += burn(3_000_000) }
      }
      return sums
    }
    return [
      "search": sums.reduce(0) { $0 + $1[0] }, "insert": sums.reduce(0) { $0 + $1[1] },
    ]
  }

  /// Threads that are born while somebody watches.
  static func births(threads: Int, milliseconds: UInt64) throws -> [String: UInt64] {
    let sums = try (0..<threads).map { _ in
      try WorkerThreads.run(count: 1, name: "burner") { _ in burn(milliseconds * 1_000_000) }[0]
    }
    return ["burn": sums.reduce(0, +)]
  }

  /// Two threads that never rest, and how much they had done at many moments.
  static func steady(seconds: UInt64) throws -> [String: UInt64] {
    let pulse = Pulse()
    let end = Clock.now() + seconds * 1_000_000_000
    let seen = try WorkerThreads.run(count: 3, name: "burner") { worker -> [String: UInt64] in
      if worker == 2 { return pulse.watch() }
      while Clock.now() < end {
        // The answer is used, or the compiler would leave the work out.
        pulse.work.add(spin(20_000) == 0 ? 2 : 1, ordering: .relaxed)
      }
      pulse.isOver.store(true, ordering: .relaxed)
      return [:]
    }
    return seen[2]
  }

  /// So many steps, each waiting for the one before it.
  @inline(never)
  static func spin(_ steps: Int) -> UInt64 {
    var number: UInt64 = UInt64(steps) | 1
    for _ in 0..<steps { number = number &* 6_364_136_223_846_793_005 &+ 1 }
    return number
  }

  @inline(never)
  private static func burn(_ nanoseconds: UInt64) -> UInt64 {
    let start = Clock.threadCPU()
    var spent: UInt64 = 0
    var number: UInt64 = start | 1
    while spent < nanoseconds {
      for _ in 0..<2_000 { number = number &* 6_364_136_223_846_793_005 &+ 1 }
      spent = Clock.threadCPU() - start
    }
    return number == 0 ? 0 : spent
  }
}
