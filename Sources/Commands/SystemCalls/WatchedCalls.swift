import Findings
import Measurement
import Sampling

/// The system calls of a live program as `--json` tells them; the table is made from the same.
struct WatchedCalls: Encodable {
  let schema = "vbench.syscalls/1"
  let source: String
  let windowSeconds: Double
  let count: Int
  /// Calls that are in no row because their records were lost.
  let lostCalls: Int
  /// Whether there were more calls than the rows say.
  let isLowerBound: Bool
  let cpuSeconds: Double
  let stacks: [Stacks]
  let calls: [Call]
  let threads: [Thread]
  let run: String?
  private let limit: Int

  /// Stacks taken of one in so many calls.
  struct Stacks: Encodable {
    let every: Int
    let taken: Int
  }

  struct Call: Encodable {
    let call: String
    let count: Int
    let perSecond: Double
    let errors: Int
    let errorNames: [String: Int]
    /// The time spent in them inside the window, by all threads together.
    let seconds: Double
    let meanSeconds: Double?
    let p50Seconds: Double?
    let p99Seconds: Double?
    let cpuSeconds: Double
    let cpuShare: Double?
    let openAtEnd: Int
    let begunBefore: Int
    let untimed: Int
    let callers: [SystemCallCaller]
  }

  struct Thread: Encodable {
    let pid: Int32
    let tid: Int32
    let name: String
    let calls: [ThreadCall]
  }

  struct ThreadCall: Encodable {
    let call: String
    let count: Int
    let errors: Int
    let seconds: Double
    let cpuSeconds: Double
    let openAtEnd: Int
  }

  private enum CodingKeys: CodingKey {
    case schema, source, windowSeconds, count, lostCalls, isLowerBound, cpuSeconds, stacks, calls
    case threads, run
  }

  init(
    _ recording: CallRecording, _ quality: RecordingQuality, _ source: String, run: String?,
    limit: Int
  ) {
    self.source = source
    self.run = run
    self.limit = limit
    windowSeconds = quality.windowSeconds
    let statistics = recording.calls
    count = statistics.reduce(0) { $0 + $1.count }
    lostCalls = recording.lostCalls
    isLowerBound = recording.lostCalls > 0
    cpuSeconds = recording.cpuSeconds
    stacks = recording.stacksTaken.sorted { $0.key < $1.key }.map {
      Stacks(every: Int($0.key.rawValue), taken: $0.value)
    }
    let callers = Dictionary(
      grouping: recording.profiles.flatMap { SystemCallCaller.callers(in: $0.profile) }, by: \.call)
    let cpu = recording.cpuSeconds
    calls = statistics.map { call in
      Call(
        call: call.name, count: call.count,
        perSecond: Double(call.count) / max(quality.windowSeconds, 1e-9),
        errors: call.errorCount, errorNames: call.errors, seconds: call.seconds,
        meanSeconds: call.meanSeconds, p50Seconds: call.quantile(0.5),
        p99Seconds: call.quantile(0.99), cpuSeconds: call.cpuSeconds,
        cpuShare: cpu > 0 ? call.cpuSeconds / cpu : nil, openAtEnd: call.open,
        begunBefore: call.begunBefore, untimed: call.untimed, callers: callers[call.name] ?? [])
    }
    threads = recording.threads.map { thread in
      Thread(
        pid: thread.pid, tid: thread.tid, name: thread.name,
        calls: thread.calls.map {
          ThreadCall(
            call: $0.name, count: $0.count, errors: $0.errorCount, seconds: $0.seconds,
            cpuSeconds: $0.cpuSeconds, openAtEnd: $0.open)
        })
    }
  }

  // MARK: - Text

  var text: String {
    ([headline] + table + notes).joined(separator: "\n") + "\n"
  }

  private var headline: String {
    "\(NumberText.count(count)) system calls of \(source) in \(NumberText.duration(windowSeconds)), "
      + "by \(threads.count) \(threads.count == 1 ? "thread" : "threads")\n"
  }

  private var table: [String] {
    var columns = TextColumns(["call", "count", "calls/s", "total", "mean", "p50", "p99", "CPU"])
    columns.append("errors", isNumber: false)
    columns.append("made by", isNumber: false)
    for call in calls.prefix(limit) {
      columns.add([
        call.call, NumberText.count(call.count), NumberText.text(call.perSecond, .count),
        NumberText.duration(call.seconds), duration(call.meanSeconds), duration(call.p50Seconds),
        duration(call.p99Seconds), call.cpuShare.map(NumberText.percent) ?? "–", errors(call),
        callers(call),
      ])
    }
    let more = calls.count - limit
    return columns.lines + (more > 0 ? ["… and \(more) more; -n 0 shows all."] : [])
  }

  private func duration(_ seconds: Double?) -> String { seconds.map(NumberText.duration) ?? "–" }

  private func errors(_ call: Call) -> String {
    let common = call.errorNames.min { ($1.value, $0.key) < ($0.value, $1.key) }
    return common.map { "\(NumberText.count(call.errors)) \($0.key)" } ?? ""
  }

  /// The functions that spent most time in the call, with their share of it.
  private func callers(_ call: Call) -> String {
    let whole = call.callers.reduce(0) { $0 + $1.seconds }
    return call.callers.prefix(3).map { caller in
      let share = whole > 0 ? " " + NumberText.percent(caller.seconds / whole) : ""
      return caller.function + (caller.operation.map { " (\($0))" } ?? "")
        + (call.callers.count > 1 ? share : "")
    }.joined(separator: ", ")
  }

  private var notes: [String] {
    var notes = [stackNote] + openNotes
    if isLowerBound {
      let share = Double(lostCalls) / Double(max(1, lostCalls + count))
      notes.append(
        "LOWER BOUND: the kernel counted \(NumberText.count(lostCalls)) calls more "
          + "(\(NumberText.percent(share))) whose records were lost, because they came faster than "
          + "they could be read; times are those of the calls in the table.")
    }
    let untimed = calls.reduce(0) { $0 + $1.untimed }
    if untimed > 0 {
      notes.append(
        "Of \(NumberText.count(untimed)) calls the beginning or the end was lost; they count, and "
          + "have no length.")
    }
    if let run { notes.append("Results in \(run)") }
    return [""] + notes
  }

  private var stackNote: String {
    let taken = stacks.map {
      "\(NumberText.count($0.taken)) of \($0.every == 1 ? "every call" : "one call in \(NumberText.count($0.every))")"
    }
    return taken.isEmpty
      ? "Too few calls for a stack, so nobody is named who made them."
      : "Stacks taken: \(taken.joined(separator: ", "))."
  }

  /// What each thread was still waiting in; the longest lists are cut short.
  private var openNotes: [String] {
    let open = threads.flatMap { thread in
      thread.calls.filter { $0.openAtEnd > 0 }.map { (thread, $0) }
    }
    let lines = open.prefix(8).map { thread, call in
      "Still open at the end: \(call.call) in \(thread.name) (\(thread.tid)), "
        + "\(NumberText.duration(call.seconds)) of its calls in the window."
    }
    return lines + (open.count > 8 ? ["… and \(open.count - 8) threads more."] : [])
  }
}
