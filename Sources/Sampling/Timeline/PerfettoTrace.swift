import Pprof

/// A timeline as Perfetto's protobuf, a list of packets.
///
/// Each thread is a sequence of its own, with a head and then two packets a slice:
///
///     head   clock, defaults │ track descriptor │ interned names
///     BEGIN  time │ type 1, category, name, arguments: operation, waker_tid
///     END    time │ type 2
///
/// The numbers in here are those of the fields in `trace_packet.proto` and its neighbors.
package enum PerfettoTrace {
  package static func encode<Failure: Error>(
    _ timeline: Timeline, _ give: @escaping ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var packets = PacketStream(start: timeline.start, ByteBatch(give))
    let tracks = processes(timeline, &packets)
    let first = timeline.processes.first.flatMap { tracks[$0.pid] } ?? 0
    losses(timeline, under: first, &packets)
    phases(timeline, under: first, &packets)
    try counters(timeline, under: first, &packets)
    try threads(timeline, under: tracks, &packets)
    try packets.batch.flush()
  }

  // MARK: - Tracks

  /// Describes each process and answers the number of its track.
  private static func processes<Failure>(
    _ timeline: Timeline, _ packets: inout PacketStream<Failure>
  ) -> [Int32: UInt64] {
    var tracks: [Int32: UInt64] = [:]
    for process in timeline.processes {
      tracks[process.pid] = packets.beginTrack { track in
        track.message(3) { descriptor in
          descriptor.number(1, UInt64(UInt32(bitPattern: process.pid)))
          descriptor.text(6, TraceName.clean(process.name))
        }
      }
    }
    return tracks
  }

  /// Says on a track of its own what the picture leaves out, if it does.
  private static func losses<Failure>(
    _ timeline: Timeline, under parent: UInt64, _ packets: inout PacketStream<Failure>
  ) {
    let losses = timeline.losses
    if losses == Timeline.Losses() { return }
    packets.beginTrack { track in
      track.number(5, parent)
      track.text(2, "left out")
    }
    packets.event(at: timeline.start) { event in
      event.number(9, 1)
      event.text(23, "left out")
      for (name, value) in [
        ("dropped_slices", UInt64(losses.droppedSlices)), ("dropped_ns", losses.droppedNanoseconds),
        ("merged_slices", UInt64(losses.mergedSlices)), ("merged_ns", losses.mergedNanoseconds),
      ] {
        event.message(4) { argument in
          argument.text(10, name)
          argument.number(4, value)
        }
      }
    }
    packets.event(at: timeline.end) { $0.number(9, 2) }
  }

  private static func phases<Failure>(
    _ timeline: Timeline, under parent: UInt64, _ packets: inout PacketStream<Failure>
  ) {
    for lane in timeline.phaseLanes {
      packets.beginTrack { track in
        track.number(5, parent)
        track.text(2, "phases")
      }
      for phase in lane {
        packets.event(at: phase.start) { event in
          event.number(9, 1)
          event.text(22, "phase")
          event.text(23, TraceName.clean(phase.name))
        }
        packets.event(at: phase.end) { $0.number(9, 2) }
      }
    }
  }

  private static func counters<Failure>(
    _ timeline: Timeline, under parent: UInt64, _ packets: inout PacketStream<Failure>
  ) throws(Failure) {
    for counter in timeline.counters {
      packets.beginTrack { track in
        track.number(5, parent)
        track.text(2, TraceName.clean(counter.name))
        track.message(8) { _ in }
      }
      for point in counter.points.sorted(by: { $0.time < $1.time }) {
        packets.event(at: point.time) { event in
          event.number(9, 4)
          // Said also when it is zero.
          event.varint(30 << 3)
          event.varint(UInt64(bitPattern: point.value))
        }
        try packets.batch.pass()
      }
    }
  }

  private static func threads<Failure>(
    _ timeline: Timeline, under tracks: [Int32: UInt64], _ packets: inout PacketStream<Failure>
  ) throws(Failure) {
    let records = timeline.records
    let places = records.byThread()
    for thread in timeline.threads {
      packets.beginTrack { track in
        track.number(5, tracks[thread.pid] ?? 0)
        track.message(4) { descriptor in
          descriptor.number(1, UInt64(UInt32(bitPattern: thread.pid)))
          descriptor.number(2, UInt64(UInt32(bitPattern: thread.tid)))
          descriptor.text(5, TraceName.clean(thread.name))
        }
      }
      let own = places[thread.tid] ?? []
      intern(Set(own.map { records.records[Int($0)].display }), of: records, &packets)
      for place in own {
        let record = records.records[Int(place)]
        slice(record, records.displays[Int(record.display)], &packets)
        try packets.batch.pass()
      }
    }
  }

  // MARK: - Slices

  private static let operationName: UInt64 = 1
  private static let wakerName: UInt64 = 2

  /// Numbers the names that the slices of a thread show; a number is valid in its sequence only.
  private static func intern<Failure>(
    _ shown: Set<Int32>, of records: SliceRecords, _ packets: inout PacketStream<Failure>
  ) {
    if shown.isEmpty { return }
    packets.packet { packet in
      packet.message(12) { names in
        entry(3, operationName, "operation", &names)
        entry(3, wakerName, "waker_tid", &names)
        for place in shown.sorted() {
          let number = UInt64(place) + 1
          let display = records.displays[Int(place)]
          entry(1, number, display.category, &names)
          entry(2, number, TraceName.clean(display.title), &names)
          if let operation = display.operation {
            entry(29, number, TraceName.clean(operation), &names)
          }
        }
      }
    }
  }

  private static func entry(
    _ field: Int, _ number: UInt64, _ name: String, _ names: inout WireWriter
  ) {
    names.message(field) { entry in
      entry.number(1, number)
      entry.text(2, name)
    }
  }

  private static func slice<Failure>(
    _ record: SliceRecords.Record, _ display: SliceRecords.Display,
    _ packets: inout PacketStream<Failure>
  ) {
    let number = UInt64(record.display) + 1
    packets.event(at: record.start) { event in
      event.number(9, 1)
      event.number(3, number)
      event.number(10, number)
      if display.operation != nil {
        event.message(4) { argument in
          argument.number(1, operationName)
          argument.number(17, number)
        }
      }
      if record.waker != 0 {
        event.message(4) { argument in
          argument.number(1, wakerName)
          argument.number(4, UInt64(UInt32(bitPattern: record.waker)))
        }
      }
    }
    packets.event(at: record.end) { $0.number(9, 2) }
  }
}
