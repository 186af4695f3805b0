import Measurement
import RunRecords
import Vocabulary

/// What slow operations are made of, beside all of their kind: from the run's `responses.json`.
///
/// Every part was counted around the operation itself, by the thread that executed it, so nothing
/// here is sampled.
struct SlowOperations {
  /// The slowest hundredth.
  static let share = 0.01

  let evidence: Evidence

  /// A reading for each kind; nil where the run was recorded without its parts.
  var readings: [Reading]? {
    guard let file = evidence.run.responses else { return nil }
    let known = OperationKind.allCases.compactMap { kind in
      file.operations[kind.rawValue].map { reading(kind.rawValue, $0) }
    }
    return known.isEmpty ? nil : known
  }

  private func reading(_ operation: String, _ parts: ResponseParts) -> Reading {
    guard let whole = parts.whole, let tail = parts.tail(Self.share) else {
      return .notEvaluable("no \(operation) was timed")
    }
    let needed = Int(evidence.thresholds.observationsBeyondPercentile)
    guard Double(whole.count) * Self.share >= Double(needed) else {
      let count = Wording.counted(whole.count, "\(operation) operation")
      return .notEvaluable(
        "\(count) are too few to tell what slow ones do: their slowest hundredth should be \(needed) or more"
      )
    }
    guard Double(tail.sums.count) <= 0.1 * Double(whole.count) else {
      return .notEvaluable(
        "\(operation) operations take so equally long that none of them can be called slow")
    }
    guard let slow = split(tail.sums), let all = split(whole) else {
      return .notEvaluable(
        "\(operation) is too short to be taken apart: its parts add up to more than its time")
    }
    let part = Wording.percent(Double(tail.sums.count) / Double(whole.count))
    return .told(
      "\(name: operation): the slowest \(part) (\(Wording.count(tail.sums.count)) of \(Wording.count(whole.count)), from \(Wording.seconds(Double(tail.from) / 1e9)) on) take \(mean(tail.sums)) each: \(slow). All together take \(mean(whole)) each: \(all)."
    )
  }

  private func mean(_ sums: ResponseParts.Sums) -> String {
    Wording.seconds(Double(sums.response) / 1e9 / Double(max(1, sums.count)))
  }

  /// Clocks that are read one after another may disagree by so much.
  private static let room = 0.02

  /// The parts, largest first, as shares of the response; nil when they exceed it.
  private func split(_ sums: ResponseParts.Sums) -> Prose? {
    let whole = Double(sums.response)
    let waits = Double(sums.lock) + Double(sums.condition) + Double(sums.disk)
    let rest = Double(sums.service) - Double(sums.cpu) - waits
    guard whole > 0, rest >= -Self.room * whole else { return nil }
    let parts = [
      ("wait to begin", Double(sums.queue)), ("CPU", Double(sums.cpu)),
      ("wait for a lock", Double(sums.lock)), ("wait on a condition", Double(sums.condition)),
      ("sync to disk", Double(sums.disk)), ("without a core, or not told apart", max(0, rest)),
    ]
    let shown = parts.filter { $0.1 >= 0.005 * whole }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    return Prose.list(shown.map { "\($0.0) \(Wording.percent($0.1 / whole))" as Prose })
  }
}
