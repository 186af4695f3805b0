/// Counts that a run can have, checked where a record is read.
///
/// Everybody behind the reader adds them up over trials and multiplies rows with their width. A
/// file that was edited, or written by a program gone wrong, is named here once, and no sum of
/// what passes can leave the range of its type.
enum RecordLimits {
  /// Thirty years at a million operations a second.
  private static let countMax = 1_000_000_000_000_000
  private static let rowsMax = 1_000_000_000_000
  private static let dimensionsMax = 100_000
  /// Bytes of a day at ten terabytes a second.
  private static let counterMax = 1e18

  static func check(_ record: RunRecord, path: String) throws(RunError) {
    for trial in record.trials {
      for (name, count) in trial.operations.sorted(by: { $0.key < $1.key }) {
        try check(count, "trial \(trial.number) counts \(count) × \(name)", path)
      }
      try check(trial.errors, "trial \(trial.number) counts \(trial.errors) errors", path)
      try check(
        trial.vectorsWritten, "trial \(trial.number) wrote \(trial.vectorsWritten) vectors", path,
        most: rowsMax)
    }
    for result in record.results {
      guard let count = result.observations else { continue }
      try check(count, "\(result.name) has \(count) observations", path)
    }
    guard let data = record.dataset else { return }
    try check(data.rows, "there are \(data.rows) rows", path, most: rowsMax)
    try check(data.queries, "there are \(data.queries) queries", path, most: rowsMax)
    try check(
      data.dimensions, "there are \(data.dimensions) dimensions", path, most: dimensionsMax)
  }

  static func check(_ counters: RunCounters, path: String) throws(RunError) {
    for count in counters.counts {
      for value in [count.value].compactMap(\.self) + count.trials
      where !(0...counterMax).contains(value) {
        throw .unreadable(path: path, reason: "\(count.name) is \(value), which no run can have")
      }
    }
  }

  static func check(_ file: SimulatedCache, path: String) throws(RunError) {
    for operation in file.operations {
      try check(operation.calls, "\(operation.name) has \(operation.calls) calls", path)
      try check(operation.warmCalls, "\(operation.name) has \(operation.warmCalls) calls", path)
      let counts = [operation.counts, operation.firstHalf] + operation.functions.map(\.counts)
      for field in SimulatedCache.Counts.fields {
        for count in counts.map({ $0[keyPath: field] }) {
          // A function may have lost a little where the runs that are subtracted differ.
          try check(abs(max(count, -countMax - 1)), "\(operation.name) counts \(count)", path)
        }
      }
    }
    try check(file.workload.rows, "there are \(file.workload.rows) rows", path, most: rowsMax)
    try check(
      file.workload.rowsOfRun, "there are \(file.workload.rowsOfRun) rows", path, most: rowsMax)
    for cache in file.caches {
      try check(cache.bytes, "\(cache.name) has \(cache.bytes) bytes", path)
    }
    try check(file.workload.dataBytes, "there are \(file.workload.dataBytes) bytes", path)
  }

  private static func check(
    _ count: Int, _ what: @autoclosure () -> String, _ path: String, most: Int = countMax
  ) throws(RunError) {
    if (0...most).contains(count) { return }
    throw .unreadable(path: path, reason: "\(what()), which no run can have")
  }
}
