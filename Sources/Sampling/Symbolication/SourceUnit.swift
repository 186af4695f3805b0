import CDwarf

/// What one compilation unit says about its code: whose it is and from which line.
struct SourceUnit {
  /// A line of one of the unit's files; zero where it is not known.
  struct Place: Equatable {
    var file: UInt32 = 0
    var line: UInt32 = 0
  }

  struct Function {
    let entry: UInt64
    let parent: Int32
    /// Where it was called, if it was inlined.
    let call: Place
  }

  private var functions: [Function] = []
  private let table: AddressTable
  private let rows: [vb_dwarf_row]

  /// From the functions of a walk, in its order, and the rows of the line table.
  init(functions stretches: [vb_dwarf_function], rows: [vb_dwarf_row]) {
    self.rows =
      zip(rows, rows.dropFirst()).allSatisfy { $0.address <= $1.address }
      ? rows : rows.sorted { $0.address < $1.address }
    for stretch in stretches where stretch.number == UInt32(functions.count) {
      functions.append(
        Function(
          entry: stretch.entry, parent: stretch.parent,
          call: Place(file: stretch.call_file, line: stretch.call_line)))
    }
    let count = functions.count
    // What the linker threw away was left at address zero.
    table = AddressTable(
      stretches.filter { $0.start > 0 && $0.number < count }.map {
        AddressTable.Range(start: $0.start, end: $0.end, owner: Int32($0.number))
      })
  }

  /// The functions at an address, the innermost inlined one first.
  func functions(at address: UInt64) -> [Function] {
    var chain: [Function] = []
    var next = table.owner(of: address) ?? -1
    // A parent was met before its children, so the numbers only fall.
    while next >= 0 {
      let function = functions[Int(next)]
      chain.append(function)
      next = function.parent < next ? function.parent : -1
    }
    return chain
  }

  /// The line of an address; nil where the table says nothing.
  ///
  /// The compiler writes line zero for code of its own. Such code counts to the line before it
  /// that belongs to the same function.
  func place(at address: UInt64) -> Place? {
    let next = rows.firstIndex(ofSorted: { $0.address > address })
    guard next > 0, !rows[next - 1].ends else { return nil }
    let row = rows[next - 1]
    let owner = table.owner(of: address)
    if row.line > 0 || owner == nil { return Place(file: row.file, line: row.line) }
    for index in (max(0, next - Self.farthest)..<next).reversed() {
      if rows[index].ends { break }
      if rows[index].line > 0, table.owner(of: rows[index].address) == owner {
        return Place(file: rows[index].file, line: rows[index].line)
      }
    }
    return nil
  }

  /// No line stands for more rows than this.
  private static let farthest = 2_000
}
