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

  /// What the kernel is asked to pass on of the wakings of threads that are not older than `pid`.
  ///
  /// A stack costs more than all the rest of a record, so only those are asked for it who may be
  /// one of ours and do it in their own name. Threads are younger than their process.
  static func filter(_ kind: EventKind, since pid: Int32) -> String {
    let strangers = "common_flags&\(inInterrupt) || common_pid<\(pid)"
    return kind == .waking
      ? "pid>=\(pid) && !(\(strangers))" : "pid>=\(pid) && (\(strangers))"
  }

  private static let inInterrupt: UInt8 = 0x18

  /// An interrupt wakes in the name of whoever happens to run: a bystander.
  static func isInterrupt(_ bytes: [UInt8], _ payload: Range<Int>) -> Bool {
    payload.count > 2 && bytes[payload.lowerBound + 2] & inInterrupt != 0
  }
}
