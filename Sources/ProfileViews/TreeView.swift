/// Each function with its callers above and its callees below, as `go tool pprof -tree` prints
/// them, or as `-peek` does for the functions that a pattern names.
package struct TreeView: Sendable {
  package struct Neighbor: Sendable, Equatable {
    package let name: String
    package let weight: Int64
    package let isInlined: Bool
  }

  package struct Entry: Sendable, Equatable {
    package let name: String
    package let flat: Int64
    package let cum: Int64
    package let callers: [Neighbor]
    package let callees: [Neighbor]
  }

  package let header: [String]
  package let entries: [Entry]
  package let subject: ViewSubject
  private let unit: String
  private let isEmpty: Bool

  package init(_ combined: CombinedProfile, _ options: ViewOptions) throws(ViewError) {
    let subject = try ViewSubject(combined, options.settled(nodeCount: 80))
    try self.init(subject, matching: nil)
  }

  /// Only the functions that match, and nothing trimmed.
  package init(
    _ combined: CombinedProfile, peekingAt pattern: NamePattern, _ options: ViewOptions
  ) throws(ViewError) {
    try self.init(try ViewSubject(combined, options.untrimmed()), matching: pattern)
  }

  private init(_ subject: ViewSubject, matching pattern: NamePattern?) throws(ViewError) {
    let graph = TrimmedGraph(subject)
    unit = ViewHeader.unit(subject, graph.nodes)
    let labels =
      subject.options.compactLabels ? [] : ViewHeader.profile(subject, unit: unit)
    header = labels + ViewHeader.summary(subject, graph, unit: unit)
    entries = graph.neighbors().compactMap { node in
      let name = node.node.key.text
      return pattern?.matches(name) ?? true ? Entry(node, name) : nil
    }
    isEmpty = graph.nodes.isEmpty
    self.subject = subject
    if let pattern, entries.isEmpty { throw .noMatch(pattern.source) }
  }

  package var text: String {
    let line = String(repeating: "-", count: 58) + "+" + String(repeating: "-", count: 13)
    var lines = header + [line]
    lines.append("      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t ")
    var sum: Int64 = 0
    for entry in entries {
      lines.append(line)
      lines += entry.callers.map { text($0, of: entry) }
      sum &+= entry.flat
      let columns = [
        padded(entry.flat), share(entry.flat), share(sum), padded(entry.cum), share(entry.cum),
      ]
      lines.append("\(columns.joined(separator: " "))                | \(entry.name)")
      lines += entry.callees.map { text($0, of: entry) }
    }
    if !isEmpty { lines.append(line) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func text(_ neighbor: Neighbor, of entry: Entry) -> String {
    let weight = UnitScale.padded(subject.text(neighbor.weight, in: unit), to: 50)
    let share = UnitScale.percentage(neighbor.weight, of: entry.cum)
    return "\(weight) \(share) |   \(neighbor.name)\(neighbor.isInlined ? " (inline)" : "")"
  }

  private func padded(_ value: Int64) -> String {
    UnitScale.padded(subject.text(value, in: unit), to: 10)
  }

  private func share(_ value: Int64) -> String {
    UnitScale.percentage(value, of: subject.total)
  }
}

extension TreeView.Entry {
  fileprivate init(_ node: TrimmedGraph.Neighbors, _ name: String) {
    self.init(
      name: name, flat: node.node.flatValue, cum: node.node.cumValue,
      callers: node.callers.map { TreeView.Neighbor($0) },
      callees: node.callees.map { TreeView.Neighbor($0) })
  }
}

extension TreeView.Neighbor {
  fileprivate init(_ neighbor: TrimmedGraph.Neighbor) {
    self.init(name: neighbor.name, weight: neighbor.weight, isInlined: neighbor.isInlined)
  }
}
