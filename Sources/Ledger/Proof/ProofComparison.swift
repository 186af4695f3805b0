import Comparison
import Measurement
import RunRecords

/// The comparison behind a proof, always made the same way.
///
/// Only what lies in the runs decides: a noise floor that travels with them counts, one that lies
/// beside them on this machine does not, or a claim would hold here and fail elsewhere.
enum ProofComparison {
  static func make(
    base: [RunFolder], new: [RunFolder], allowed: [String]
  ) throws(ComparisonError) -> RunComparison {
    let runs = base + new
    var procedure = Procedure()
    let noise = NoiseRecord(entries: runs.compactMap(\.environment?.noise))
    procedure.noise = MeasuredNoise.fitting(runs, in: noise).noise
    return try Comparer.compare(
      base: base, new: new,
      options: ComparisonOptions(allow: Set(allowed), procedure: procedure))
  }

  /// A row as a claim; nil where it says nothing that could be claimed.
  static func claim(_ row: ResultRow) -> Proof.Claim? {
    guard let verdict = verdict(row), let ratio = row.change.ratio,
      let interval = row.change.interval, let change = Percent(share: ratio - 1),
      let low = Percent(share: interval.low - 1), let high = Percent(share: interval.high - 1)
    else { return nil }
    let seen = verdict == .unseen ? row.change.smallestDetectable : nil
    return Proof.Claim(
      metric: row.name, verdict: verdict, change: change, low: low, high: high,
      detectable: seen.flatMap { Percent(share: $0) })
  }

  private static func verdict(_ row: ResultRow) -> Proof.Verdict? {
    switch row.change.verdict {
    case .better: .better
    case .worse: .worse
    case .noDifferenceSeen, .equivalent: .unseen
    case .cannotTell, .inconclusive: nil
    }
  }

  /// What a row says, for a sentence.
  static func words(_ row: ResultRow) -> String {
    switch row.change.verdict {
    case .better: "better"
    case .worse: "worse"
    case .noDifferenceSeen, .equivalent: "not seen to differ"
    case .cannotTell, .inconclusive:
      "not to be told" + (row.change.reason.map { " (\($0))" } ?? "")
    }
  }
}
