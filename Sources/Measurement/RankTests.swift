/// Tests that look at order only, for values whose distribution nobody knows.
package enum RankTests {
  /// Mann–Whitney: the chance, two-sided, of an ordering at least this lopsided if nothing differs.
  ///
  /// Exact by counting arrangements, ties by mid-ranks of the pooled values; meant for handfuls
  /// (the work grows with the product of the sizes times the rank sum).
  package static func mannWhitney(_ left: [Double], _ right: [Double]) -> Double? {
    guard !left.isEmpty, !right.isEmpty, left.count + right.count <= 60 else { return nil }
    let doubled = doubledRanks(left + right)
    let observed = doubled[..<left.count].reduce(0, +)
    let mean = Double(doubled.reduce(0, +)) * Double(left.count) / Double(doubled.count)
    let ways = subsetSums(doubled, choosing: left.count)
    let distance = abs(Double(observed) - mean)
    let (extreme, all) = ways.enumerated().reduce((0.0, 0.0)) { sums, entry in
      let isExtreme = abs(Double(entry.offset) - mean) >= distance - 1e-9
      return (sums.0 + (isExtreme ? entry.element : 0), sums.1 + entry.element)
    }
    return extreme / all
  }

  /// The smallest chance that so many values can give: of the most lopsided of all orderings.
  package static func least(_ left: Int, _ right: Int) -> Double {
    guard left > 0, right > 0 else { return 1 }
    let ways = (1...min(left, right)).reduce(1.0) {
      $0 * Double(left + right - $1 + 1) / Double($1)
    }
    return min(1, 2 / ways)
  }

  /// The median of all differences right − left.
  package static func hodgesLehmann(_ left: [Double], _ right: [Double]) -> Double? {
    let differences = left.flatMap { l in right.map { $0 - l } }.sorted()
    guard !differences.isEmpty else { return nil }
    let middle = differences.count / 2
    return differences.count % 2 == 1
      ? differences[middle] : (differences[middle - 1] + differences[middle]) / 2
  }

  /// Twice the mid-rank of each value, so that ties stay whole numbers.
  private static func doubledRanks(_ values: [Double]) -> [Int] {
    values.map { value in
      values.reduce(1) { sum, other in sum + (other < value ? 2 : other == value ? 1 : 0) }
    }
  }

  /// How many ways there are to choose so many of the values with each sum.
  private static func subsetSums(_ values: [Int], choosing count: Int) -> [Double] {
    let top = values.reduce(0, +)
    var ways = [[Double]](repeating: [Double](repeating: 0, count: top + 1), count: count + 1)
    ways[0][0] = 1
    for value in values {
      for chosen in stride(from: count, to: 0, by: -1) {
        for sum in stride(from: top, through: value, by: -1) {
          ways[chosen][sum] += ways[chosen - 1][sum - value]
        }
      }
    }
    return ways[count]
  }
}

/// Many tests at once.
package enum MultipleTests {
  /// Holm: p-values corrected so that the chance of even one false alarm keeps its level.
  package static func holm(_ values: [Double]) -> [Double] {
    var corrected = values
    var running = 0.0
    for (position, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      running = max(running, min(1, values[index] * Double(values.count - position)))
      corrected[index] = running
    }
    return corrected
  }

  /// Benjamini–Hochberg: p-values corrected so that the expected share of false alarms among all
  /// alarms keeps its level.
  package static func benjaminiHochberg(_ values: [Double]) -> [Double] {
    var corrected = values
    var running = 1.0
    let order = values.indices.sorted { values[$0] > values[$1] }
    for (position, index) in order.enumerated() {
      running = min(running, values[index] * Double(values.count) / Double(values.count - position))
      corrected[index] = running
    }
    return corrected
  }
}
