import Glibc

/// What the kernel counts about this process; differences of two are what happened between.
package struct ProcessCounters: Codable, Sendable, Equatable {
  /// By name, such as `page_faults_minor`.
  package private(set) var values: [String: Int] = [:]
  /// The largest the resident set has been, in bytes; not a difference.
  package private(set) var peakResidentBytes = 0

  package init() {}

  package static func now() -> ProcessCounters {
    var counters = ProcessCounters()
    var usage = rusage()
    // SAFETY: the kernel fills one rusage, which is a local.
    if unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0 {
      counters.values["page_faults_minor"] = usage.ru_minflt
      counters.values["page_faults_major"] = usage.ru_majflt
      counters.values["switches_voluntary"] = usage.ru_nvcsw
      counters.values["switches_involuntary"] = usage.ru_nivcsw
      counters.peakResidentBytes = usage.ru_maxrss * 1_024
    }
    counters.readInputOutput()
    return counters
  }

  /// Lines such as `syscw: 1234`; a kernel without this accounting has no file.
  private mutating func readInputOutput() {
    let names = [
      "rchar": "read_bytes_asked", "wchar": "write_bytes_asked", "syscr": "read_calls",
      "syscw": "write_calls", "read_bytes": "read_bytes_device",
      "write_bytes": "write_bytes_device",
    ]
    guard let text = try? FileSystem.text(of: "/proc/self/io") else { return }
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":")
      guard parts.count == 2, let name = names[String(parts[0])],
        let value = Int(parts[1].drop { $0 == " " })
      else { continue }
      values[name] = value
    }
  }

  /// What happened since an earlier reading.
  ///
  /// A counter that is smaller than it was has wrapped or begun anew, and one that was not there
  /// before tells of another time: nobody knows what happened meanwhile, so both are left out.
  package func since(_ earlier: ProcessCounters) -> ProcessCounters {
    var difference = self
    difference.values = [:]
    for (name, value) in values {
      guard let before = earlier.values[name], value >= before else { continue }
      difference.values[name] = value &- before
    }
    return difference
  }

  /// Sums that no number can hold stay at the largest there is.
  package static func += (left: inout ProcessCounters, right: ProcessCounters) {
    left.values.merge(right.values) { one, other in
      let (sum, isTooLarge) = one.addingReportingOverflow(other)
      return isTooLarge ? (one < 0 ? .min : .max) : sum
    }
    left.peakResidentBytes = max(left.peakResidentBytes, right.peakResidentBytes)
  }
}
