/// A timeline as Chrome's JSON, one event a line.
///
///     {"displayTimeUnit":"ns","otherData":{…},"traceEvents":[
///     {"ph":"M","pid":7,"tid":9,"name":"thread_name","args":{"name":"worker"}},
///     {"ph":"X","pid":7,"tid":9,"ts":12.345,"dur":3.000,"name":"blocked: lock","cat":"blocked"},
///     …
///     ]}
///
/// Times are microseconds since the start of the window: nanoseconds since boot would lose their
/// last digits in a viewer that reads numbers as doubles. Phases and counters belong to the first
/// process; phases lie on threads with numbers that the kernel never gives out.
package enum ChromeTrace {
  /// The kernel's numbers end at 2^22.
  static let phaseTid = 1 << 23

  package static func encode<Failure: Error>(
    _ timeline: Timeline, _ give: @escaping ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var writer = Writer(timeline, ByteBatch(give))
    try writer.write()
  }

  private struct Writer<Failure: Error> {
    private let timeline: Timeline
    private let pids: [Int32: Int32]
    private let pid: Int32
    private var batch: ByteBatch<Failure>
    private var isFirst = true

    init(_ timeline: Timeline, _ batch: ByteBatch<Failure>) {
      self.timeline = timeline
      self.batch = batch
      pid = timeline.processes.first?.pid ?? 0
      pids = Dictionary(timeline.threads.map { ($0.tid, $0.pid) }) { first, _ in first }
    }

    mutating func write() throws(Failure) {
      head()
      for process in timeline.processes { name("process_name", process.pid, nil, process.name) }
      for thread in timeline.threads { name("thread_name", thread.pid, thread.tid, thread.name) }
      phases()
      try counters()
      try slices()
      text("\n]}\n")
      try batch.flush()
    }

    private mutating func head() {
      let losses = timeline.losses
      text(#"{"displayTimeUnit":"ns","otherData":{"start_monotonic_ns":"\#(timeline.start)","#)
      text(#""window_ns":\#(timeline.end - timeline.start),"#)
      text(#""dropped_slices":\#(losses.droppedSlices),"#)
      text(#""dropped_ns":\#(losses.droppedNanoseconds),"#)
      text(#""merged_slices":\#(losses.mergedSlices),"merged_ns":\#(losses.mergedNanoseconds)},"#)
      text("\"traceEvents\":[\n")
    }

    private mutating func name(_ kind: String, _ pid: Int32, _ tid: Int32?, _ name: String) {
      line()
      text(#"{"ph":"M","pid":\#(pid),"tid":\#(tid ?? pid),"name":"\#(kind)","#)
      text(#""args":{"name":\#(TraceName.json(name))}}"#)
    }

    private mutating func phases() {
      for (lane, phases) in timeline.phaseLanes.enumerated() {
        let tid = Int32(clamping: ChromeTrace.phaseTid + lane)
        name("thread_name", pid, tid, "phases")
        line()
        text(#"{"ph":"M","pid":\#(pid),"tid":\#(tid),"name":"thread_sort_index","#)
        text(#""args":{"sort_index":-1}}"#)
        for phase in phases {
          span(pid, tid, phase.start, phase.end)
          text(#""name":\#(TraceName.json(phase.name)),"cat":"phase"}"#)
        }
      }
    }

    private mutating func counters() throws(Failure) {
      for counter in timeline.counters {
        let name = TraceName.json(counter.name)
        for point in counter.points {
          line()
          text(#"{"ph":"C","pid":\#(pid),"ts":"#)
          time(since(point.time))
          text(#","name":\#(name),"args":{"value":\#(point.value)}}"#)
          try batch.pass()
        }
      }
    }

    private mutating func slices() throws(Failure) {
      let endings = timeline.records.displays.map { Array(Self.ending($0).utf8) }
      let wakers = timeline.records.displays.map { $0.operation != nil }
      for record in timeline.records.records {
        span(pids[record.tid] ?? pid, record.tid, record.start, record.end)
        let display = Int(record.display)
        batch.bytes += endings[display]
        if record.waker != 0 {
          text(wakers[display] ? "," : ",\"args\":{")
          text("\"waker_tid\":\(record.waker)}}")
        } else {
          text(wakers[display] ? "}}" : "}")
        }
        try batch.pass()
      }
    }

    /// What all slices that show this end with; the braces come after the waker.
    private static func ending(_ display: SliceRecords.Display) -> String {
      let args = display.operation.map { #","args":{"operation":\#(TraceName.json($0))"# } ?? ""
      return #""name":\#(TraceName.json(display.title)),"cat":"\#(display.category)"\#(args)"#
    }

    // MARK: - Pieces

    private mutating func span(_ pid: Int32, _ tid: Int32, _ start: UInt64, _ end: UInt64) {
      line()
      text(#"{"ph":"X","pid":\#(pid),"tid":\#(tid),"ts":"#)
      time(since(start))
      text(",\"dur\":")
      time(end > start ? end - start : 0)
      text(",")
    }

    private func since(_ time: UInt64) -> UInt64 {
      time > timeline.start ? time - timeline.start : 0
    }

    /// Microseconds with three decimals.
    private mutating func time(_ nanoseconds: UInt64) {
      text("\(nanoseconds / 1_000).")
      let rest = UInt8(nanoseconds % 1_000 / 100)
      let last = UInt8(nanoseconds % 100)
      batch.bytes += [48 + rest, 48 + last / 10, 48 + last % 10]
    }

    private mutating func line() {
      if !isFirst { text(",\n") }
      isFirst = false
    }

    private mutating func text(_ text: String) { batch.bytes += text.utf8 }
  }
}
