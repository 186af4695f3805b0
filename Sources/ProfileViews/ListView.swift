/// Source lines with their costs, as `go tool pprof -list` prints them.
package struct ListView: Sendable {
  package struct Line: Sendable, Equatable {
    package let number: Int64
    package let flat: Int64
    package let cum: Int64
    package let source: String
  }

  /// A function in one file.
  package struct Routine: Sendable, Equatable {
    package let name: String
    /// Nil where the profile knows no file; then there are no lines.
    package let file: String?
    package let flat: Int64
    package let cum: Int64
    package let lines: [Line]
    /// Why there are no lines.
    package let problem: String?
  }

  /// The lines of a source file, or why they cannot be had.
  package enum Source: Sendable {
    case lines([String])
    case missing(String)
  }

  package let routines: [Routine]
  package let subject: ViewSubject

  /// Finds the functions that match and puts their costs beside their sources.
  ///
  /// - Parameters:
  ///   - combined: The profile.
  ///   - pattern: Which functions.
  ///   - options: What may be asked of any view; lines are what is counted here.
  ///   - source: The file by the name that the profile has for it.
  /// - Throws: When nothing matches.
  package init(
    _ combined: CombinedProfile, matching pattern: NamePattern, _ options: ViewOptions,
    source: (_ file: String) -> Source
  ) throws(ViewError) {
    var options = options.untrimmed()
    options.granularity = .lines
    let subject = try ViewSubject(combined, options)
    let graph = subject.graph(keepingBinaries: true)
    let all = [Bool](repeating: true, count: graph.keys.count)
    let nodes = subject.live(graph.nodes(keeping: all)).filter { pattern.matches($0.key.name) }
    if nodes.isEmpty { throw .noMatch(pattern.source) }
    var missing: [String: String] = [:]
    routines = Self.grouped(nodes, by: \.name).flatMap { name, nodes in
      let placed = nodes.filter { !$0.key.file.isEmpty }
      if placed.isEmpty { return [Routine(unplaced: name, nodes)] }
      return Self.grouped(placed, by: \.file).map { file, nodes in
        let routine = Routine(name, file, nodes, missing: missing[file], source)
        missing[file] = routine.problem
        return routine
      }
    }
    self.subject = subject
  }

  private static func grouped(
    _ nodes: [FrameGraph.Node], by part: (FrameGraph.Key) -> String
  ) -> [(String, [FrameGraph.Node])] {
    Dictionary(grouping: nodes) { part($0.key) }.map { ($0.key, $0.value) }
      .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
  }

  package var text: String {
    var text = "Total: \(shown(subject.total))\n"
    for routine in routines {
      guard let file = routine.file else {
        text += "No source information for \(routine.name)\n"
        continue
      }
      text += "ROUTINE ======================== \(routine.name) in \(file)\n"
      let share = UnitScale.percentage(routine.cum, of: subject.total)
      let (flat, cum) = (padded(shown(routine.flat)), padded(shown(routine.cum)))
      text += "\(flat) \(cum) (flat, cum) \(share) of Total\n"
      if let problem = routine.problem { text += " Error: \(problem)\n" }
      for line in routine.lines {
        let (flat, cum) = (padded(dotted(line.flat)), padded(dotted(line.cum)))
        text += "\(flat) \(cum) \(UnitScale.padded("\(line.number)", to: 6)):\(line.source)\n"
      }
    }
    return text
  }

  private func shown(_ value: Int64) -> String { subject.text(value, in: subject.options.unit) }

  private func dotted(_ value: Int64) -> String { value == 0 ? "." : shown(value) }

  private func padded(_ text: String) -> String { UnitScale.padded(text, to: 10) }
}

extension ListView.Routine {
  fileprivate init(unplaced name: String, _ nodes: [FrameGraph.Node]) {
    self.init(
      name: name, file: nil, flat: nodes.reduce(0) { $0 &+ $1.flat },
      cum: nodes.reduce(0) { $0 &+ $1.cum }, lines: [], problem: nil)
  }

  fileprivate init(
    _ name: String, _ file: String, _ nodes: [FrameGraph.Node], missing: String?,
    _ source: (String) -> ListView.Source
  ) {
    var (lines, problem): ([ListView.Line], String?) = ([], missing)
    let range = Self.range(nodes)
    // A file of which no line is wanted is not missed, unless another function has missed it.
    if !range.isEmpty {
      switch source(file) {
      case .missing(let reason): problem = reason
      case .lines(let texts): lines = Self.lines(nodes, range, texts)
      }
    }
    self.init(
      name: name, file: file, flat: nodes.reduce(0) { $0 &+ $1.flat },
      cum: nodes.reduce(0) { $0 &+ $1.cum }, lines: lines, problem: problem)
  }

  /// From where the function begins, or five lines before its first cost, to five behind its last.
  private static func range(_ nodes: [FrameGraph.Node]) -> Range<Int64> {
    let margin: Int64 = 5
    let first = nodes.map { $0.key.startLine == 0 ? $0.key.line &- margin : $0.key.startLine }
    let start = max(1, first.min() ?? 1)
    let end = (nodes.map(\.key.line).max() ?? 0) &+ margin
    return start..<max(start, end &+ 1)
  }

  private static func lines(
    _ nodes: [FrameGraph.Node], _ range: Range<Int64>, _ texts: [String]
  ) -> [ListView.Line] {
    let costs = Dictionary(grouping: nodes, by: \.key.line)
    return range.prefix { $0 <= texts.count }.map { number in
      let nodes = costs[number] ?? []
      return ListView.Line(
        number: number, flat: nodes.reduce(0) { $0 &+ $1.flat },
        cum: nodes.reduce(0) { $0 &+ $1.cum }, source: texts[Int(number - 1)])
    }
  }
}
