/// What an engine call is for: the word that stands in profiles, latencies and reports.
///
/// The raw value is the spelling of the `op` label in pprof files, a stable interface.
package enum OperationKind: String, Codable, Sendable, CaseIterable, Comparable {
  case search, get, insert, upsert, delete, flush, compact, background

  package static func < (left: OperationKind, right: OperationKind) -> Bool {
    left.rank < right.rank
  }

  /// The order in which operations are listed everywhere.
  private var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
}
