package import Comparison
import Measurement

/// Histories for a terminal: a line for each quantity, or every run of one.
package enum HistoryText {
  /// - Parameters:
  ///   - histories: One for each quantity and kind of run.
  ///   - listsRuns: Whether every run gets a line.
  package static func render(_ histories: [MetricHistory], listsRuns: Bool) -> String {
    var lines: [String] = []
    var heading = ""
    for history in histories.sorted(by: { kind($0) < kind($1) }) {
      if kind(history) != heading {
        heading = kind(history)
        if !lines.isEmpty { lines.append("") }
        lines.append(SafeName.terminal(heading))
        if !history.differsIn.isEmpty {
          lines.append(
            "  a series of its own: differs in "
              + SafeName.terminal(history.differsIn.joined(separator: ", ")))
        }
      }
      lines.append("  " + summary(history))
      if listsRuns { lines += runs(history) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func kind(_ history: MetricHistory) -> String {
    "\(history.command) on \(history.machine)"
      + (history.rate.map { ", \($0) operations offered a second" } ?? "")
      + (history.differsIn.isEmpty ? "" : ", from \(history.points.first?.run ?? "")")
  }

  private static func summary(_ history: MetricHistory) -> String {
    let last = history.points.last.map { NumberText.text($0.value, history.unit) } ?? "nothing"
    let count = history.points.count
    let head =
      "\(SafeName.terminal(history.metric)): \(count) run\(count == 1 ? "" : "s"), now \(last); "
    if history.runsMissing > 0 {
      return head + "\(history.runsMissing) more run\(history.runsMissing == 1 ? "" : "s") until a "
        + "change could be told from chance."
    }
    if history.changes.isEmpty { return head + "no change of level." }
    return head + history.changes.map { change($0, history) }.joined(separator: "; ") + "."
  }

  private static func change(_ change: MetricHistory.Change, _ history: MetricHistory) -> String {
    let step = change.share.map(NumberText.change) ?? "from nothing"
    let word = change.verdict == .better ? "better" : "worse"
    return "\(word) since \(SafeName.terminal(change.run)), \(step) "
      + "(\(NumberText.text(change.before, history.unit)) to "
      + "\(NumberText.text(change.after, history.unit)), p \(NumberText.significant(change.p)))"
  }

  private static func runs(_ history: MetricHistory) -> [String] {
    let largest = history.points.map(\.value).max() ?? 0
    let values = history.points.map { NumberText.text($0.value, history.unit) }
    let width = values.map(\.count).max() ?? 0
    return history.points.enumerated().map { index, point in
      let share = largest > 0 ? max(0, point.value) / largest : 0
      let bar = String(repeating: "█", count: Int((share * 30).rounded()))
      let padding = String(repeating: " ", count: width - values[index].count)
      let mark = history.changes.first { $0.index == index }.map {
        "  <- \($0.verdict == .better ? "better" : "worse") from here"
      }
      let revision = point.revision.map { "  \($0.prefix(12))" } ?? ""
      return SafeName.terminal(
        "    \(point.startedAt)  \(padding)\(values[index])  "
          + bar + String(repeating: " ", count: 31 - bar.count)
          + "\(point.run)\(revision)\(mark ?? "")")
    }
  }
}
