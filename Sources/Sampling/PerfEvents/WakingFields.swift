/// Reads who is woken from the payload of `sched_waking`.
struct WakingFields {
  private let wakee: Int

  init?(_ tracepoint: Tracepoint) {
    guard let offset = tracepoint.offset(of: "pid") else { return nil }
    wakee = offset
  }

  func wakee(in bytes: [UInt8], _ payload: Range<Int>) -> Int32? {
    guard payload.count >= wakee + 4 else { return nil }
    var reader = RecordBytes(bytes, (payload.lowerBound + wakee)..<payload.upperBound)
    return try? reader.integer()
  }

  /// An interrupt wakes in the name of whoever happens to run: a bystander.
  static func isInterrupt(_ bytes: [UInt8], _ payload: Range<Int>) -> Bool {
    payload.count > 2 && bytes[payload.lowerBound + 2] & 0x18 != 0
  }
}
