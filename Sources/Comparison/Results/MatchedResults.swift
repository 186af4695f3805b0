import Measurement
import RunRecords

/// The quantities that two runs both measured.
struct MatchedResults {
  let base: RunRecord
  let new: RunRecord

  typealias Pair = (RunRecord.Result, RunRecord.Result)

  /// What is tested, headline rows first.
  var tested: [Pair] {
    let shared = pairs.filter { !isFact($0.0) }
    return shared.filter { Procedure.isHeadline($0.0.name) }
      + shared.filter { !Procedure.isHeadline($0.0.name) }
  }

  /// What is neither good nor bad, and the extremes, of which a handful says nothing.
  var facts: [RunComparison.Fact] {
    pairs.filter { isFact($0.0) }.map { one, other in
      RunComparison.Fact(
        name: one.name, unit: one.unit, base: one.estimate.value, new: other.estimate.value)
    }
  }

  /// Quantities that only one of the runs has, or has as a number.
  var unmatched: [String] {
    let paired = Set(pairs.map { $0.0.name })
    return Set((base.results + new.results).map(\.name)).subtracting(paired).sorted()
  }

  private var pairs: [Pair] {
    base.results.compactMap { one in
      guard let other = new.result(one.name), other.unit == one.unit,
        one.estimate.value.isFinite, other.estimate.value.isFinite
      else { return nil }
      return (one, other)
    }
  }

  private func isFact(_ result: RunRecord.Result) -> Bool {
    result.direction == .neutral || result.name.hasSuffix(".max")
  }
}
