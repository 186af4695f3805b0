/// What a sample of a perf.data file says, as far as a profile needs it.
struct PerfSample {
  var process: Int32 = 0
  var task: Int32 = 0
  var nanoseconds: UInt64?
  var period: Int64?
  var address: UInt64 = 0
  /// Addresses and the kernel's marks between them; empty without call chains.
  var chain: [UInt64] = []

  /// The fields stand in the order of the attribute's bits, more or less.
  init(
    _ words: inout Words, _ attribute: EventAttribute, _ budget: Budget
  ) throws(ForeignError) {
    typealias Bit = EventAttribute.Bit
    if attribute.has(Bit.identifier) { try words.skip(8, "sample identifier") }
    if attribute.has(Bit.ip) { address = try words.u64("sample address") }
    if attribute.has(Bit.tid) {
      process = try words.i32("sample pid")
      task = try words.i32("sample tid")
    }
    if attribute.has(Bit.time) { nanoseconds = try words.u64("sample time") }
    for bit in [Bit.addr, Bit.id, Bit.streamID, Bit.cpu] where attribute.has(bit) {
      try words.skip(8, "sample")
    }
    period = attribute.fixedPeriod
    if attribute.has(Bit.period) { period = Int64(clamping: try words.u64("sample period")) }
    if attribute.has(Bit.read) { try Self.skipRead(&words, attribute.readFormat) }
    if attribute.has(Bit.callchain) {
      let place = ForeignError.Place.field("call chain", offset: words.offset)
      let count = try words.u64("call chain")
      try budget.check(depth: Int(clamping: count), at: place)
      chain.reserveCapacity(min(Int(clamping: count), words.remaining / 8))
      for _ in 0..<count { chain.append(try words.u64("call chain")) }
    }
  }

  /// Counter values that a sample carries along.
  private static func skipRead(_ words: inout Words, _ format: UInt64) throws(ForeignError) {
    let times = (format & 1 != 0 ? 8 : 0) + (format & 2 != 0 ? 8 : 0)
    let each = 8 + (format & 4 != 0 ? 8 : 0) + (format & 16 != 0 ? 8 : 0)
    if format & 8 == 0 { return try words.skip(each + times, "sample counters") }
    let count = try words.u64("sample counters")
    guard count < 1 << 16 else {
      throw .malformed(
        .perfData, .field("sample counters", offset: words.offset), "\(count) of them")
    }
    try words.skip(times + each * Int(count), "sample counters")
  }

  /// Where the identity of the event stands in a sample's body, if it has one.
  static func identityOffset(_ attribute: EventAttribute) -> Int? {
    typealias Bit = EventAttribute.Bit
    if attribute.has(Bit.identifier) { return 0 }
    guard attribute.has(Bit.id) else { return nil }
    return [Bit.ip, Bit.tid, Bit.time, Bit.addr].reduce(0) { $0 + (attribute.has($1) ? 8 : 0) }
  }
}
