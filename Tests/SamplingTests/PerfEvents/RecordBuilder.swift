/// Writes records as the kernel lays them out, by the manual page and not by our reader.
enum RecordBuilder {
  static func clockSample(tid: UInt32, time: UInt64, stack: [UInt8], used: UInt64) -> [UInt8] {
    var body = identity(7, tid: tid, time: time)
    body += word(UInt64(1_001_001))
    body += word(UInt64(2)) + word(UInt64.max - 127) + word(UInt64(0xffff_ffff_8100_0000))
    body += word(UInt64(2)) + word(UInt64(0x1111)) + word(UInt64(0x2222))
    body += word(UInt64(stack.count)) + stack
    if !stack.isEmpty { body += word(used) }
    return record(type: 9, misc: 2, body)
  }

  static func wakingSample(time: UInt64, payload: [UInt8]) -> [UInt8] {
    var body = identity(8, tid: 2, time: time)
    body += word(UInt64(0))
    body += word(UInt32(payload.count)) + payload
    body += word(UInt64(0)) + word(UInt64(0))
    return record(type: 9, misc: 2, body)
  }

  /// The beginning or the end of a system call, without a stack.
  static func callSample(_ identifier: UInt64, tid: UInt32, time: UInt64, words: [Int]) -> [UInt8] {
    record(type: 9, misc: 2, identity(identifier, tid: tid, time: time) + payload(words))
  }

  /// The beginning of a system call with the stack it is made from.
  static func callStack(
    _ identifier: UInt64, tid: UInt32, time: UInt64, words: [Int], stack: [UInt8]
  ) -> [UInt8] {
    var body = identity(identifier, tid: tid, time: time) + word(UInt64(0)) + payload(words)
    body += word(UInt64(2)) + word(UInt64(0x1111)) + word(UInt64(0x2222))
    body += word(UInt64(stack.count)) + stack + word(UInt64(stack.count))
    return record(type: 9, misc: 2, body)
  }

  /// The fields that every tracepoint has, then words; padded as the kernel does.
  private static func payload(_ words: [Int]) -> [UInt8] {
    let bytes: [UInt8] =
      Array(repeating: 0, count: 8) + words.flatMap { word(UInt64(bitPattern: Int64($0))) }
    return word(UInt32(bytes.count + 4)) + bytes + [0, 0, 0, 0]
  }

  static func switched(misc: UInt16, tid: UInt32, time: UInt64) -> [UInt8] {
    record(type: 14, misc: misc, trailer(tid: tid, time: time))
  }

  static func lost(_ count: UInt64) -> [UInt8] {
    record(type: 2, misc: 0, word(UInt64(7)) + word(count) + trailer(tid: 0, time: 1))
  }

  static func mapping(path: String, buildID: [UInt8]) -> [UInt8] {
    var body = word(UInt32(1)) + word(UInt32(1))
    body += word(UInt64(0x1000)) + word(UInt64(0x2000)) + word(UInt64(0))
    body += [UInt8(buildID.count), 0, 0, 0] + buildID
    body += Array(repeating: 0, count: 20 - buildID.count)
    body += word(UInt32(5)) + word(UInt32(2))
    let name = Array(path.utf8) + [0]
    body += name + Array(repeating: 0, count: (8 - name.count % 8) % 8)
    return record(type: 10, misc: 0x4000, body + trailer(tid: 1, time: 99))
  }

  private static func identity(_ identifier: UInt64, tid: UInt32, time: UInt64) -> [UInt8] {
    word(identifier) + word(UInt64(0x400)) + word(UInt32(1)) + word(tid) + word(time)
      + word(UInt64(0))
  }

  private static func trailer(tid: UInt32, time: UInt64) -> [UInt8] {
    word(UInt32(1)) + word(tid) + word(time) + word(UInt64(0)) + word(UInt64(7))
  }

  private static func record(type: UInt32, misc: UInt16, _ body: [UInt8]) -> [UInt8] {
    word(type) + word(misc) + word(UInt16(body.count + 8)) + body
  }

  private static func word<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
  }
}
