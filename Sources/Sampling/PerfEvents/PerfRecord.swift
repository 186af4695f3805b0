/// One record of the kernel, as a value; what is long stays in the bytes and is named by range.
enum PerfRecord: Equatable {
  case sample(Sample)
  case mapping(Mapping)
  case named(Naming)
  case born(Birth)
  case died(pid: Int32, tid: Int32, time: UInt64)
  case switched(Switch)
  case lost(count: UInt64)
  case throttled

  struct Sample: Equatable {
    var kind: EventKind
    var instruction: UInt64
    var pid: Int32
    var tid: Int32
    var time: UInt64
    /// What the sample stands for, in nanoseconds; zero where the event does not say.
    var period: UInt64 = 0
    /// What the event had counted by then; nil where the kernel does not tell.
    var count: UInt64?
    var cpu: UInt32 = 0
    /// Addresses of eight bytes each, with markers between kernel and user.
    var callChain: Range<Int> = 0..<0
    /// The payload of a tracepoint.
    var raw: Range<Int> = 0..<0
    /// Registers of eight bytes each, in the order of the mask; empty for a kernel thread.
    var registers: Range<Int> = 0..<0
    /// The copied stack, from the stack pointer upwards.
    var stack: Range<Int> = 0..<0
  }

  struct Mapping: Equatable {
    var pid: Int32
    var start: UInt64
    var length: UInt64
    var fileOffset: UInt64
    var inode: UInt64 = 0
    var buildID: [UInt8] = []
    var isExecutable: Bool
    var path: String
    var time: UInt64 = 0
  }

  struct Naming: Equatable {
    var pid: Int32
    var tid: Int32
    var name: String
    /// The process became another program, so what is known about its memory is void.
    var isExec: Bool
  }

  struct Birth: Equatable {
    var pid: Int32
    var parentPid: Int32
    var tid: Int32
    var parentTid: Int32
    var time: UInt64
  }

  struct Switch: Equatable {
    enum Direction: Equatable { case entered, left, preempted }

    var direction: Direction
    var pid: Int32
    var tid: Int32
    var time: UInt64
  }
}
