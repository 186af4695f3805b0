/// A Markdown table; its cells are Markdown already.
struct MarkdownTable {
  private let header: [String]
  private var rows: [[String]] = []

  init(_ header: String...) { self.header = header }

  mutating func add(_ cells: String...) {
    precondition(cells.count == header.count, "one cell for each column")
    rows.append(cells)
  }

  var isEmpty: Bool { rows.isEmpty }

  var text: String {
    let rule = header.map { _ in "---" }
    return ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}
