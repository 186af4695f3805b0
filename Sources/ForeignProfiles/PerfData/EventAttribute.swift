/// How an event was sampled (perf_event_attr): what its samples hold, and in which order.
struct EventAttribute {
  let type: UInt32
  let config: UInt64
  /// Nil when the kernel chose it to reach a frequency.
  let fixedPeriod: Int64?
  let sampleType: UInt64
  let readFormat: UInt64
  /// Records other than samples end with time and thread too.
  let hasSampleIDs: Bool
  var name: String

  /// Bits of `sampleType`.
  enum Bit {
    static let ip: UInt64 = 1 << 0
    static let tid: UInt64 = 1 << 1
    static let time: UInt64 = 1 << 2
    static let addr: UInt64 = 1 << 3
    static let read: UInt64 = 1 << 4
    static let callchain: UInt64 = 1 << 5
    static let id: UInt64 = 1 << 6
    static let cpu: UInt64 = 1 << 7
    static let period: UInt64 = 1 << 8
    static let streamID: UInt64 = 1 << 9
    static let userStack: UInt64 = 1 << 13
    static let identifier: UInt64 = 1 << 16
  }

  /// Reads one; the words are left behind the part that this knows.
  init(_ words: inout Words) throws(ForeignError) {
    type = try words.u32("attr type")
    _ = try words.u32("attr size")
    config = try words.u64("attr config")
    let period = try words.u64("attr period")
    sampleType = try words.u64("attr sample type")
    readFormat = try words.u64("attr read format")
    let flags = try words.u64("attr flags")
    let isFrequency = flags >> 10 & 1 == 1
    fixedPeriod = isFrequency ? nil : Int64(clamping: max(1, period))
    hasSampleIDs = flags >> 18 & 1 == 1
    name = Self.name(type, config)
  }

  func has(_ bit: UInt64) -> Bool { sampleType & bit != 0 }

  /// What perf calls it when the file does not say.
  private static func name(_ type: UInt32, _ config: UInt64) -> String {
    let hardware = [
      "cycles", "instructions", "cache-references", "cache-misses", "branches", "branch-misses",
      "bus-cycles", "stalled-cycles-frontend", "stalled-cycles-backend", "ref-cycles",
    ]
    let software = [
      "cpu-clock", "task-clock", "page-faults", "context-switches", "cpu-migrations",
      "minor-faults", "major-faults", "alignment-faults", "emulation-faults", "dummy",
      "bpf-output", "cgroup-switches",
    ]
    let names = type == 0 ? hardware : type == 1 ? software : []
    if config < UInt64(names.count) { return names[Int(config)] }
    return "event-\(type)-0x\(String(config, radix: 16))"
  }
}
