/// What may be asked of any view, with pprof's words, meanings and defaults.
package struct ViewOptions: Sendable {
  package var filter = ViewFilter()
  package var sampleIndex: String?
  /// Each value divided by the first one: the mean size of an allocation, of a wait.
  package var isMean = false
  package var divideBy = 1.0
  package var sortsByCum = false
  /// How many nodes at most; zero shows all, nil leaves it to the view.
  package var nodeCount: Int?
  package var nodeFraction = 0.005
  package var edgeFraction = 0.001
  /// False forgets the count and both fractions.
  package var trims = true
  package var unit = "minimum"
  package var granularity = Granularity.functions
  package var noInlines = false
  package var dropsNegative = false
  /// Percentages of what the filters let through, not of everything.
  package var isRelative = false
  package var compactLabels = false
  /// In a picture: a function once for each way that leads to it.
  package var isCallTree = false
  /// Labels that become frames at the root of each stack, or at its leaf.
  package var tagRoot: [String] = []
  package var tagLeaf: [String] = []
  package var sourcePaths = SourcePaths()
  /// A point in time as text, in the reader's time zone; nil leaves the line out.
  package var timeText: (@Sendable (_ nanoseconds: Int64) -> String)?

  package init() {}

  /// The same without any trimming, as views want it that are asked for a function by name.
  func untrimmed() -> ViewOptions {
    var result = self
    (result.nodeCount, result.nodeFraction, result.edgeFraction) = (0, 0, 0)
    return result
  }

  /// The same with the view's own number of nodes, where the user gave none, and `trims` obeyed.
  func settled(nodeCount standard: Int) -> ViewOptions {
    if !trims { return untrimmed() }
    var result = self
    result.nodeCount = nodeCount ?? standard
    return result
  }
}
