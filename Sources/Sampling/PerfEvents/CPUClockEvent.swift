import CPerfEvents

/// The event that samples: a clock that runs while a processor is busy.
enum CPUClockEvent {
  /// Attributes for one processor, all processes; the reader keeps those it wants.
  static func attributes(hertz: Int, stackBytes: Int) -> vb_event_attributes {
    var attributes = vb_event_attributes()
    attributes.size = UInt32(MemoryLayout<vb_event_attributes>.size)
    attributes.type = PERF_TYPE_SOFTWARE.rawValue
    attributes.config = UInt64(PERF_COUNT_SW_CPU_CLOCK.rawValue)
    attributes.freq = 1
    attributes.sample_freq = UInt64(hertz)
    attributes.sample_type = SampleRecord.layout
    attributes.sample_regs_user = vb_register_mask()
    attributes.sample_stack_user = UInt32(stackBytes)
    // Kernel frames come as a list; user frames are unwound, and not paid for twice.
    attributes.exclude_callchain_user = 1
    attributes.exclude_idle = 1
    attributes.exclude_hv = 1
    attributes.use_clockid = 1
    attributes.clockid = 1  // CLOCK_MONOTONIC
    attributes.disabled = 1
    attributes.sample_id_all = 0
    attributes.watermark = 1
    return attributes
  }
}
