/// A Markdown file as the linter sees it: sections, tables, fenced blocks, items and sentences.
///
/// It is no Markdown parser: it tells the kinds of lines apart, which is all that a claim needs,
/// and never fails. Emphasis and backticks are blanked, so that columns stay what they are.
struct ClaimDocument: Sendable {
  let lines: [Line]
  let tables: [Table]
  let sections: [Section]

  struct Line: Sendable {
    /// Counted from 1.
    let number: Int
    /// As it stands in the file.
    let raw: String
    /// Emphasis and backticks are spaces.
    let text: [Unicode.Scalar]
    /// `text` in small letters, for looking up words.
    let words: String
    let kind: Kind
    /// Its place in `sections`.
    let section: Int
    let quantities: [Quantity]

    func says(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }

    /// The words just before a quantity, or just behind it.
    func before(_ quantity: Quantity, _ count: Int = 32) -> String {
      Self.string(text[max(0, quantity.start - count)..<quantity.start]).lowercased()
    }

    func after(_ quantity: Quantity, _ count: Int = 24) -> String {
      Self.string(text[quantity.end..<min(text.count, quantity.end + count)]).lowercased()
    }

    static func string(_ part: ArraySlice<Unicode.Scalar>) -> String {
      String(String.UnicodeScalarView(part))
    }
  }

  enum Kind: Sendable, Equatable {
    case blank
    case heading(Int)
    case row
    case fenced
    /// A bullet or numbered item, with its indent.
    case item(Int)
    case text
  }

  struct Section: Sendable {
    let heading: String
    /// Its own heading and those above it, in small letters.
    let path: String
    /// From its heading to the next one.
    fileprivate(set) var lines: Range<Int>
  }

  struct Cell: Sendable {
    let text: String
    let words: String
    let line: Int
    let column: Int
    let quantities: [Quantity]
  }

  struct Table: Sendable {
    let header: [Cell]
    let rows: [[Cell]]
    let section: Int
    let line: Int

    func column(where matches: (String) -> Bool) -> Int? {
      header.firstIndex { matches($0.words) }
    }
  }

  func lines(of section: Int) -> ArraySlice<Line> { lines[sections[section].lines] }

  /// Everything, in small letters.
  var words: String { lines.map(\.words).joined(separator: "\n") }

  func says(_ parts: String...) -> Bool {
    parts.contains { part in lines.contains { $0.words.contains(part) } }
  }
}

/// Reads lines into a document.
struct ClaimReader {
  private var lines: [ClaimDocument.Line] = []
  private var sections = [ClaimDocument.Section(heading: "", path: "", lines: 0..<0)]
  private var headings: [(level: Int, words: String)] = []
  private var fence: Substring?

  static func read(_ text: String) -> ClaimDocument {
    var reader = ClaimReader()
    let pieces = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
    for (index, bytes) in pieces.enumerated() {
      reader.add(String(Substring(bytes.last == 13 ? bytes.dropLast() : bytes)), index + 1)
    }
    return ClaimDocument(
      lines: reader.lines, tables: ClaimTables.find(reader.lines), sections: reader.sections)
  }

  private mutating func add(_ raw: String, _ number: Int) {
    let blanked = raw.unicodeScalars.map { "*`".unicodeScalars.contains($0) ? " " : $0 }
    let kind = kind(of: raw)
    if case .heading(let level) = kind { begin(raw, level) }
    lines.append(
      ClaimDocument.Line(
        number: number, raw: raw, text: blanked,
        words: String(String.UnicodeScalarView(blanked)).lowercased(), kind: kind,
        section: sections.count - 1, quantities: QuantityScanner.scan(blanked)))
    let last = sections.count - 1
    sections[last].lines = sections[last].lines.lowerBound..<lines.count
  }

  private mutating func kind(of raw: String) -> ClaimDocument.Kind {
    let indent = raw.prefix { $0 == " " }.count
    let rest = raw.dropFirst(indent)
    if rest.hasPrefix("```") || rest.hasPrefix("~~~") {
      let mark = rest.prefix { $0 == rest.first }
      if let open = fence {
        if mark.hasPrefix(open), rest.count == mark.count { fence = nil }
      } else {
        fence = mark
      }
      return .fenced
    }
    if fence != nil { return .fenced }
    if rest.isEmpty { return .blank }
    let hashes = rest.prefix { $0 == "#" }.count
    if (1...6).contains(hashes), rest.dropFirst(hashes).first == " " { return .heading(hashes) }
    if rest.hasPrefix("|") { return .row }
    return isItem(rest) ? .item(indent) : .text
  }

  private func isItem(_ rest: Substring) -> Bool {
    if let first = rest.first, "-*+".contains(first) { return rest.dropFirst().first == " " }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, let mark = rest.dropFirst(digits.count).first else { return false }
    return ".)".contains(mark) && rest.dropFirst(digits.count + 1).first == " "
  }

  private mutating func begin(_ raw: String, _ level: Int) {
    let words = raw.drop { $0 == "#" || $0 == " " }.replacing("*", with: "")
      .replacing("`", with: "").lowercased()
    headings.removeAll { $0.level >= level }
    headings.append((level, words))
    sections.append(
      ClaimDocument.Section(
        heading: words, path: headings.map(\.words).joined(separator: " / "),
        lines: lines.count..<lines.count))
  }
}

/// Finds tables: a row of headings, a row of dashes, rows.
enum ClaimTables {
  static func find(_ lines: [ClaimDocument.Line]) -> [ClaimDocument.Table] {
    var tables: [ClaimDocument.Table] = []
    var index = 0
    while index + 1 < lines.count {
      guard lines[index].kind == .row, isRule(lines[index + 1]) else {
        index += 1
        continue
      }
      let rows = lines[(index + 2)...].prefix { $0.kind == .row }
      tables.append(
        ClaimDocument.Table(
          header: cells(lines[index]), rows: rows.map(cells), section: lines[index].section,
          line: lines[index].number))
      index += 2 + rows.count
    }
    return tables
  }

  private static func isRule(_ line: ClaimDocument.Line) -> Bool {
    line.kind == .row && line.text.contains("-")
      && line.text.allSatisfy { "|-: \t".unicodeScalars.contains($0) }
  }

  private static func cells(_ line: ClaimDocument.Line) -> [ClaimDocument.Cell] {
    var cells: [ClaimDocument.Cell] = []
    var start: Int?
    for (index, scalar) in line.text.enumerated() where scalar == "|" {
      let isEscaped = index > 0 && line.text[index - 1] == "\\"
      if isEscaped { continue }
      if let begin = start { cells.append(cell(line, begin, index)) }
      start = index + 1
    }
    if let begin = start, begin < line.text.count {
      let last = cell(line, begin, line.text.count)
      if !last.text.isEmpty { cells.append(last) }
    }
    return cells
  }

  private static func cell(
    _ line: ClaimDocument.Line, _ start: Int, _ end: Int
  ) -> ClaimDocument.Cell {
    var (start, end) = (start, end)
    while start < end, line.text[start] == " " { start += 1 }
    while end > start, line.text[end - 1] == " " { end -= 1 }
    let text = ClaimDocument.Line.string(line.text[start..<end])
    return ClaimDocument.Cell(
      text: text, words: text.lowercased(), line: line.number, column: start + 1,
      quantities: line.quantities.filter { $0.start >= start && $0.end <= end })
  }
}
