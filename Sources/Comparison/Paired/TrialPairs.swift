package import RunRecords

/// Which trials of two runs belong together: those of one number that count on both sides.
///
/// `vbench ab` runs the two trials of a pair next to each other, in turns (ABBA), and leaves two
/// run directories whose trial numbers are the pairs. A trial that died takes its partner with it.
package struct TrialPairs: Sendable, Equatable {
  /// The numbers of the pairs.
  package let numbers: [Int]
  /// Trials that count and have no partner that does.
  package let unpaired: Int
  private let basePlaces: [Int]
  private let newPlaces: [Int]
  private let baseCount: Int
  private let newCount: Int

  package init(base: RunRecord, new: RunRecord) {
    let sides = [base, new].map { record in
      record.trials.filter { $0.status == .complete }.map(\.number)
    }
    let shared = sides[0].filter { sides[1].contains($0) }
    numbers = shared
    unpaired = sides[0].count + sides[1].count - 2 * shared.count
    basePlaces = shared.compactMap { sides[0].firstIndex(of: $0) }
    newPlaces = shared.compactMap { sides[1].firstIndex(of: $0) }
    (baseCount, newCount) = (sides[0].count, sides[1].count)
  }

  var notes: [String] {
    unpaired == 0
      ? [] : ["\(unpaired) trials have no partner that counts; they are left out of the results."]
  }

  /// The values of a quantity pair by pair; nil when it has not one for each trial that counts.
  func values(
    _ base: RunRecord.Result, _ new: RunRecord.Result
  ) -> [(base: Double, new: Double)]? {
    guard base.trials.count == baseCount, new.trials.count == newCount else { return nil }
    return zip(basePlaces, newPlaces).map { (base.trials[$0], new.trials[$1]) }
  }
}
