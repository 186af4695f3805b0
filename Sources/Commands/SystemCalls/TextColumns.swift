/// A table in plain text: words to the left, numbers to the right, the last column as it comes.
struct TextColumns {
  private var heads: [(name: String, isNumber: Bool)]
  private var rows: [[String]] = []

  /// The first column holds words, the others numbers.
  init(_ names: [String]) {
    heads = names.enumerated().map { ($1, $0 > 0) }
  }

  mutating func append(_ name: String, isNumber: Bool) { heads.append((name, isNumber)) }

  mutating func add(_ row: [String]) {
    precondition(row.count == heads.count, "a cell for each column")
    rows.append(row)
  }

  var lines: [String] {
    let all = [heads.map(\.name)] + rows
    let widths = heads.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      var line = zip(row.indices, row).map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return heads[column].isNumber ? space + cell : cell + space
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
