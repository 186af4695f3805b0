import Pprof
import ProfileViews

/// A view as text, as JSON or as CSV, whichever was asked for.
enum ViewOutput {
  static let csv = Flag("csv", .toggle, "Print rows of comma-separated values.", group: .output)

  private static let json = Flag(
    "json", .toggle, "Print exactly one JSON document, in the profile's own units.",
    group: .output)

  static let flags = [json, csv, SharedFlags.output]

  static func write(
    _ invocation: Invocation, text: () -> String, json: () -> some Encodable, csv: () -> [[String]]
  ) throws {
    if invocation.has("json"), invocation.has("csv") {
      throw Failure.usage("--json and --csv exclude each other.", invocation.command)
    }
    if invocation.has("json") {
      try OutputFile.write(try JSONText.of(json()), invocation)
    } else if invocation.has("csv") {
      try OutputFile.write(lines(csv()), invocation)
    } else {
      try OutputFile.write(text(), invocation)
    }
  }

  /// Values with commas, quotes or line ends stand in quotes.
  private static func lines(_ rows: [[String]]) -> String {
    rows.map { row in
      row.map { value in
        value.utf8.contains { ",\"\n\r".utf8.contains($0) }
          ? "\"\(value.replacing("\"", with: "\"\""))\"" : value
      }.joined(separator: ",") + "\n"
    }.joined()
  }
}

/// What stands above the rows of every view's JSON.
struct ViewDocument<Row: Encodable>: Encodable {
  let schema: String
  let source: String
  let sampleType: String
  let unit: String
  let total: Int64
  let header: [String]
  let rows: [Row]

  init(_ view: String, _ source: String, _ subject: ViewSubject, header: [String], _ rows: [Row]) {
    schema = "vbench.\(view)/1"
    self.source = source
    sampleType = subject.type.type
    unit = subject.type.unit
    total = subject.total
    self.header = header
    self.rows = rows
  }
}
