import Comparison
import Glibc
import Harness
import Measurement
import RunRecords

/// Which change a plan of so many pairs will show, told while there is still time to change it.
struct Detectability: Codable, Sendable, Equatable {
  var pairs: Int
  /// Where the spread comes from, in words.
  var source: String
  var rows: [Row]

  struct Row: Codable, Sendable, Equatable {
    var name: String
    /// The smallest change, as a share, that will be found 4 times in 5.
    var smallest: Double
    /// Pairs for a change of 5 %, when the plan has too few; nil when no sensible number is enough.
    var pairsForFivePercent: Int?
  }

  /// What people ask about first.
  private static let names = [
    "capacity", "search.response.p50", "search.response.p99", "insert.response.p50",
    "cpu.per.search", "cpu.per.insert",
  ]
  private static let wished = 0.05
  private static let mostPairs = 200
  /// The level of one headline row once all of them are corrected for.
  private static let alpha = 0.005

  /// From what was stored about equal runs of this measurement on this machine; nil where nobody
  /// measured.
  init?(stored noise: NoiseRecord?, for arm: Arm, of pairs: Int, storeFolder: String) {
    let environment = EnvironmentCapture.record(
      storeFolder: storeFolder, toolVersion: Vbench.version)
    guard let noise,
      let entry = MeasuredNoise.entry(for: arm.forecastRecord, on: environment, in: noise)
    else { return nil }
    // Both trials of a pair bring their own spread.
    let spreads = Self.names.compactMap { name in
      entry.spreads[name].map { (name, $0.betweenTrials * 2.0.squareRoot()) }
    }
    self.init(
      spreads: spreads, pairs: pairs,
      source: "the noise stored on \(entry.measuredAt.prefix(10))")
  }

  /// From the pairs that are there already; nil when they say nothing.
  init?(after base: Arm, _ new: Arm, of pairs: Int) {
    let numbers = Set(base.kept.map(\.number)).intersection(new.kept.map(\.number))
    let sides = [base, new].map { arm in
      TrialMerge(
        arm.finished.filter { numbers.contains($0.outcome.trial.number) }, arm.settings
      ).results()
    }
    var spreads: [(name: String, spread: Double)] = []
    for name in Self.names {
      guard let one = sides[0].first(where: { $0.name == name }),
        let other = sides[1].first(where: { $0.name == name }),
        one.trials.count == numbers.count, other.trials.count == numbers.count,
        (one.trials + other.trials).allSatisfy({ $0 > 0 })
      else { continue }
      spreads.append(
        (name, Summary(zip(one.trials, other.trials).map { log($1 / $0) }).deviation))
    }
    self.init(spreads: spreads, pairs: pairs, source: "the first \(numbers.count) pairs")
  }

  /// From spreads of the logarithm of a pair's ratio.
  init?(spreads: [(name: String, spread: Double)], pairs: Int, source: String) {
    if spreads.isEmpty || pairs < 2 { return nil }
    self.pairs = pairs
    self.source = source
    rows = spreads.map { name, spread in
      let smallest = Self.smallest(spread, pairs)
      let needed =
        smallest <= Self.wished
        ? nil
        : (pairs...max(pairs, Self.mostPairs)).first { Self.smallest(spread, $0) <= Self.wished }
      return Row(name: name, smallest: smallest, pairsForFivePercent: needed)
    }
  }

  /// What can be said before the run when nobody measured this machine.
  static func unknown(_ pairs: Int, forecastAfter early: Int) -> String {
    "No noise of this measurement is stored for this machine, so nobody can say yet which "
      + "change \(pairs) pairs will show; it is said after \(early). `vbench doctor --aa 6` "
      + "with the same workload behind `--` stores it."
  }

  private static func smallest(_ spread: Double, _ pairs: Int) -> Double {
    DetectableChange.ratio(
      standardError: spread / Double(pairs).squareRoot(), degrees: Double(pairs - 1), alpha: alpha)
  }

  var text: String {
    let shown = rows.map { "\($0.name) from \(NumberText.percent($0.smallest))" }
    let first =
      "By \(source), \(pairs) pairs will show a change of \(shown.joined(separator: ", ")) "
      + "(found 4 times in 5)."
    let blind = rows.filter { $0.smallest > Self.wished }
    if blind.isEmpty { return first }
    let needs = blind.map { row in
      row.pairsForFivePercent.map { "\(row.name): about \($0) pairs" }
        ?? "\(row.name): more than \(Self.mostPairs) pairs, or a quieter machine"
    }
    return first + "\nA change of 5 % will not be detectable in \(blind.map(\.name).listed). "
      + "It would need, for \(needs.joined(separator: "; "))."
  }
}

extension [String] {
  /// "a", "a and b", "a, b and c".
  var listed: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " and " + self[count - 1]
  }
}
