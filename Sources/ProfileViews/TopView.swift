package import Pprof

/// The table of functions, line for line as `go tool pprof -top` prints it.
package struct TopView: Sendable {
  package typealias Options = ViewOptions

  package struct Row: Sendable, Equatable {
    package let name: String
    package let inlining: String
    package let flat: Int64
    package let cum: Int64
  }

  package let header: [String]
  package let rows: [Row]
  package let subject: ViewSubject
  private let outputUnit: String

  package var total: Int64 { subject.total }
  package var sampleType: Profile.ValueType { subject.type }

  package init(_ profile: Profile, _ options: ViewOptions) throws(ViewError) {
    try self.init(CombinedProfile(profile), options)
  }

  package init(_ combined: CombinedProfile, _ options: ViewOptions) throws(ViewError) {
    let subject = try ViewSubject(combined, options.settled(nodeCount: 0))
    let graph = TrimmedGraph(subject)
    let unit = ViewHeader.unit(subject, graph.nodes)
    let labels = options.compactLabels ? [] : ViewHeader.profile(subject, unit: unit)
    header = labels + ViewHeader.summary(subject, graph, unit: unit)
    let inlining = graph.inlining()
    rows = graph.nodes.map { node in
      Row(
        name: node.key.text, inlining: inlining[node.number] ?? "", flat: node.flatValue,
        cum: node.cumValue)
    }
    self.subject = subject
    outputUnit = unit
  }

  package var text: String {
    var lines = header
    lines.append("      flat  flat%   sum%        cum   cum%")
    var sum: Int64 = 0
    let written = subject.texts(in: outputUnit)
    for row in rows {
      sum &+= row.flat
      let inlining = row.inlining.isEmpty ? "" : " \(row.inlining)"
      let columns = [
        UnitScale.padded(written(row.flat), to: 10), UnitScale.percentage(row.flat, of: total),
        UnitScale.percentage(sum, of: total), UnitScale.padded(written(row.cum), to: 10),
        UnitScale.percentage(row.cum, of: total),
      ]
      lines.append("\(columns.joined(separator: " "))  \(row.name)\(inlining)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
