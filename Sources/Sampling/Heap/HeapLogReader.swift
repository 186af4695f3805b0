import Basics

/// Bytes → `HeapLog`: checks each length before it is used, and ends at the first that cannot be.
struct HeapLogReader {
  private static let version: UInt32 = 1
  private static let headerSize = 4_096
  private static let slotSize = 128
  private static let slotsInChunk = 64

  private var reader: ByteReader
  private var log = HeapLog()
  private var stackPlaces: [UInt32: Int] = [:]
  private var living: [UInt64: Int] = [:]

  static func read(_ bytes: [UInt8]) throws(SamplingError) -> HeapLog {
    var reader = HeapLogReader(reader: ByteReader(bytes))
    guard try reader.readHeader(bytes) else {
      throw .system("This is no heap recording: it does not begin like one.")
    }
    reader.log.counted = reader.log.header.ended
    reader.readRecords(bytes)
    return reader.log
  }

  private init(reader: ByteReader) { self.reader = reader }

  // MARK: - Header

  /// Answers whether it is one of ours.
  private mutating func readHeader(_ bytes: [UInt8]) throws(SamplingError) -> Bool {
    guard bytes.starts(with: "VBHEAP1\n".utf8) else { return false }
    do {
      try reader.skip(8)
      let version: UInt32 = try reader.integer()
      let size: UInt32 = try reader.integer()
      guard version == Self.version, size == UInt32(Self.headerSize) else {
        throw SamplingError.system(
          "The heap recording has version \(version); this program reads \(Self.version).")
      }
      log.header.pid = try reader.integer()
      log.header.parent = try reader.integer()
      log.header.mean = try reader.integer()
      log.header.flags = try reader.integer()
      log.header.hasExited = try reader.integer(UInt32.self) != 0
      log.header.started = try reader.integer()
      log.header.startedWall = try reader.integer()
      log.header.used = try reader.integer()
      log.header.ended = try counts()
      log.header.samples = try reader.integer()
      log.header.dropped = try reader.integer()
      log.header.program = Self.text(try reader.slice(256))
      try reader.skip(Self.headerSize - reader.offset)
      log.lastTime = log.header.started
      return true
    } catch let error as SamplingError { throw error } catch { return false }
  }

  // MARK: - Records

  private mutating func readRecords(_ bytes: [UInt8]) {
    while reader.remaining >= 8 {
      let start = reader.offset
      do throws(ByteReader.OutOfBytes) {
        let kind: UInt32 = try reader.integer()
        if kind == 0 { break }
        let size = Int(try reader.integer(UInt32.self))
        guard size >= 16, size % 8 == 0, size - 8 <= reader.remaining else {
          log.ending = size - 8 > reader.remaining ? .cut : .damaged(offset: start)
          return
        }
        try readRecord(kind, end: start + size)
        try reader.skip(start + size - reader.offset)
      } catch {
        log.ending = .damaged(offset: start)
        return
      }
    }
    if UInt64(reader.offset) < log.header.used, reader.remaining < 8 { log.ending = .cut }
  }

  /// The fields of a record that ends at `end`; what a newer shim adds is left over.
  private mutating func readRecord(_ kind: UInt32, end: Int) throws(ByteReader.OutOfBytes) {
    switch kind {
    case 1: try readMaps(end)
    case 2: try readStack(end)
    case 3: try readThread(end)
    case 4: try readSample(end)
    case 5: try readFree(end)
    case 6: try readSlots(end)
    case 7: try readWindow(end)
    default: break
    }
  }

  private func require(_ count: Int, _ end: Int) throws(ByteReader.OutOfBytes) {
    if count < 0 || count > end - reader.offset {
      throw ByteReader.OutOfBytes(
        offset: reader.offset, wanted: count, available: end - reader.offset)
    }
  }

  private mutating func readMaps(_ end: Int) throws(ByteReader.OutOfBytes) {
    try require(16, end)
    try note(time: reader.integer())
    let length = Int(clamping: try reader.integer(UInt64.self))
    try require(length, end)
    log.snapshots.append(
      AddressSpace(maps: String(decoding: try reader.slice(length), as: UTF8.self)))
  }

  private mutating func readStack(_ end: Int) throws(ByteReader.OutOfBytes) {
    try require(8, end)
    let id: UInt32 = try reader.integer()
    let isCut = try reader.integer(UInt32.self) != 0
    var addresses: [UInt64] = []
    while reader.offset < end { addresses.append(try reader.integer()) }
    stackPlaces[id] = log.stacks.count
    log.stacks.append(
      HeapLog.Stack(addresses: addresses, isCut: isCut, snapshot: log.snapshots.count - 1))
  }

  private mutating func readThread(_ end: Int) throws(ByteReader.OutOfBytes) {
    try require(24, end)
    let serial: UInt32 = try reader.integer()
    try reader.skip(4)
    log.threadNames[serial] = Self.text(try reader.slice(16))
  }

  private mutating func readSample(_ end: Int) throws(ByteReader.OutOfBytes) {
    try require(40, end)
    let id: UInt64 = try reader.integer()
    let time: UInt64 = try reader.integer()
    let bytes: UInt64 = try reader.integer()
    let thread: UInt32 = try reader.integer()
    let stack: UInt32 = try reader.integer()
    let call: UInt32 = try reader.integer()
    note(time: time)
    // A stack that is not there would be somebody's mistake; the sample cannot be used.
    guard let place = stackPlaces[stack] else { return }
    living[id] = log.samples.count
    log.events.append(.allocated(log.samples.count))
    log.samples.append(
      HeapLog.Sample(time: time, bytes: bytes, thread: thread, stack: place, call: call))
  }

  private mutating func readFree(_ end: Int) throws(ByteReader.OutOfBytes) {
    try require(24, end)
    let id: UInt64 = try reader.integer()
    let time: UInt64 = try reader.integer()
    try reader.skip(4)
    let how: UInt32 = try reader.integer()
    note(time: time)
    guard let place = living.removeValue(forKey: id) else { return }
    log.samples[place].freed = time
    log.samples[place].isTemporary = how & 1 != 0
    log.events.append(.freed(place))
  }

  private mutating func readSlots(_ end: Int) throws(ByteReader.OutOfBytes) {
    try require(8, end)
    try reader.skip(8)
    let padding = (Self.slotSize - reader.offset % Self.slotSize) % Self.slotSize
    try require(padding + Self.slotsInChunk * Self.slotSize, end)
    try reader.skip(padding)
    for _ in 0..<Self.slotsInChunk {
      let left: UInt64 = try reader.integer()
      var counted = try counts()
      counted.bytes &-= left
      log.counted += counted
      try reader.skip(Self.slotSize - 40)
    }
  }

  private mutating func readWindow(_ end: Int) throws(ByteReader.OutOfBytes) {
    try require(48, end)
    let time: UInt64 = try reader.integer()
    let isBegin = try reader.integer(UInt64.self) != 0
    log.windows.append(HeapLog.Window(time: time, isBegin: isBegin, counts: try counts()))
    note(time: time)
  }

  // MARK: - Pieces

  private mutating func note(time: UInt64) { log.lastTime = max(log.lastTime, time) }

  private mutating func counts() throws(ByteReader.OutOfBytes) -> HeapCounts {
    HeapCounts(
      allocations: try reader.integer(), bytes: try reader.integer(),
      frees: try reader.integer(), temporaries: try reader.integer())
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
