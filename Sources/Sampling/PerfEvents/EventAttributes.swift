import CPerfEvents
import Glibc

/// The attributes of our events, with the settings that measurement found to work.
///
/// User frames come from a copy of the stack, so the user part of the call chain is left out: it
/// would cost a second walk and follow frame pointers that most libraries do not keep.
enum EventAttributes {
  /// How often an event fires and how much stack it copies.
  struct Sampling {
    var period: UInt64
    var stackBytes: Int
    /// Without privilege the kernel part must be left out.
    var excludeKernel = false
  }

  static func sideband(excludeKernel: Bool = false) -> vb_event_attributes {
    var attributes = base(.sideband, type: PERF_TYPE_SOFTWARE, config: PERF_COUNT_SW_DUMMY)
    attributes.exclude_kernel = excludeKernel ? 1 : 0
    addSideband(to: &attributes)
    return attributes
  }

  /// Says nothing at all; others may write into its ring.
  static func silent() -> vb_event_attributes {
    base(.sideband, type: PERF_TYPE_SOFTWARE, config: PERF_COUNT_SW_DUMMY)
  }

  private static func addSideband(to attributes: inout vb_event_attributes) {
    attributes.mmap = 1
    attributes.mmap2 = 1
    attributes.comm = 1
    attributes.comm_exec = 1
    attributes.task = 1
    attributes.inherit = 1
    // A build id instead of an inode: it still names the file after it was rebuilt.
    attributes.build_id = 1
  }

  /// The CPU clock of a thread and its descendants, or of a whole processor.
  static func cpuClock(
    _ sampling: Sampling, wholeProcessor: Bool = false, withCount: Bool = false
  ) -> vb_event_attributes {
    var attributes = base(.cpuClock, type: PERF_TYPE_SOFTWARE, config: PERF_COUNT_SW_CPU_CLOCK)
    add(sampling, to: &attributes)
    // Without this the samples of idle processors fill the ring.
    attributes.exclude_idle = wholeProcessor ? 1 : 0
    addSideband(to: &attributes)
    // What is on a whole processor has no children to give it to.
    if wholeProcessor { attributes.inherit = 0 }
    if withCount { attributes.sample_type |= UInt64(PERF_SAMPLE_READ.rawValue) }
    return attributes
  }

  static func switchOut(_ sampling: Sampling) -> vb_event_attributes {
    var attributes = base(
      .switchOut, type: PERF_TYPE_SOFTWARE, config: PERF_COUNT_SW_CONTEXT_SWITCHES)
    add(sampling, to: &attributes)
    attributes.inherit = 1
    attributes.context_switch = 1
    return attributes
  }

  static func waking(
    _ kind: EventKind, _ sampling: Sampling, tracepoint: UInt64
  ) -> vb_event_attributes {
    var attributes = base(kind, type: PERF_TYPE_TRACEPOINT, config: PERF_COUNT_SW_DUMMY)
    attributes.config = tracepoint
    add(sampling, to: &attributes)
    // How the kernel goes about waking tells nothing, and walking it is a third of the cost.
    attributes.exclude_callchain_kernel = 1
    return attributes
  }

  /// An event by its name, a sample every so often, inherited by what the thread starts.
  static func named(_ event: EventName, _ sampling: Sampling) -> vb_event_attributes {
    var attributes = base(.named, type: PERF_TYPE_SOFTWARE, config: PERF_COUNT_SW_DUMMY)
    (attributes.type, attributes.config) = (event.type, event.config)
    attributes.config1 = event.config1
    attributes.config2 = event.config2
    add(sampling, to: &attributes)
    attributes.exclude_user = event.excludesUser ? 1 : 0
    if event.excludesKernel { attributes.exclude_kernel = 1 }
    attributes.inherit = 1
    return attributes
  }

  /// The beginning or the end of every system call, or one in so many with its stack.
  static func call(
    _ kind: EventKind, tracepoint: UInt64, _ sampling: Sampling
  ) -> vb_event_attributes {
    var attributes = base(kind, type: PERF_TYPE_TRACEPOINT, config: PERF_COUNT_SW_DUMMY)
    attributes.config = tracepoint
    add(sampling, to: &attributes)
    // The kernel's part of such a stack is always the same.
    attributes.exclude_callchain_kernel = 1
    attributes.inherit = 1
    return attributes
  }

  /// Counts the CPU time of a thread and its descendants without sampling it.
  static func countedCPU(excludeKernel: Bool = false) -> vb_event_attributes {
    var attributes = vb_event_attributes()
    attributes.exclude_kernel = excludeKernel ? 1 : 0
    attributes.size = UInt32(MemoryLayout<vb_event_attributes>.size)
    attributes.type = PERF_TYPE_SOFTWARE.rawValue
    attributes.config = UInt64(PERF_COUNT_SW_TASK_CLOCK.rawValue)
    attributes.disabled = 1
    attributes.inherit = 1
    return attributes
  }

  private static func base(
    _ kind: EventKind, type: perf_type_id, config: perf_sw_ids
  ) -> vb_event_attributes {
    var attributes = vb_event_attributes()
    attributes.size = UInt32(MemoryLayout<vb_event_attributes>.size)
    attributes.type = type.rawValue
    attributes.config = UInt64(config.rawValue)
    attributes.sample_type = sampleType(of: kind)
    attributes.disabled = 1
    attributes.exclude_hv = 1
    attributes.sample_id_all = 1
    attributes.use_clockid = 1
    attributes.clockid = CLOCK_MONOTONIC
    attributes.watermark = 1
    return attributes
  }

  private static func sampleType(of kind: EventKind) -> UInt64 {
    var type =
      PERF_SAMPLE_IDENTIFIER.rawValue | PERF_SAMPLE_IP.rawValue | PERF_SAMPLE_TID.rawValue
      | PERF_SAMPLE_TIME.rawValue | PERF_SAMPLE_CPU.rawValue
    if kind.carriesPeriod { type |= PERF_SAMPLE_PERIOD.rawValue }
    if kind.carriesRaw { type |= PERF_SAMPLE_RAW.rawValue }
    if kind.carriesStack {
      type |=
        PERF_SAMPLE_CALLCHAIN.rawValue | PERF_SAMPLE_REGS_USER.rawValue
        | PERF_SAMPLE_STACK_USER.rawValue
    }
    return UInt64(type)
  }

  private static func add(_ sampling: Sampling, to attributes: inout vb_event_attributes) {
    attributes.sample_period = sampling.period
    attributes.exclude_callchain_user = 1
    attributes.sample_regs_user = vb_register_mask()
    // The kernel wants a multiple of eight that leaves room in a record of 64 KiB.
    attributes.sample_stack_user = UInt32(min(max(sampling.stackBytes, 0), 65_000) & ~7)
    if sampling.excludeKernel {
      attributes.exclude_kernel = 1
      attributes.exclude_callchain_kernel = 1
    }
  }
}
