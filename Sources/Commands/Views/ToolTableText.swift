import Measurement
import RunRecords

/// A table of another tool's numbers, as `vbench top` prints it.
enum ToolTableText {
  static func text(_ table: ToolTable) -> String {
    var lines = ["\(table.tool): \(harmless(table.file))"]
    if let command = table.command { lines.append("Command: \(harmless(command))") }
    if !table.settings.isEmpty {
      let settings = table.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      lines.append(harmless(settings.joined(separator: ", ")))
    }
    lines.append("There are no stacks in it; `vbench compare` takes two such files.")
    var columns = TextColumns(["quantity", "value", "±", "n", "  note"])
    for row in table.rows { columns.add(cells(row)) }
    return (lines + columns.lines).joined(separator: "\n") + "\n"
  }

  static func csv(_ table: ToolTable) -> [[String]] {
    [["quantity", "unit", "value", "note"]]
      + table.rows.flatMap { row in
        row.values.map { [row.name, row.unit.rawValue, "\($0)", row.note ?? ""] }
      }
  }

  private static func cells(_ row: ToolTable.Row) -> [String] {
    let note = "  " + harmless(row.note ?? "")
    guard !row.values.isEmpty else { return [harmless(row.name), "–", "", "0", note] }
    let estimate = Estimate.mean(ofTrials: row.values)
    let spread =
      row.deviation.map { NumberText.percent($0) }
      ?? NumberText.plusMinus(estimate)?.replacing("± ", with: "") ?? ""
    return [
      harmless(row.name), NumberText.text(estimate.value, row.unit), spread, "\(row.values.count)",
      note,
    ]
  }

  /// Text of strangers, without what a terminal would obey.
  private static func harmless(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
          return isControl ? "\u{FFFD}" : scalar
        }))
  }
}

/// The same as JSON.
struct ToolTableDocument: Encodable {
  let schema = "vbench.tool-table/1"
  let table: ToolTable

  private enum CodingKeys: String, CodingKey { case schema }

  func encode(to encoder: any Encoder) throws {
    try table.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schema, forKey: .schema)
  }
}
