import Pprof

/// The lines above a view, as pprof writes them.
enum ViewHeader {
  /// What is known of the profile itself.
  static func profile(_ subject: ViewSubject, unit: String) -> [String] {
    let (profile, total) = (subject.profile, subject.total)
    var lines: [String] = []
    if let program = profile.mappings.first {
      if !program.filename.isEmpty { lines.append("File: \(CleanPath.base(program.filename))") }
      if !program.buildID.isEmpty { lines.append("Build ID: \(program.buildID)") }
    }
    lines += profile.comments.filter { !$0.hasPrefix("#") }
    if !subject.type.type.isEmpty { lines.append("Type: \(subject.type.type)") }
    if profile.timeNanoseconds != 0, let timeText = subject.options.timeText {
      lines.append("Time: \(timeText(profile.timeNanoseconds))")
    }
    if profile.durationNanoseconds != 0 {
      let (time, timeUnit) = UnitScale.scale(total, from: subject.type.unit, to: "nanoseconds")
      let ratio =
        timeUnit == "ns" && time != 0
        ? "(\(UnitScale.percentage(Int64(clamping: time), of: profile.durationNanoseconds)))" : ""
      let duration = UnitScale.text(profile.durationNanoseconds, from: "nanoseconds", to: "auto")
      lines.append(
        "Duration: \(duration), Total samples = \(subject.text(total, in: unit)) \(ratio)")
    }
    return lines
  }

  /// What was asked and what is shown of it.
  static func summary(
    _ subject: ViewSubject, nodes: [FrameGraph.Node], dropped: Int, before: Int,
    droppedEdges: Int = 0, unit: String
  ) -> [String] {
    let (total, options) = (subject.total, subject.options)
    let text = { (value: Int64) in subject.text(value, in: unit) }
    var lines = filters(options.filter)
    let flat = nodes.reduce(Int64(0)) { $0 &+ $1.flatValue }
    let share = UnitScale.percentage(flat, of: total).drop { $0 == " " }
    lines.append("Showing nodes accounting for \(text(flat)), \(share) of \(text(total)) total")
    if total == 0 { return lines }
    if dropped > 0 {
      let cutoff = text(cutoff(total, options.nodeFraction))
      lines.append("Dropped \(counted(dropped, "node")) (cum <= \(cutoff))")
    }
    if droppedEdges > 0 {
      let cutoff = text(cutoff(total, options.edgeFraction))
      lines.append("Dropped \(counted(droppedEdges, "edge")) (freq <= \(cutoff))")
    }
    if !nodes.isEmpty, nodes.count < before {
      lines.append("Showing top \(nodes.count) nodes out of \(before)")
    }
    return lines
  }

  static func summary(_ subject: ViewSubject, _ graph: TrimmedGraph, unit: String) -> [String] {
    summary(
      subject, nodes: graph.nodes, dropped: graph.dropped, before: graph.before, unit: unit)
  }

  private static func filters(_ filter: ViewFilter) -> [String] {
    let descriptions = filter.descriptions
    if descriptions.isEmpty { return [] }
    return ["Active filters:"]
      + descriptions.map { text in
        text.utf8.count > 80
          ? "   \(String(decoding: text.utf8.prefix(80), as: UTF8.self))…" : "   \(text)"
      }
  }

  private static func cutoff(_ total: Int64, _ fraction: Double) -> Int64 {
    Int64(clamping: Int64(clamping: Double(total) * fraction).magnitude)
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count > 1 ? "s" : "")"
  }

  /// One unit for a whole table: that of its smallest value, or of a hundred times it.
  static func unit(_ subject: ViewSubject, _ nodes: [FrameGraph.Node]) -> String {
    let (options, unit) = (subject.options, subject.type.unit)
    guard options.unit == "minimum", !nodes.isEmpty else { return options.unit }
    let sizes = nodes.map { $0.flatValue == 0 ? $0.cumValue.magnitude : $0.flatValue.magnitude }
    let smallest = sizes.filter { $0 > 0 }.min().map { Int64(clamping: $0) } ?? subject.total
    let (low, high) = (subject.divided(smallest), subject.divided(subject.total))
    let lowUnit = UnitScale.scale(low, from: unit, to: "minimum").unit
    let highUnit = UnitScale.scale(high, from: unit, to: "minimum").unit
    var chosen = lowUnit
    let (hundredfold, overflow) = low.multipliedReportingOverflow(by: 100)
    if lowUnit != highUnit, !overflow, hundredfold < high {
      chosen = UnitScale.scale(hundredfold, from: unit, to: "minimum").unit
    }
    return chosen.isEmpty ? unit : chosen
  }
}
