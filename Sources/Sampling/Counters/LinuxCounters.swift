import Basics
import CPerfEvents
import Glibc

/// The kernel's real answers.
struct LinuxCounters: CounterSystem {
  func open(
    _ event: EventName, tid: Int32, leader: Int32, excludesKernel: Bool
  ) throws(SystemError) -> Int32 {
    var attributes = vb_event_attributes()
    attributes.size = UInt32(MemoryLayout<vb_event_attributes>.size)
    attributes.type = event.type
    attributes.config = event.config
    attributes.config1 = event.config1
    attributes.config2 = event.config2
    attributes.exclude_user = event.excludesUser ? 1 : 0
    attributes.exclude_kernel = event.excludesKernel || excludesKernel ? 1 : 0
    attributes.exclude_hv = 1
    attributes.inherit = 1
    // Followers wait for their leader, so only that one is switched.
    attributes.disabled = leader < 0 ? 1 : 0
    attributes.read_format =
      UInt64(PERF_FORMAT_TOTAL_TIME_ENABLED.rawValue | PERF_FORMAT_TOTAL_TIME_RUNNING.rawValue)
    // SAFETY: the kernel reads `size` bytes of a local structure of that size.
    let result = unsafe vb_event_open_in_group(&attributes, tid, -1, leader)
    guard result >= 0 else {
      throw SystemError("count", "\(event.spelling) of thread \(tid)", code: -result)
    }
    return result
  }

  func enable(_ descriptor: Int32) throws(SystemError) {
    try check(vb_event_enable(descriptor), "enable")
  }

  func disable(_ descriptor: Int32) throws(SystemError) {
    try check(vb_event_disable(descriptor), "disable")
  }

  func read(_ descriptor: Int32) throws(SystemError) -> CounterReading {
    var words: [UInt64] = [0, 0, 0]
    // SAFETY: the format of the event is three words of eight bytes, and so is the array.
    let got = try retrying("read", "a counter") { unsafe Glibc.read(descriptor, &words, 24) }
    // A counter that could never be put on a processor has nothing to say.
    guard got == 24 else { return CounterReading() }
    return CounterReading(value: words[0], enabled: words[1], running: words[2])
  }

  func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  func threads(of pid: Int32) -> [Int32] { Threads.of(pid) }

  func switches(of pid: Int32) -> UInt64? {
    if pid == getpid() {
      var usage = rusage()
      // SAFETY: the kernel fills one rusage, which is a local.
      guard unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return nil }
      return UInt64(clamping: usage.ru_nvcsw) + UInt64(clamping: usage.ru_nivcsw)
    }
    var sum: UInt64?
    for tid in threads(of: pid) {
      guard let text = try? FileSystem.text(of: "/proc/\(pid)/task/\(tid)/status") else { continue }
      for line in text.split(separator: "\n") where line.contains("ctxt_switches:") {
        sum = (sum ?? 0) + (UInt64(line.filter(\.isNumber)) ?? 0)
      }
    }
    return sum
  }

  private func check(_ result: Int32, _ verb: String) throws(SystemError) {
    if result < 0 { throw SystemError(verb, "a counter", code: -result) }
  }
}
