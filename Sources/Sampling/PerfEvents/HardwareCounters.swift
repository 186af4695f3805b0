import Basics
import CPerfEvents

extension Recorder {
  /// Whether this machine counts cycles and lets us read them.
  package static var hasHardwareCounters: Bool {
    var attributes = vb_event_attributes()
    attributes.size = UInt32(MemoryLayout<vb_event_attributes>.size)
    attributes.type = PERF_TYPE_HARDWARE.rawValue
    attributes.config = UInt64(PERF_COUNT_HW_CPU_CYCLES.rawValue)
    attributes.disabled = 1
    attributes.exclude_kernel = 1
    do throws(SystemError) {
      _ = try EventDescriptor(attributes, pid: 0, cpu: -1)
      return true
    } catch { return false }
  }
}
