package import Pprof

/// Numbers without stacks that another tool wrote, told apart by their content.
package enum ToolReport: Sendable, Equatable {
  case counters(PerfStatReport)
  case benchmarks(GoBenchmarks)
  case heap(HeaptrackSummary)

  enum Kind: CaseIterable {
    case counters, benchmarks, heap

    /// What people say of such a file when they wanted stacks.
    var words: String {
      switch self {
      case .counters:
        "it is a report of perf stat, which has no stacks; vbench top shows its numbers"
      case .benchmarks:
        "it is a list of Go benchmarks, which has no stacks; vbench top shows its numbers"
      case .heap:
        "it is a report of heaptrack_print; vbench top shows its sums, its stacks are not read"
      }
    }

    func recognizes(_ head: [UInt8]) -> Bool {
      switch self {
      case .counters: PerfStatReport.recognizes(head)
      case .benchmarks: GoBenchmarks.recognizes(head)
      case .heap: HeaptrackSummary.recognizes(head)
      }
    }
  }

  /// Reads a report; nil when the file is something else, such as a profile.
  package static func read(
    _ bytes: [UInt8], limits: ProfileLimits = .standard
  ) throws(ForeignError) -> ToolReport? {
    if bytes.isEmpty { return nil }
    let content = try Content(bytes, limits: limits)
    guard let kind = FormatSniffer.report(in: content) else { return nil }
    let whole = try content.whole()
    switch kind {
    case .counters: return .counters(try PerfStatReport.read(whole))
    case .benchmarks: return .benchmarks(try GoBenchmarks.read(whole))
    case .heap: return .heap(try HeaptrackSummary.read(whole))
    }
  }
}
