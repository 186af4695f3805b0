package import Findings

/// A report on its way to paper: sections of blocks, before it is Markdown or HTML.
///
/// A style decides what stands where; a renderer decides how it looks. Names of measured programs
/// travel inside `Prose`, so that each renderer fences them in its own way.
package struct ReportDocument: Sendable {
  package var title: Prose
  package var sections: [Section]

  package struct Section: Sendable {
    var title: String
    var blocks: [Block]

    init(_ title: String, _ blocks: [Block]) {
      self.title = title
      self.blocks = blocks.filter { !$0.isEmpty }
    }
  }

  /// Sections without content are left out.
  init(_ title: Prose, _ sections: [Section?]) {
    self.title = title
    self.sections = sections.compactMap(\.self).filter { !$0.blocks.isEmpty }
  }
}

/// A part of a section.
indirect enum Block: Sendable {
  /// Below the section's own heading; 3 and 4 are the levels there are.
  case heading(Int, Prose)
  case text(Prose)
  case bullets([Bullet])
  case steps([Bullet])
  case tasks([Bullet])
  case table(DocumentTable)
  /// Lines as they are, such as commands and trees.
  case code([String])
  case chart(Chart)
  case flames([FlameTree])
  /// Depth on demand.
  case folded(Prose, [Block])

  struct Bullet: Sendable {
    var text: Prose
    var below: [Prose]

    init(_ text: Prose, _ below: [Prose] = []) {
      self.text = text
      self.below = below
    }
  }

  var isEmpty: Bool {
    switch self {
    case .bullets(let items), .steps(let items), .tasks(let items): items.isEmpty
    case .table(let table): table.rows.isEmpty
    case .code(let lines): lines.isEmpty
    case .flames(let trees): trees.isEmpty
    case .folded(_, let blocks): blocks.allSatisfy(\.isEmpty)
    case .heading, .text, .chart: false
    }
  }
}

/// A table whose cells are sentences.
struct DocumentTable: Sendable {
  let header: [String]
  /// Columns of numbers, which stand at the right.
  var numbers: Set<Int> = []
  private(set) var rows: [[Prose]] = []
  /// For those who cannot see that it is one.
  var caption: String

  init(_ caption: String, _ header: [String], numbers: Set<Int> = []) {
    self.caption = caption
    self.header = header
    self.numbers = numbers
  }

  mutating func add(_ cells: Prose...) { add(cells) }

  mutating func add(_ cells: [Prose]) {
    precondition(cells.count == header.count, "one cell for each column")
    rows.append(cells)
  }
}

/// A simple picture of numbers: bars, or rows that are parts of 100 %.
struct Chart: Sendable {
  let title: String
  var rows: [Row]

  struct Row: Sendable {
    var label: Prose
    var total: String
    var parts: [Part]
  }

  struct Part: Sendable {
    var name: String
    /// Of the longest row, from 0 to 1.
    var share: Double
    var text: String
    var tone: Tone
  }

  /// What a part is; the renderer has a color and a letter for each.
  enum Tone: String, Sendable, CaseIterable {
    case work, core, lock, disk, wait, rest

    /// What stands for it where there are no colors.
    var mark: Character {
      switch self {
      case .work: "█"
      case .core: "▒"
      case .lock: "▓"
      case .disk: "▚"
      case .wait: "▞"
      case .rest: "░"
      }
    }
  }
}
