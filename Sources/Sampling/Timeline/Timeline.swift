/// What the threads of a process did, and when: a picture in time, where a profile is a sum.
///
///     phases     ├── load ──┤├────────── measure ──────────┤
///     worker-1   ▒▒▒████████░░░░░░░░░░▒████████████░░░░░░░░   █ running  ▒ runnable  ░ blocked
///     worker-2   ████░░░░████▒▒▒▒████████░░░░░░░░░░░░██████
///
/// All times are nanoseconds of the monotonic clock. The slices of a thread do not overlap.
package struct Timeline: Sendable {
  package struct Process: Sendable, Equatable {
    package let pid: Int32
    package let name: String

    package init(pid: Int32, name: String) { (self.pid, self.name) = (pid, name) }
  }

  package struct Thread: Sendable, Equatable {
    package let pid: Int32
    package let tid: Int32
    package let name: String

    package init(pid: Int32, tid: Int32, name: String) {
      (self.pid, self.tid, self.name) = (pid, tid, name)
    }
  }

  /// What a thread is doing.
  package enum State: Sendable, Hashable {
    case running
    /// Has been woken and waits for a core.
    case runnable
    /// Lost its core while it had something to do.
    case preempted
    /// Waits for something of this class: `lock`, `disk` …
    case blocked(class: String)
    /// Records are missing, or it began before the window did.
    case unknown
  }

  package struct Slice: Sendable, Equatable {
    package let tid: Int32
    package let start: UInt64
    package let end: UInt64
    package let state: State
    /// What the thread worked on when the slice ended, or when it began to wait.
    package let operation: String?
    /// Who ended the wait, when it was a thread of the process.
    package let wakerTid: Int32?

    package init(
      tid: Int32, start: UInt64, end: UInt64, state: State, operation: String? = nil,
      wakerTid: Int32? = nil
    ) {
      (self.tid, self.start, self.end) = (tid, start, end)
      (self.state, self.operation, self.wakerTid) = (state, operation, wakerTid)
    }
  }

  /// A part of the run with a name, on a track of its own.
  package struct Phase: Sendable, Equatable {
    package let name: String
    package let start: UInt64
    package let end: UInt64

    package init(name: String, start: UInt64, end: UInt64) {
      (self.name, self.start, self.end) = (name, start, end)
    }
  }

  /// A number that changes with time.
  package struct Counter: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
      package let time: UInt64
      package let value: Int64

      package init(time: UInt64, value: Int64) { (self.time, self.value) = (time, value) }
    }

    package let name: String
    package let points: [Point]

    package init(name: String, points: [Point]) { (self.name, self.points) = (name, points) }
  }

  /// What was left out of the picture or drawn more simply than it was.
  package struct Losses: Sendable, Equatable {
    /// Slices that came when the limit was reached, and the time they took.
    package var droppedSlices = 0
    package var droppedNanoseconds: UInt64 = 0
    /// Slices too short to be seen, drawn as part of the slice beside them.
    package var mergedSlices = 0
    package var mergedNanoseconds: UInt64 = 0

    package init() {}
  }

  package var start: UInt64
  package var end: UInt64
  package var processes: [Process]
  package var threads: [Thread]
  package var phases: [Phase] = []
  package var counters: [Counter] = []
  package var losses = Losses()
  private(set) var records: SliceRecords

  package init(
    start: UInt64, end: UInt64, processes: [Process], threads: [Thread], slices: [Slice] = []
  ) {
    (self.start, self.end) = (start, end)
    (self.processes, self.threads) = (processes, threads)
    records = SliceRecords(slices)
  }

  init(
    start: UInt64, end: UInt64, processes: [Process], threads: [Thread], records: SliceRecords
  ) {
    (self.start, self.end) = (start, end)
    (self.processes, self.threads) = (processes, threads)
    self.records = records
  }

  package var sliceCount: Int { records.records.count }

  /// Every slice; those of one thread in the order of time.
  package var slices: some RandomAccessCollection<Slice> {
    records.records.indices.lazy.map { records.slice(at: $0) }
  }

  /// Phases put on as many lanes as are needed for no two on one lane to overlap.
  var phaseLanes: [[Phase]] {
    var lanes: [[Phase]] = []
    for phase in phases.sorted(by: { ($0.start, $1.end) < ($1.start, $0.end) }) {
      if let free = lanes.firstIndex(where: { ($0.last?.end ?? 0) <= phase.start }) {
        lanes[free].append(phase)
      } else {
        lanes.append([phase])
      }
    }
    return lanes
  }
}
