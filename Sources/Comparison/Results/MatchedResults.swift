import Measurement
import RunRecords

/// The quantities that two runs both measured.
struct MatchedResults {
  let base: RunRecord
  let new: RunRecord

  typealias Pair = (RunRecord.Result, RunRecord.Result)

  /// What is tested, headline rows first.
  var tested: [Pair] {
    let shared = pairs.filter { !Self.isFact($0.0) }
    return shared.filter { Procedure.isHeadline($0.0.name) }
      + shared.filter { !Procedure.isHeadline($0.0.name) }
  }

  /// What is neither good nor bad, and the extremes, of which a handful says nothing.
  var facts: [RunComparison.Fact] {
    pairs.filter { Self.isFact($0.0) }.map { one, other in
      RunComparison.Fact(
        name: one.name, unit: one.unit, base: one.estimate.value, new: other.estimate.value)
    }
  }

  /// Quantities that only one of the runs has as a number, or both in units that do not go together.
  var unmatched: RunComparison.Unmatched {
    let paired = Set(pairs.map { $0.0.name })
    let names = [base, new].map { record in
      Set(record.results.filter { $0.estimate.value.isFinite }.map(\.name)).subtracting(paired)
    }
    let all = Set((base.results + new.results).map(\.name))
    return RunComparison.Unmatched(
      inBase: names[0].sorted(), inNew: names[1].sorted(),
      inNeither: all.subtracting(paired).subtracting(names[0]).subtracting(names[1]).sorted())
  }

  private var pairs: [Pair] {
    base.results.compactMap { one in
      guard let other = new.result(one.name), other.unit == one.unit,
        one.estimate.value.isFinite, other.estimate.value.isFinite
      else { return nil }
      return (one, other)
    }
  }

  static func isFact(_ result: RunRecord.Result) -> Bool {
    result.direction == .neutral || result.name.hasSuffix(".max")
  }
}
