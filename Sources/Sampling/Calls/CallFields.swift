/// The two tracepoints that every system call passes, and where their payloads say which call it
/// is and what it answered.
struct CallFields: Sendable {
  let entering: UInt64
  let leaving: UInt64
  private let enteredCall: Int
  private let leftCall: Int
  private let answer: Int

  /// Nil when the kernel does not have them or does not let us look.
  init?() {
    guard let entering = Tracepoint("raw_syscalls/sys_enter"),
      let leaving = Tracepoint("raw_syscalls/sys_exit")
    else { return nil }
    self.init(entering: entering, leaving: leaving)
  }

  init?(entering: Tracepoint, leaving: Tracepoint) {
    guard let enteredCall = entering.offset(of: "id"), let leftCall = leaving.offset(of: "id"),
      let answer = leaving.offset(of: "ret")
    else { return nil }
    (self.entering, self.leaving) = (entering.number, leaving.number)
    (self.enteredCall, self.leftCall, self.answer) = (enteredCall, leftCall, answer)
  }

  /// The number of the call that is made; nil when the payload is too short.
  func enteredCall(in bytes: [UInt8], _ payload: Range<Int>) -> Int? {
    Self.word(enteredCall, bytes, payload)
  }

  func leftCall(in bytes: [UInt8], _ payload: Range<Int>) -> (call: Int, answer: Int)? {
    guard let call = Self.word(leftCall, bytes, payload),
      let answer = Self.word(answer, bytes, payload)
    else { return nil }
    return (call, answer)
  }

  private static func word(_ offset: Int, _ bytes: [UInt8], _ payload: Range<Int>) -> Int? {
    guard offset >= 0, payload.count >= 8, offset <= payload.count - 8 else { return nil }
    var reader = RecordBytes(bytes, (payload.lowerBound + offset)..<payload.upperBound)
    return try? reader.integer()
  }
}
