import Basics
import Measurement
import Vocabulary
import Workloads

/// `vbench dataset info`: what a folder or a file holds.
enum DatasetInfo {
  struct Table: Encodable {
    var path: String
    var format: String
    var element: String
    var rows: Int
    var dimensions: Int
    var bytes: Int
  }

  struct Folder: Encodable {
    var name: String
    var metric: String?
    var source: String?
    var base: Table
    var query: Table?
    var truth: Table?
    /// Whether meta.json says which rows and queries the truth was made from.
    var truthHasDigests: Bool
    var tiedQueries: Int?
  }

  static func run(_ path: String, _ invocation: Invocation) throws -> ExitStatus {
    if !FileSystem.isDirectory(path), FileSystem.exists(path) {
      let table = try table(path)
      try Terminal.print(
        invocation.has("json") ? try JSONText.of(table) : lines(of: [("file", table)]))
      return .fine
    }
    let folder = try DatasetFolder(path)
    let info = Folder(
      name: folder.name, metric: folder.metric?.rawValue ?? folder.meta?.metric,
      source: folder.meta?.source, base: try table(folder.base),
      query: try folder.queries.map(table), truth: try folder.truth.map(table),
      truthHasDigests: folder.truth != nil && folder.meta?.truth != nil,
      tiedQueries: folder.meta?.truth?.tiedQueries)
    try Terminal.print(invocation.has("json") ? try JSONText.of(info) : text(info))
    return .fine
  }

  private static func table(_ path: String) throws -> Table {
    let file = try VectorFile(path)
    return Table(
      path: path, format: file.format.rawValue, element: file.element.rawValue, rows: file.rows,
      dimensions: file.dimensions, bytes: FileSystem.size(of: path) ?? 0)
  }

  private static func text(_ info: Folder) -> String {
    var tables = [("base", info.base)]
    if let query = info.query { tables.append(("query", query)) }
    if let truth = info.truth { tables.append(("gt", truth)) }
    var text = "\(info.name), metric \(info.metric ?? "not said")\n\n" + lines(of: tables)
    if let source = info.source { text += "\nsource: \(source)\n" }
    if info.query == nil { text += "There are no queries.\n" }
    if info.truth == nil {
      text += "There is no ground truth; `vbench dataset gt` computes it.\n"
    } else if !info.truthHasDigests {
      text +=
        "Nothing says which rows the ground truth was made from; `vbench dataset verify` finds "
        + "out.\n"
    } else if let tied = info.tiedQueries, tied > 0 {
      text += "\(NumberText.count(tied)) queries have a tie at the last place of the truth.\n"
    }
    return text
  }

  private static func lines(of tables: [(String, Table)]) -> String {
    var columns = TextColumns(["what", "rows", "dimensions", "size", "type", "format"])
    for (name, table) in tables {
      columns.add([
        name, NumberText.count(table.rows), "\(table.dimensions)",
        NumberText.bytes(Double(table.bytes)), table.element, table.format,
      ])
    }
    return columns.lines.joined(separator: "\n") + "\n"
  }
}
