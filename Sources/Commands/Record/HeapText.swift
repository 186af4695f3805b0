import Measurement
import Sampling

/// What a heap recording says in a few lines.
enum HeapText {
  static func lines(_ summaries: [HeapSummary]) -> [String] {
    summaries.sorted { ($1.allocatedBytes.value, $0.pid) < ($0.allocatedBytes.value, $1.pid) }
      .prefix(4).flatMap(lines)
  }

  private static func lines(_ summary: HeapSummary) -> [String] {
    let program = summary.program.split(separator: "/").last.map(String.init) ?? "process"
    var lines = [
      "  \(program) (\(summary.pid)) heap: \(NumberText.count(Int(clamping: summary.counts.allocations))) "
        + "allocations of \(NumberText.bytes(Double(summary.counts.bytes))), "
        + "\(bytes(summary.liveBytes)) live at the end, \(bytes(summary.peakBytes)) at most"
    ]
    for leak in summary.leakCandidates.prefix(3) {
      lines.append(
        "    grows and is never freed: \(bytes(leak.liveBytes)) from "
          + leak.frames.prefix(3).joined(separator: " ← "))
    }
    return lines + summary.notes.map { "    note: \($0)" }
  }

  private static func bytes(_ estimate: HeapEstimate) -> String {
    let text = NumberText.bytes(estimate.value)
    guard estimate.standardError > 0 else { return text }
    return "\(text) ± \(NumberText.bytes(1.96 * estimate.standardError))"
  }
}
