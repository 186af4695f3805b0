package import Findings

/// The shapes in which a report can be told; each is a choice of chapters of the same value.
package enum ReportStyle: String, CaseIterable, Sendable {
  /// What was found, role by role, and what to do about it.
  case findings
  /// Counters and allocations first, then bottlenecks, priorities and bounds.
  case counters
  /// What was expected against what was measured.
  case gap
  /// A time tree of writing, ranked bottlenecks and an order of tests.
  case ingest

  /// The style that the data supports best: a gap where there are targets, findings where there is
  /// a profile, counters where there is nothing but these.
  package static func fitting(_ report: FindingsReport) -> ReportStyle {
    if report.targets != nil { return .gap }
    if report.collected.contains(where: { $0.problem == nil }) { return .findings }
    return report.counters.problem == nil ? .counters : .findings
  }

  package func document(_ report: FindingsReport) -> ReportDocument {
    switch self {
    case .findings: FindingsStyle.document(report)
    case .counters: CountersStyle.document(report)
    case .gap: GapStyle.document(report)
    case .ingest: IngestStyle.document(report)
    }
  }
}
