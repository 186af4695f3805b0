import Testing

@testable import Sampling

struct TracepointTests {
  @Test func `the place of a field is read from the kernel's description`() {
    let format = """
      name: sched_waking
      format:
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:0;
      \tfield:pid_t pid;\toffset:24;\tsize:4;\tsigned:1;
      """
    let waking = Tracepoint(number: 1, format: format)
    #expect(waking.offset(of: "common_flags") == 2)
    #expect(waking.offset(of: "comm") == 8)
    #expect(waking.offset(of: "pid") == 24)
    #expect(waking.offset(of: "prio") == nil)
  }

  private static var mayLook: Bool { Tracepoint("sched/sched_waking") != nil }

  @Test(.enabled(if: mayLook, "tracepoints are not readable by this user"))
  func `sched_waking names the thread that is woken`() {
    #expect(Tracepoint("sched/sched_waking")?.offset(of: "pid") != nil)
  }
}
