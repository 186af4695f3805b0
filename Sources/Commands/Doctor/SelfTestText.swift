/// The table that `vbench doctor --self-test` prints.
enum SelfTestText {
  static func of(_ rows: [SelfTest.Row]) -> String {
    let widths = (
      rows.map(\.quantity.count).max() ?? 0, rows.map(\.target.count).max() ?? 0,
      rows.map(\.seen.count).max() ?? 0
    )
    let lines = rows.map { row in
      [
        padded(row.verdict.rawValue, 8), padded(row.quantity, widths.0),
        padded(row.target, widths.1), row.seen,
      ].joined(separator: "  ")
    }
    let failed = rows.count { $0.verdict == .fail }
    let skipped = rows.count { $0.verdict == .skipped }
    let passed = rows.count - failed - skipped
    return lines.joined(separator: "\n")
      + "\n\n\(passed) of \(rows.count) pass, \(failed) fail, \(skipped) could not be tried here.\n"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
