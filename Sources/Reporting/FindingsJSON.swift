package import Findings
package import FoundationEssentials

/// The report as data, the content of `findings.json`.
///
/// Keys are sorted, so equal reports are equal bytes.
package enum FindingsJSON {
  package static func encode(_ report: FindingsReport) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(report)
  }

  package static func decode(_ data: Data) throws -> FindingsReport {
    try JSONDecoder().decode(FindingsReport.self, from: data)
  }
}
