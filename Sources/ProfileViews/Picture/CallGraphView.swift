/// The call graph in the language of Graphviz, as `go tool pprof -dot` prints it.
package struct CallGraphView: Sendable {
  package let text: String
  package let subject: ViewSubject

  package init(_ combined: CombinedProfile, _ options: ViewOptions) throws(ViewError) {
    let subject = try ViewSubject(combined, options.settled(nodeCount: 80))
    let trimming = PictureTrimming(subject)
    let shown = trimming.graph.listed.map { trimming.graph.nodes[$0].node }
    let unit = ViewHeader.unit(subject, shown)
    var legend = ViewHeader.profile(subject, unit: unit)
    legend += ViewHeader.summary(
      subject, nodes: shown, dropped: trimming.droppedNodes, before: trimming.before,
      droppedEdges: trimming.droppedCalls, unit: unit)
    legend.append("\nSee https://git.io/JfYMW for how to read the graph")
    text = DotWriter(subject, trimming.graph, unit: unit).text(legend)
    self.subject = subject
  }
}
