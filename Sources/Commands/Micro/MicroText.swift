import Harness
import Measurement
import RunRecords

/// The parts as a table.
enum MicroText {
  static func of(_ card: MicroCommand.Card) -> String {
    var columns = TextColumns([
      "part", "time", "interval of the median", "ratio", "interval", "allocations", "bytes",
      "batch",
    ])
    for result in card.results {
      columns.add([
        result.variant.map { "\(result.name) \($0)" } ?? result.name,
        NumberText.duration(result.seconds.value), interval(result.seconds, NumberText.duration),
        result.ratio.map { NumberText.ratio($0.value) } ?? "",
        result.ratio.map { interval($0, NumberText.ratio) } ?? "",
        result.allocations.map(plain) ?? "–", result.allocatedBytes.map(plain) ?? "–",
        NumberText.count(result.operationsPerSample),
      ])
    }
    var text =
      "\(NumberText.count(card.rows)) rows of \(card.dimensions), \(card.samples) samples, seed "
      + "\(card.seed), logs on \(card.environment.fileSystem ?? "an unknown file system")\n\n"
    text += columns.lines.joined(separator: "\n") + "\n\n"
    text +=
      "time, allocations and bytes are of one operation (`--list` says what one is); a ratio is "
      + "to the first variant of the name, neighbors in time\n"
    for note in card.notes { text += "note: \(note)\n" }
    return text
  }

  /// Whole when it is whole: a count that is exact should look so.
  private static func plain(_ value: Double) -> String {
    value == value.rounded() ? NumberText.count(Int(value)) : NumberText.significant(value)
  }

  private static func interval(_ estimate: Estimate, _ text: (Double) -> String) -> String {
    estimate.interval.map { "\(text($0.low)) … \(text($0.high))" } ?? "–"
  }
}
