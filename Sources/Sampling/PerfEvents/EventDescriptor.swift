import Basics
import CPerfEvents
import Glibc

/// One open kernel event, closed when it goes out of scope.
struct EventDescriptor: ~Copyable, Sendable {
  let number: Int32

  /// Opens an event for a thread (`pid` above zero) or for everything on a processor (`pid` −1).
  init(
    _ attributes: vb_event_attributes, pid: Int32, cpu: Int32, wakeupBytes: Int = 0
  ) throws(SystemError) {
    var attributes = attributes
    attributes.wakeup_watermark = UInt32(clamping: wakeupBytes)
    // SAFETY: the kernel reads `size` bytes of a local structure of that size.
    let result = unsafe vb_event_open(&attributes, pid, cpu)
    guard result >= 0 else {
      throw SystemError("open a kernel event for", "thread \(pid) on cpu \(cpu)", code: -result)
    }
    number = result
  }

  deinit { _ = Glibc.close(number) }

  func enable() throws(SystemError) { try check(vb_event_enable(number), "enable") }

  func disable() throws(SystemError) { try check(vb_event_disable(number), "disable") }

  /// Sends the records of this event into the ring of another one.
  func redirect(to target: Int32) throws(SystemError) {
    try check(vb_event_set_output(number, target), "redirect")
  }

  /// Lets a tracepoint pass on only what satisfies a condition on its fields.
  func keepOnly(_ condition: String) throws(SystemError) {
    // SAFETY: the kernel copies the text during the call.
    try check(unsafe vb_event_set_filter(number, condition), "set a condition for")
  }

  /// The number by which records name this event and everything that inherited from it.
  func identifier() throws(SystemError) -> UInt64 {
    var identifier: UInt64 = 0
    // SAFETY: the kernel writes eight bytes into a local of that size.
    try check(unsafe vb_event_id(number, &identifier), "identify")
    return identifier
  }

  /// The count so far, of the thread and of all that inherited from it.
  func count() throws(SystemError) -> UInt64 {
    var value: UInt64 = 0
    // SAFETY: a plain count is eight bytes, and so is the local.
    let got = try retrying("read", "a kernel event") { unsafe read(number, &value, 8) }
    return got == 8 ? value : 0
  }

  private func check(_ result: Int32, _ verb: String) throws(SystemError) {
    if result < 0 { throw SystemError(verb, "a kernel event", code: -result) }
  }
}
