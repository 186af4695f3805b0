import Harness
import Measurement
import RunRecords
import Vocabulary

/// The card as a person reads it.
enum QuickText {
  static func of(_ result: QuickResult) -> String {
    var text =
      "\(result.dataset): \(NumberText.count(result.rows)) × \(result.dimensions), "
      + "\(result.metric.rawValue), m \(result.m), ef-construction \(result.efConstruction), "
      + "ef \(result.ef), top \(result.k), \(NumberText.count(result.queries)) queries × "
      + "\(result.passes), seed \(result.seed)\n"
    let trials = result.lines.first?.trials.count ?? 0
    text +=
      "\(trials) trials, each in a fresh process; built with \(result.threads) "
      + "thread\(result.threads == 1 ? "" : "s"), searched with one\n\n"
    var columns = TextColumns([
      "", "mean", "95 % interval", "variation", "smallest change seen", "range",
    ])
    for line in result.lines {
      let estimate = line.estimate
      columns.add([
        line.name, value(line, estimate.value),
        estimate.interval.map { "\(value(line, $0.low)) … \(value(line, $0.high))" } ?? "–",
        line.variation.map(NumberText.percent) ?? "–",
        line.smallestChange.map(NumberText.percent) ?? "–",
        "\(value(line, line.trials.min() ?? 0)) … \(value(line, line.trials.max() ?? 0))",
      ])
    }
    text += columns.lines.joined(separator: "\n") + "\n\n"
    text += allocations(result)
    text +=
      "file.ratio is raw vectors over file: above one is smaller than raw; load is from the page "
      + "cache, save ends with a sync\n"
    for note in result.notes { text += "note: \(note)\n" }
    return text
  }

  /// A ratio of bytes is no share.
  private static func value(_ line: QuickResult.Line, _ number: Double) -> String {
    line.name == "file.ratio" ? NumberText.ratio(number) : NumberText.text(number, line.unit)
  }

  private static func allocations(_ result: QuickResult) -> String {
    guard let counted = result.allocations else { return "" }
    func seconds(_ name: String) -> Double? {
      result.lines.first { $0.name == name }?.estimate.value
    }
    var columns = TextColumns(["one operation", "ns", "allocations", "bytes"])
    let rows: [(String, Double?, CountedAllocations.Window)] = [
      ("insert", seconds("build.seconds").map { $0 / Double(result.rows) }, counted.perInsert),
      ("search", seconds("search.mean"), counted.perSearch),
      ("save", seconds("save.seconds"), counted.save),
      ("load", seconds("load.seconds"), counted.load),
    ]
    for (name, time, window) in rows {
      columns.add([
        name, time.map { NumberText.count(Int($0 * 1e9)) } ?? "–",
        NumberText.significant(window.allocations), NumberText.significant(window.bytes),
      ])
    }
    return columns.lines.joined(separator: "\n")
      + "\nallocations are counted in a run of its own; the index's own arrays are mapped memory "
      + "and stand in build.memory\n\n"
  }
}
