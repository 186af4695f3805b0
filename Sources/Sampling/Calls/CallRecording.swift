package import Pprof
package import Vocabulary

/// The system calls of a window: how many, how long, how they ended, and who made them.
package struct CallRecording: Sendable {
  /// The calls of one thread, by name.
  package struct Thread: Sendable {
    package let pid: Int32
    package let tid: Int32
    package let name: String
    package let calls: [CallStatistics]
  }

  package let threads: [Thread]
  package let profiles: [(role: Role, profile: Profile)]
  /// Calls that the kernel counted and whose record did not find room.
  package let lostCalls: Int
  /// How many stacks were taken at each spacing.
  package let stacksTaken: [StackSpacing: Int]
  /// CPU time that was sampled, in calls and outside.
  package let cpuSeconds: Double

  init(
    _ ledger: CallLedger, threads table: Threads.Table, counted: Int,
    profiles: [(role: Role, profile: Profile)]
  ) {
    threads = ledger.threads.values.sorted { $0.tid < $1.tid }.compactMap { thread in
      let calls = thread.sums.filter { $0.value.count > 0 }.map {
        CallStatistics($0.key, $0.value)
      }
      guard !calls.isEmpty else { return nil }
      return Thread(
        pid: table.processes[thread.tid] ?? thread.tid, tid: thread.tid,
        name: table.names[thread.tid] ?? "thread", calls: calls.sorted { $0.name < $1.name })
    }
    self.profiles = profiles
    lostCalls = max(0, counted - ledger.entered)
    stacksTaken = ledger.stacksTaken
    cpuSeconds = Double(ledger.cpuNanoseconds) / 1e9
  }

  /// The calls of all threads, those that took longest first.
  package var calls: [CallStatistics] {
    var sums: [String: CallStatistics] = [:]
    for call in threads.flatMap(\.calls) {
      sums[call.name] = sums[call.name].map { $0.adding(call) } ?? call
    }
    return sums.values.sorted { ($1.seconds, $1.count, $0.name) < ($0.seconds, $0.count, $1.name) }
  }
}

/// All calls of one name.
package struct CallStatistics: Sendable {
  package let name: String
  /// Calls that were under way at some moment of the window.
  package private(set) var count: Int
  /// Lengths of the calls that were seen from beginning to end.
  package private(set) var times: CallTimes
  package private(set) var wholeSeconds: Double
  /// What lies in the window of calls that began before it or did not end in it.
  package private(set) var partSeconds: Double
  package private(set) var begunBefore: Int
  /// Calls that had not ended when the window did.
  package private(set) var open: Int
  /// Calls whose length is unknown because a record was lost.
  package private(set) var untimed: Int
  /// How often each error was the answer.
  package private(set) var errors: [String: Int]
  package private(set) var cpuSeconds: Double

  init(_ call: Int, _ sum: CallLedger.Sum) {
    name = SystemCallName.of(call)
    count = sum.count
    times = sum.times
    wholeSeconds = Double(sum.nanoseconds) / 1e9
    partSeconds = Double(sum.partNanoseconds) / 1e9
    (begunBefore, open, untimed) = (sum.begunBefore, sum.open, sum.untimed)
    errors = Dictionary(sum.errors.map { (ErrorName.of($0.key), $0.value) }) { $0 + $1 }
    cpuSeconds = Double(sum.cpuNanoseconds) / 1e9
  }

  /// All time that threads spent in these calls inside the window.
  package var seconds: Double { wholeSeconds + partSeconds }

  /// Of the calls that were seen from beginning to end; nil when there is none.
  package var meanSeconds: Double? {
    times.total > 0 ? wholeSeconds / Double(times.total) : nil
  }

  package func quantile(_ share: Double) -> Double? {
    times.quantile(share).map { Double($0) / 1e9 }
  }

  package var errorCount: Int { errors.values.reduce(0, +) }

  /// The error that came most often.
  package var commonError: (name: String, count: Int)? {
    errors.min { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  func adding(_ other: CallStatistics) -> CallStatistics {
    var sum = self
    sum.count += other.count
    sum.times.add(other.times)
    sum.wholeSeconds += other.wholeSeconds
    sum.partSeconds += other.partSeconds
    sum.begunBefore += other.begunBefore
    sum.open += other.open
    sum.untimed += other.untimed
    sum.errors.merge(other.errors) { $0 + $1 }
    sum.cpuSeconds += other.cpuSeconds
    return sum
  }
}
