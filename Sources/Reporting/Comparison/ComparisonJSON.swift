package import Comparison
package import RunRecords

/// The comparison itself as JSON, SI numbers, stable order: the source of truth for other tools.
package enum ComparisonJSON {
  package static func render(_ comparison: RunComparison) throws(RunError) -> String {
    String(decoding: try RecordJSON.encode(comparison, path: "comparison.json"), as: UTF8.self)
  }
}
