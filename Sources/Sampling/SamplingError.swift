/// Why nothing can be sampled, in a sentence with the way out.
package enum SamplingError: Error, Equatable, CustomStringConvertible {
  case notPermitted(paranoid: Int?, reason: String)
  case noSuchProcess(Int32)
  case noUnwinder
  case tooManyEvents
  /// Somebody else's process.
  case hidden(Int32)
  /// An event that this machine does not have.
  case notSupported(String)
  /// The descriptions of the kernel's tracepoints cannot be read.
  case noTracepoints
  case system(String)

  package var description: String {
    switch self {
    case .notPermitted(let paranoid, let reason):
      "Sampling is not permitted (\(reason)"
        + (paranoid.map { "; perf_event_paranoid is \($0)" } ?? "")
        + "). Run as root or with CAP_PERFMON, or set kernel.perf_event_paranoid to 0 or less."
    case .noSuchProcess(let pid): "There is no process \(pid)."
    case .noUnwinder:
      "libunwind could not be loaded, so stacks cannot be read. Install libunwind8."
    case .hidden(let pid):
      "Process \(pid) belongs to somebody else: its memory may not be read. Run as its user or as "
        + "root."
    case .tooManyEvents:
      "Too many kernel events for the limit on open files; raise it (ulimit -n)."
    case .notSupported(let event):
      "The event \(event) is not supported on this machine."
    case .noTracepoints:
      "System calls cannot be watched: this user may not read the kernel's tracepoints. Run as "
        + "root, or let this user read them (mount -o remount,mode=755 /sys/kernel/tracing) and set "
        + "kernel.perf_event_paranoid to -1."
    case .system(let sentence): sentence
    }
  }
}
