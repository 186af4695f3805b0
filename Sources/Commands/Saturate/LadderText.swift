import Measurement

/// The rungs of a saturation as people read them, and the sentence they come to.
enum LadderText {
  static func of(_ outcome: Saturation.Outcome) -> String {
    var table = TextColumns(["", "offered", "achieved", "p50", "p99"])
    table.append("p99, 95 % interval", isNumber: true)
    table.append("recall", isNumber: true)
    table.append("trials", isNumber: true)
    table.append("verdict", isNumber: false)
    for probe in outcome.ladder {
      table.add([
        probe.purpose == .search ? "try" : "confirm", NumberText.text(probe.rate, .perSecond),
        probe.achieved.map { NumberText.text($0, .perSecond) } ?? "–",
        probe.p50.map { NumberText.text($0.value, .seconds) } ?? "–",
        probe.p99.map { NumberText.text($0.value, .seconds) } ?? "–",
        probe.p99?.interval.map {
          "\(NumberText.text($0.low, .seconds)) … \(NumberText.text($0.high, .seconds))"
        } ?? "–",
        probe.recall.map { NumberText.percent($0.value) } ?? "–", "\(probe.trials)",
        verdict(probe),
      ])
    }
    let lines =
      (outcome.ladder.isEmpty ? [] : table.lines + [""]) + [sentence(outcome)]
      + (outcome.run.map { ["Results of the confirmation in \($0)"] } ?? [])
    return lines.joined(separator: "\n") + "\n"
  }

  /// One rung for the progress, while the ladder grows.
  static func line(_ probe: Probe) -> String {
    let p99 = probe.p99.map { ", p99 \(NumberText.text($0.value, .seconds))" } ?? ""
    return "\(NumberText.text(probe.rate, .perSecond)): \(verdict(probe))\(p99)"
  }

  private static func verdict(_ probe: Probe) -> String {
    switch probe.verdict {
    case .keeps: "keeps"
    case .fallsBehind: "falls behind"
    case .died: "died: \(probe.problem ?? "unknown")"
    case .tooFew: "too few operations to tell \(missing(probe))"
    case .breaks:
      "breaks "
        + probe.readings.filter { !$0.isKept && $0.value != nil }.map(\.term).joined(
          separator: ", ")
    }
  }

  private static func missing(_ probe: Probe) -> String {
    probe.readings.filter { $0.value == nil }.map(\.term).joined(separator: ", ")
  }

  static func sentence(_ outcome: Saturation.Outcome) -> String {
    let rate = outcome.rate.map { NumberText.text($0, .perSecond) } ?? "no rate"
    let share = outcome.rate.map {
      " That is \(NumberText.percent($0 / outcome.capacity)) of what a closed loop reached "
        + "(\(NumberText.text(outcome.capacity, .perSecond)))."
    }
    switch outcome.answer {
    case .found:
      return "\(rate) is the highest offered rate that keeps \(outcome.promise), confirmed "
        + "twice.\(share ?? "")"
    case .notConfirmed:
      return "CANNOT TELL: the time was up before a rate was confirmed; \(rate) kept "
        + "\(outcome.promise) once. Give a longer --budget."
    case .timeIsUp:
      return "CANNOT TELL: the time was up before any rate kept \(outcome.promise)."
    case .nothing:
      return "NO RATE keeps \(outcome.promise): \(outcome.reason ?? "none of these did")."
    case .interrupted:
      return "interrupted: \(outcome.rate == nil ? "no rate" : rate) had kept "
        + "\(outcome.promise) by then, and nothing is confirmed."
    }
  }
}
