import CPerfEvents

/// Turns the bytes of one record into a value.
///
///     header: u32 type, u16 misc, u16 size | body | trailer, except in samples:
///     u32 pid, u32 tid, u64 time, u32 cpu, u32 –, u64 identifier
///
/// The trailer is the same for all our events because all of them ask for the same four things.
struct RecordParser {
  private let layouts: EventLayouts
  private let registerCount: Int

  static let headerBytes = 8
  static let trailerBytes = 32

  init(layouts: EventLayouts, registerMask: UInt64 = vb_register_mask()) {
    self.layouts = layouts
    registerCount = registerMask.nonzeroBitCount
  }

  /// Nil for a record that does not concern us.
  func parse(_ bytes: [UInt8], _ range: Range<Int>) throws(RecordError) -> PerfRecord? {
    var body = RecordBytes(bytes, range)
    let type = try body.integer(UInt32.self)
    let misc = try body.integer(UInt16.self)
    _ = try body.integer(UInt16.self)
    switch type {
    case PERF_RECORD_SAMPLE.rawValue: return try sample(&body)
    case PERF_RECORD_MMAP2.rawValue: return try mapping(&body, misc)
    case PERF_RECORD_COMM.rawValue: return try naming(&body, misc)
    case PERF_RECORD_FORK.rawValue: return .born(try birth(&body))
    case PERF_RECORD_EXIT.rawValue:
      let end = try birth(&body)
      return .died(pid: end.pid, tid: end.tid, time: end.time)
    case PERF_RECORD_SWITCH.rawValue: return try switched(&body, misc)
    case PERF_RECORD_LOST.rawValue:
      _ = try body.integer(UInt64.self)
      return .lost(count: try body.integer())
    case PERF_RECORD_LOST_SAMPLES.rawValue: return .lost(count: try body.integer())
    case PERF_RECORD_THROTTLE.rawValue: return .throttled
    default: return nil
    }
  }

  /// Where a record says when it was made.
  ///
  /// In a sample behind header, identifier, instruction and thread; elsewhere in the trailer.
  static func timeOffset(type: UInt64, size: Int) -> Int {
    type == UInt64(PERF_RECORD_SAMPLE.rawValue) ? 32 : max(0, size - trailerBytes + 8)
  }

  private func sample(_ body: inout RecordBytes) throws(RecordError) -> PerfRecord? {
    guard let kind = layouts.kind(of: try body.integer()) else { return nil }
    var sample = PerfRecord.Sample(
      kind: kind, instruction: try body.integer(), pid: try body.integer(),
      tid: try body.integer(), time: try body.integer())
    sample.cpu = try body.integer()
    _ = try body.integer(UInt32.self)
    if kind.carriesPeriod {
      sample.period = try body.integer()
      if layouts.clockCarriesCount { sample.count = try body.integer() }
    }
    if kind.carriesStack { sample.callChain = try body.take(try words(body.integer())) }
    if kind.carriesRaw { sample.raw = try body.take(UInt64(try body.integer(UInt32.self))) }
    guard kind.carriesStack else { return .sample(sample) }
    // Absent registers and an absent stack are each a single zero.
    if try body.integer(UInt64.self) != 0 {
      sample.registers = try body.take(UInt64(registerCount * 8))
    }
    sample.stack = try stack(&body)
    return .sample(sample)
  }

  private func stack(_ body: inout RecordBytes) throws(RecordError) -> Range<Int> {
    let room = try body.integer(UInt64.self)
    guard room > 0 else { return 0..<0 }
    let all = try body.take(room)
    // The real length stands behind the room, because it is known only after copying.
    let used = Int(clamping: try body.integer(UInt64.self))
    return all.prefix(min(used, all.count))
  }

  private func words(_ count: UInt64) throws(RecordError) -> UInt64 {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 8)
    return overflow ? .max : bytes
  }

  private func mapping(_ body: inout RecordBytes, _ misc: UInt16) throws(RecordError) -> PerfRecord
  {
    let pid: Int32 = try body.integer()
    _ = try body.integer(UInt32.self)
    var mapping = PerfRecord.Mapping(
      pid: pid, start: try body.integer(), length: try body.integer(),
      fileOffset: try body.integer(), isExecutable: true, path: "")
    let identity = try body.take(24)
    if misc & UInt16(PERF_RECORD_MISC_MMAP_BUILD_ID) != 0 {
      let length = min(Int(body.bytes[identity.lowerBound]), 20)
      mapping.buildID = Array(body.bytes[(identity.lowerBound + 4)...].prefix(length))
    } else {
      var inode = RecordBytes(body.bytes, (identity.lowerBound + 8)..<identity.upperBound)
      mapping.inode = try inode.integer()
    }
    mapping.isExecutable = try body.integer(UInt32.self) & 4 != 0  // PROT_EXEC
    _ = try body.integer(UInt32.self)
    let path = try body.take(UInt64(max(body.remaining - Self.trailerBytes, 0)))
    mapping.path = body.text(path)
    mapping.time = try trailer(&body).time
    return .mapping(mapping)
  }

  private func naming(_ body: inout RecordBytes, _ misc: UInt16) throws(RecordError) -> PerfRecord {
    let (pid, tid): (Int32, Int32) = (try body.integer(), try body.integer())
    let name = try body.take(UInt64(max(body.remaining - Self.trailerBytes, 0)))
    let isExec = misc & UInt16(PERF_RECORD_MISC_COMM_EXEC) != 0
    return .named(.init(pid: pid, tid: tid, name: body.text(name), isExec: isExec))
  }

  private func birth(_ body: inout RecordBytes) throws(RecordError) -> PerfRecord.Birth {
    PerfRecord.Birth(
      pid: try body.integer(), parentPid: try body.integer(), tid: try body.integer(),
      parentTid: try body.integer(), time: try body.integer())
  }

  private func switched(_ body: inout RecordBytes, _ misc: UInt16) throws(RecordError) -> PerfRecord
  {
    let stamp = try trailer(&body)
    var direction = PerfRecord.Switch.Direction.entered
    if misc & UInt16(PERF_RECORD_MISC_SWITCH_OUT) != 0 { direction = .left }
    if misc & UInt16(PERF_RECORD_MISC_SWITCH_OUT_PREEMPT) != 0, direction == .left {
      direction = .preempted
    }
    return .switched(
      .init(direction: direction, pid: stamp.pid, tid: stamp.tid, time: stamp.time))
  }

  private func trailer(
    _ body: inout RecordBytes
  ) throws(RecordError) -> (pid: Int32, tid: Int32, time: UInt64) {
    (try body.integer(), try body.integer(), try body.integer())
  }
}
