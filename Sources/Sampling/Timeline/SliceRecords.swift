/// Slices as they are kept: 32 bytes each, with what they show by number.
///
/// Millions of slices show only a few hundred different things, so a name is looked up, cleaned and
/// rendered once and not once a slice.
struct SliceRecords: Sendable {
  struct Record: Sendable, Equatable {
    var start: UInt64
    var end: UInt64
    let tid: Int32
    /// Zero when nobody is known; no thread has that number.
    let waker: Int32
    /// The place in `displays`.
    let display: Int32

    var duration: UInt64 { end - start }
  }

  /// What a slice shows.
  struct Display: Sendable, Hashable {
    let state: Timeline.State
    let operation: String?

    /// The words that people read, such as `blocked: lock`.
    var title: String {
      switch state {
      case .running: "running"
      case .runnable: "runnable"
      case .preempted: "preempted"
      case .blocked(let waitClass): "blocked: \(waitClass)"
      case .unknown: "unknown"
      }
    }

    /// The title without its class.
    var category: String {
      if case .blocked = state { return "blocked" }
      return title
    }
  }

  let records: [Record]
  let displays: [Display]

  init(_ records: [Record], _ displays: [Display]) {
    (self.records, self.displays) = (records, displays)
  }

  init(_ slices: [Timeline.Slice]) {
    var displays: [Display] = []
    var places: [Display: Int32] = [:]
    records = slices.map { slice in
      let display = Display(state: slice.state, operation: slice.operation)
      let place = places[display] ?? Int32(displays.count)
      if places.updateValue(place, forKey: display) == nil { displays.append(display) }
      return Record(
        start: slice.start, end: max(slice.start, slice.end), tid: slice.tid,
        waker: slice.wakerTid ?? 0, display: place)
    }
    self.displays = displays
  }

  func slice(at index: Int) -> Timeline.Slice {
    let record = records[index]
    let display = displays[Int(record.display)]
    return Timeline.Slice(
      tid: record.tid, start: record.start, end: record.end, state: display.state,
      operation: display.operation, wakerTid: record.waker == 0 ? nil : record.waker)
  }

  /// Places of the records of each thread, in the order of time.
  func byThread() -> [Int32: [Int32]] {
    var places: [Int32: [Int32]] = [:]
    for (place, record) in records.enumerated() {
      places[record.tid, default: []].append(Int32(place))
    }
    // Made by a ledger they are in order; made by hand they may not be.
    return places.mapValues { list in
      let isSorted = zip(list, list.dropFirst()).allSatisfy {
        records[Int($0)].start <= records[Int($1)].start
      }
      return isSorted
        ? list
        : list.sorted {
          (records[Int($0)].start, records[Int($0)].end, $0)
            < (records[Int($1)].start, records[Int($1)].end, $1)
        }
    }
  }
}
