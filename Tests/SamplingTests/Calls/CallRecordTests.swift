import Basics
import Testing

@testable import Sampling

/// Records of system calls as bytes, and the tables that give them names.
struct CallRecordTests {
  private static let enter = """
    field:int common_pid;	offset:4;	size:4;	signed:1;
    field:long id;	offset:8;	size:8;	signed:1;
    field:unsigned long args[6];	offset:16;	size:48;	signed:0;
    """
  private static let exit = """
    field:long id;	offset:8;	size:8;	signed:1;
    field:long ret;	offset:16;	size:8;	signed:1;
    """

  private var parser: RecordParser {
    var layouts = EventLayouts()
    layouts.add(1, .callEntered)
    layouts.add(2, .callLeft)
    layouts.add(3, .callStack(.some))
    return RecordParser(layouts: layouts, registerMask: 0b11)
  }

  private func fields() throws -> CallFields {
    try #require(
      CallFields(
        entering: Tracepoint(number: 443, format: Self.enter),
        leaving: Tracepoint(number: 442, format: Self.exit)))
  }

  @Test func `beginning, end and stack of a call are read from their records`() throws {
    let fields = try fields()
    let enter = RecordBuilder.callSample(1, tid: 7, time: 50, words: [39, 1, 2, 3, 4, 5, 6])
    guard case .sample(let sample) = try parser.parse(enter, enter.indices) else {
      Issue.record("not a sample")
      return
    }
    #expect(sample.kind == .callEntered)
    #expect(sample.tid == 7 && sample.time == 50 && sample.stack.isEmpty)
    #expect(fields.enteredCall(in: enter, sample.raw) == 39)

    let exit = RecordBuilder.callSample(2, tid: 7, time: 60, words: [39, -2])
    guard case .sample(let sample) = try parser.parse(exit, exit.indices) else {
      Issue.record("not a sample")
      return
    }
    #expect(fields.leftCall(in: exit, sample.raw)?.call == 39)
    #expect(fields.leftCall(in: exit, sample.raw)?.answer == -2)

    let stack = RecordBuilder.callStack(
      3, tid: 7, time: 51, words: [39, 1, 2, 3, 4, 5, 6], stack: Array(1...16))
    guard case .sample(let sample) = try parser.parse(stack, stack.indices) else {
      Issue.record("not a sample")
      return
    }
    #expect(sample.kind == .callStack(.some))
    #expect(fields.enteredCall(in: stack, sample.raw) == 39)
    #expect(sample.registers.count == 16)
    #expect(Array(stack[sample.stack]) == Array(1...16))
  }

  @Test func `a tracepoint without the fields is refused`() {
    let empty = Tracepoint(number: 1, format: "")
    #expect(CallFields(entering: empty, leaving: empty) == nil)
  }

  @Test(arguments: 0..<8) func `bent bytes are an error or numbers, never a trap`(
    seed: Int
  ) throws {
    let fields = try fields()
    var random = SeededRandom(UInt64(seed))
    var ledger = CallLedger()
    let originals = [
      RecordBuilder.callSample(1, tid: 7, time: 50, words: [39, 1, 2, 3, 4, 5, 6]),
      RecordBuilder.callSample(2, tid: 7, time: 60, words: [39, -2]),
      RecordBuilder.callStack(3, tid: 7, time: 51, words: [39], stack: Array(1...16)),
    ]
    for _ in 0..<4_000 {
      var bytes = originals[random.below(originals.count)]
      for _ in 0..<random.below(6) {
        bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.below(4) == 0 { bytes.removeLast(random.below(bytes.count)) }
      guard case .sample(let sample)? = try? parser.parse(bytes, bytes.indices) else { continue }
      switch sample.kind {
      case .callEntered:
        guard let call = fields.enteredCall(in: bytes, sample.raw) else { continue }
        ledger.entered(call, sample.tid, at: sample.time)
      case .callLeft:
        guard let end = fields.leftCall(in: bytes, sample.raw) else { continue }
        ledger.left(end.call, answer: end.answer, sample.tid, at: sample.time)
      default:
        guard let call = fields.enteredCall(in: bytes, sample.raw) else { continue }
        ledger.saw(StackID(index: 0), of: call, sample.tid, at: sample.time, spacing: .some)
      }
    }
    ledger.finish(at: .max)
    #expect(ledger.entered > 0)
  }

  @Test func `numbers have the names of this machine's headers, unknown ones their number`() {
    let (x86, arm) = (
      SystemCallName.names(SystemCallTable.x86), SystemCallName.names(SystemCallTable.arm)
    )
    for (number, name) in [
      (0, "read"), (59, "execve"), (110, "getppid"), (230, "clock_nanosleep"), (334, "rseq"),
      (424, "pidfd_send_signal"), (435, "clone3"), (449, "futex_waitv"), (462, "mseal"),
    ] {
      #expect(x86[number] == name)
    }
    for (number, name) in [
      (63, "read"), (82, "fsync"), (115, "clock_nanosleep"), (173, "getppid"), (221, "execve"),
      (260, "wait4"), (291, "statx"), (435, "clone3"), (449, "futex_waitv"),
    ] {
      #expect(arm[number] == name)
    }
    #expect(SystemCallName.of(9_999) == "syscall_9999")
    #expect(SystemCallName.of(-5) == "syscall_-5")
    #expect(ErrorName.of(2) == "ENOENT")
    #expect(ErrorName.of(110) == "ETIMEDOUT")
    #expect(ErrorName.of(516) == "ERESTART_RESTARTBLOCK")
    #expect(ErrorName.of(4_000) == "errno_4000")
  }

  @Test func `a line of proc names the call a thread is in`() {
    #expect(CallsUnderWay.call("232 0x3 0x7f 0x4 0xffffffff 0x0 0x0 0x7ffd 0x7f12\n") == 232)
    #expect(CallsUnderWay.call("running\n") == nil)
    #expect(CallsUnderWay.call("-1 0x7ffd 0x7f12\n") == nil)
    #expect(CallsUnderWay.call("") == nil)
  }

  @Test func `times come back within three percent, and the longest exactly`() {
    for value in [0, 1, 31, 32, 33, 1_000, 123_456, 2_000_000, 60_000_000_000] as [UInt64] {
      var times = CallTimes()
      times.add(value)
      let back = Double(times.quantile(0.5) ?? .max)
      #expect(abs(back - Double(value)) <= 0.032 * Double(value))
      times.add(.max)
      #expect(times.quantile(1) != nil)
    }
    var times = CallTimes()
    for value in 1...1_000 { times.add(UInt64(value) * 1_000) }
    #expect(abs(Double(times.quantile(0.99) ?? 0) / 990_000 - 1) < 0.035)
    #expect(abs(Double(times.quantile(0.5) ?? 0) / 500_000 - 1) < 0.035)
  }

  @Test func `stacks are spaced out as calls come faster, and back when it is calm`() {
    var governor = CallGovernor()
    var (now, calls) = (UInt64(0), 0)
    func pass(_ rate: Int) -> StackSpacing? {
      now += 100_000_000
      calls += rate / 10
      return governor.decide(now, calls: calls)
    }
    #expect(governor.spacing == .some)
    #expect(pass(0) == nil)
    #expect(pass(500) == .every)
    #expect(pass(1_500) == nil)
    #expect(pass(50_000) == .some)
    #expect(pass(1_000_000) == .few)
    #expect(pass(60_000) == nil, "not clearly calmer")
    #expect(pass(30_000) == .some)
    #expect(pass(100) == .every)
  }
}
