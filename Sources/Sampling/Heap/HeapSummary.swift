/// What a heap recording says in a few numbers.
package struct HeapSummary: Sendable {
  /// The path of the program, as far as the shim could tell.
  package var program: String
  package var pid: Int32
  package var parent: Int32
  package var seconds: Double
  /// Bytes between two samples on average.
  package var mean: Int64
  /// Exact: every call was counted.
  package var counts: HeapCounts
  package var samples: Int
  /// Samples that found no room in the file.
  package var droppedSamples: Int
  package var allocatedObjects: HeapEstimate
  package var allocatedBytes: HeapEstimate
  /// At the end of the window, or at the end of the process.
  package var liveObjects: HeapEstimate
  package var liveBytes: HeapEstimate
  /// The most that was live at one time.
  package var peakBytes: HeapEstimate
  /// When that was, in seconds from the start of the window.
  package var peakSeconds: Double
  package var leakCandidates: [HeapLeakCandidate]
  /// What a reader of these numbers must know, in sentences.
  package var notes: [String]
}

/// A place that allocated again and again, and of which nothing was seen to be freed.
///
/// Caches and tables that only grow look the same: it is a question, not a verdict.
package struct HeapLeakCandidate: Sendable {
  /// The function that allocates first, its caller next.
  package var frames: [String]
  package var liveObjects: HeapEstimate
  package var liveBytes: HeapEstimate
  /// Seconds from the start of the window.
  package var firstSeconds: Double
  package var lastSeconds: Double
}

extension HeapLedger {
  /// Stacks without a free whose allocations are spread over the time, the largest first.
  ///
  /// What a program builds up when it starts, and keeps, is all in the first quarter.
  func leaks(limit: Int = 20, frames: (Int) -> [String]) -> [HeapLeakCandidate] {
    var byStack: [Int: Sum] = [:]
    for (key, sum) in sums { byStack[key.stack, default: Sum()].merge(sum) }
    return byStack.filter { isSteady($0.value) }
      .sorted { ($1.value.liveBytes.value, $0.key) < ($0.value.liveBytes.value, $1.key) }
      .prefix(limit)
      .map { stack, sum in
        HeapLeakCandidate(
          frames: frames(stack), liveObjects: sum.liveObjects, liveBytes: sum.liveBytes,
          firstSeconds: seconds(sum.times.min() ?? began),
          lastSeconds: seconds(sum.times.max() ?? began))
      }
  }

  func seconds(_ time: UInt64) -> Double { Double(time - min(time, began)) / 1e9 }

  private func isSteady(_ sum: Sum) -> Bool {
    guard sum.freed == 0, sum.times.count >= 4, ended > began else { return false }
    let quarters = Set(
      sum.times.map { time in
        min(3, Int(Double(time - min(time, began)) / Double(ended - began) * 4))
      })
    return quarters.count >= 3
  }
}

extension HeapLedger.Sum {
  mutating func merge(_ other: HeapLedger.Sum) {
    allocatedObjects.merge(other.allocatedObjects)
    allocatedBytes.merge(other.allocatedBytes)
    liveObjects.merge(other.liveObjects)
    liveBytes.merge(other.liveBytes)
    freed += other.freed
    times += other.times
  }
}
