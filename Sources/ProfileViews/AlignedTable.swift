/// Columns that are as wide as their widest cell, aligned to the right.
///
/// This is what Go's `text/tabwriter` does with its flag `AlignRight` and a padding of one: a tab
/// ends a cell, a column is the cells below one another without a gap, and what follows the last
/// tab of a line belongs to no column.
struct AlignedTable {
  private var lines: [[String]] = [[""]]

  mutating func add(_ text: String) {
    for letter in text.unicodeScalars {
      switch letter {
      case "\t", "\u{B}": lines[lines.count - 1].append("")
      case "\n", "\u{C}": lines.append([""])
      default:
        let last = lines[lines.count - 1].count - 1
        lines[lines.count - 1][last].unicodeScalars.append(letter)
      }
    }
  }

  func finished() -> String {
    var widths = lines.map { [Int](repeating: 0, count: $0.count - 1) }
    for column in 0..<(widths.map(\.count).max() ?? 0) { setWidths(column, &widths) }
    return lines.enumerated().map { number, cells in
      cells.enumerated().map { column, cell in
        column < cells.count - 1 ? UnitScale.padded(cell, to: widths[number][column]) : cell
      }.joined()
    }.joined(separator: "\n")
  }

  /// Gives the lines of each block of a column the width of its widest cell.
  private func setWidths(_ column: Int, _ widths: inout [[Int]]) {
    var first = 0
    while first < lines.count {
      guard widths[first].count > column else {
        first += 1
        continue
      }
      var end = first
      while end < lines.count, widths[end].count > column { end += 1 }
      let widest = (first..<end).map { lines[$0][column].unicodeScalars.count }.max() ?? 0
      for line in first..<end { widths[line][column] = widest + 1 }
      first = end
    }
  }
}
