package import Pprof

/// The table of functions, line for line as `go tool pprof -top` prints it.
package struct TopView: Sendable {
  package struct Options: Sendable {
    package var filter = ViewFilter()
    package var sampleIndex: String?
    package var sortsByCum = false
    /// Zero shows all.
    package var nodeCount = 0
    package var nodeFraction = 0.005
    package var edgeFraction = 0.001
    package var unit = "minimum"
    package var granularity = Granularity.functions
    package var noInlines = false
    package var dropsNegative = false
    /// Percentages of what the filters let through, not of everything.
    package var isRelative = false
    package var compactLabels = false
    /// A point in time as text, in the reader's time zone; nil leaves the line out.
    package var timeText: (@Sendable (_ nanoseconds: Int64) -> String)?

    package init() {}
  }

  package struct Row: Sendable, Equatable {
    package let name: String
    package let inlining: String
    package let flat: Int64
    package let cum: Int64
  }

  package let header: [String]
  package let rows: [Row]
  package let total: Int64
  package let unit: String
  package let sampleType: Profile.ValueType
  private let outputUnit: String

  package init(_ profile: Profile, _ options: Options) throws(ViewError) {
    let index = try profile.sampleIndex(options.sampleIndex)
    let pruned = FramePruning.prune(EqualSamples.merged(DisplayName.applied(to: profile), index))
    let filtered = options.filter.apply(to: pruned)
    let type = profile.sampleTypes[index]
    let total = Self.total(options.isRelative ? filtered : pruned, index)
    let trimmed = Trimmed(filtered, index, options)
    let outputUnit = Self.unit(trimmed.nodes, total, type.unit, options)
    let format = { (value: Int64) in UnitScale.text(value, from: type.unit, to: outputUnit) }
    let labels = options.compactLabels ? [] : Self.labels(profile, total, type, format, options)
    header = labels + Self.summary(trimmed, total, options, format)
    rows = trimmed.nodes.map { node in
      Row(
        name: node.key.text, inlining: trimmed.inlining[node.number] ?? "", flat: node.flat,
        cum: node.cum)
    }
    self.total = total
    unit = type.unit
    sampleType = type
    self.outputUnit = outputUnit
  }

  package var text: String {
    var lines = header
    lines.append("      flat  flat%   sum%        cum   cum%")
    var sum: Int64 = 0
    for row in rows {
      sum &+= row.flat
      let inlining = row.inlining.isEmpty ? "" : " \(row.inlining)"
      let columns = [
        column(row.flat), UnitScale.percentage(row.flat, of: total),
        UnitScale.percentage(sum, of: total), column(row.cum),
        UnitScale.percentage(row.cum, of: total),
      ]
      lines.append("\(columns.joined(separator: " "))  \(row.name)\(inlining)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func column(_ value: Int64) -> String {
    UnitScale.padded(UnitScale.text(value, from: unit, to: outputUnit), to: 10)
  }

  // MARK: - Parts

  private struct Trimmed {
    var nodes: [FrameGraph.Node]
    /// By the number of a node.
    var inlining: [Int: String] = [:]
    var dropped = 0
    var before = 0

    init(_ profile: Profile, _ index: Int, _ options: Options) {
      let graph = FrameGraph(
        profile, valueIndex: index, granularity: options.granularity, noInlines: options.noInlines)
      var isKept = [Bool](repeating: true, count: graph.keys.count)
      nodes = Self.live(graph.nodes(keeping: isKept), options)
      let sum = nodes.reduce(Int64(0)) { $0 &+ $1.flat }
      let cutoff = Self.share(options.nodeFraction, of: sum)
      let kept = nodes.filter { $0.cum.magnitude >= cutoff }
      if cutoff > 0, kept.count != nodes.count {
        dropped = nodes.count - kept.count
        isKept = Self.marks(kept[...], graph)
        nodes = Self.live(graph.nodes(keeping: isKept), options)
      }
      before = nodes.count
      TopView.sort(&nodes, byCum: options.sortsByCum)
      if options.nodeCount > 0, options.nodeCount < nodes.count {
        isKept = Self.marks(nodes.prefix(options.nodeCount), graph)
        nodes = Self.live(graph.nodes(keeping: isKept), options)
        TopView.sort(&nodes, byCum: options.sortsByCum)
      }
      let edgeCutoff = Self.share(options.edgeFraction, of: sum)
      for (node, how) in graph.inlining(keeping: isKept, cutoff: edgeCutoff) where how.inlined {
        inlining[node] = how.plain ? "(partial-inline)" : "(inline)"
      }
    }

    private static func share(_ fraction: Double, of sum: Int64) -> UInt64 {
      UInt64(exactly: (Double(sum) * fraction).magnitude.rounded(.down)) ?? .max
    }

    private static func marks(_ nodes: ArraySlice<FrameGraph.Node>, _ graph: FrameGraph) -> [Bool] {
      var result = [Bool](repeating: false, count: graph.keys.count)
      for node in nodes { result[node.number] = true }
      return result
    }

    private static func live(_ nodes: [FrameGraph.Node], _ options: Options) -> [FrameGraph.Node] {
      nodes.filter { node in
        if node.cum == 0, node.flat == 0 { return false }
        return !(options.dropsNegative && (node.flat < 0 || node.flat == 0 && node.cum < 0))
      }
    }
  }

  private static func sort(_ nodes: inout [FrameGraph.Node], byCum: Bool) {
    let texts = nodes.map { (node: $0, text: Array($0.key.text.utf8)) }
    nodes = texts.sorted { left, right in
      let (one, other) = (left.node, right.node)
      let (first, second) =
        byCum
        ? ((one.cum, one.flat), (other.cum, other.flat))
        : ((one.flat, one.cum), (other.flat, other.cum))
      if first.0.magnitude != second.0.magnitude { return first.0.magnitude > second.0.magnitude }
      if left.text != right.text { return left.text.lexicographicallyPrecedes(right.text) }
      if first.1.magnitude != second.1.magnitude { return first.1.magnitude > second.1.magnitude }
      return one.key.tieBreaker.utf8.lexicographicallyPrecedes(other.key.tieBreaker.utf8)
    }.map(\.node)
  }

  /// The sum of all magnitudes; in a difference, of the base alone.
  private static func total(_ profile: Profile, _ index: Int) -> Int64 {
    var (all, base): (UInt64, UInt64) = (0, 0)
    for sample in profile.samples {
      let size = sample.values[index].magnitude
      all &+= size
      if sample.label("pprof::base") == "true" { base &+= size }
    }
    return Int64(clamping: base > 0 ? base : all)
  }

  /// One unit for the whole table: that of the smallest value, or a hundred times it.
  private static func unit(
    _ nodes: [FrameGraph.Node], _ total: Int64, _ unit: String, _ options: Options
  ) -> String {
    guard options.unit == "minimum", !nodes.isEmpty else { return options.unit }
    let sizes = nodes.map { $0.flat == 0 ? $0.cum.magnitude : $0.flat.magnitude }.filter { $0 > 0 }
    let smallest = sizes.min().map { Int64(clamping: $0) } ?? total
    let (_, low) = UnitScale.scale(smallest, from: unit, to: "minimum")
    let (_, high) = UnitScale.scale(total, from: unit, to: "minimum")
    var chosen = low
    let (hundredfold, overflow) = smallest.multipliedReportingOverflow(by: 100)
    if low != high, !overflow, hundredfold < total {
      chosen = UnitScale.scale(hundredfold, from: unit, to: "minimum").unit
    }
    return chosen.isEmpty ? unit : chosen
  }

  private static func labels(
    _ profile: Profile, _ total: Int64, _ type: Profile.ValueType, _ format: (Int64) -> String,
    _ options: Options
  ) -> [String] {
    var lines: [String] = []
    if let mapping = profile.mappings.first {
      if let base = mapping.filename.split(separator: "/").last { lines.append("File: \(base)") }
      if !mapping.buildID.isEmpty { lines.append("Build ID: \(mapping.buildID)") }
    }
    lines += profile.comments.filter { !$0.hasPrefix("#") }
    if !type.type.isEmpty { lines.append("Type: \(type.type)") }
    if profile.timeNanoseconds != 0, let timeText = options.timeText {
      lines.append("Time: \(timeText(profile.timeNanoseconds))")
    }
    if profile.durationNanoseconds != 0 {
      let (nanoseconds, unit) = UnitScale.scale(total, from: type.unit, to: "nanoseconds")
      let ratio =
        unit == "ns" && nanoseconds != 0
        ? "(\(UnitScale.percentage(Int64(nanoseconds), of: profile.durationNanoseconds)))" : ""
      let duration = UnitScale.text(
        profile.durationNanoseconds, from: "nanoseconds", to: "auto")
      lines.append("Duration: \(duration), Total samples = \(format(total)) \(ratio)")
    }
    return lines
  }

  private static func summary(
    _ trimmed: Trimmed, _ total: Int64, _ options: Options, _ format: (Int64) -> String
  ) -> [String] {
    var lines: [String] = []
    if !options.filter.isEmpty {
      lines.append("Active filters:")
      lines += options.filter.descriptions.map { text in
        text.utf8.count > 80
          ? "   \(String(decoding: text.utf8.prefix(80), as: UTF8.self))…" : "   \(text)"
      }
    }
    let flat = trimmed.nodes.reduce(Int64(0)) { $0 &+ $1.flat }
    let share = UnitScale.percentage(flat, of: total).drop { $0 == " " }
    lines.append("Showing nodes accounting for \(format(flat)), \(share) of \(format(total)) total")
    if total == 0 { return lines }
    if trimmed.dropped > 0 {
      let cutoff = Int64(clamping: Int64(Double(total) * options.nodeFraction).magnitude)
      let noun = trimmed.dropped > 1 ? "nodes" : "node"
      lines.append("Dropped \(trimmed.dropped) \(noun) (cum <= \(format(cutoff)))")
    }
    if !trimmed.nodes.isEmpty, trimmed.nodes.count < trimmed.before {
      lines.append("Showing top \(trimmed.nodes.count) nodes out of \(trimmed.before)")
    }
    return lines
  }
}
