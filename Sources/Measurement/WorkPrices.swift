/// What a piece of each kind of work costs, by least squares over many spells.
///
/// A program that does several things does them in another mixture each moment; with a price for
/// each kind, what a spell should have cost can be told apart from what it did cost.
struct WorkPrices {
  private let prices: [Double]

  /// Nil when the spells do not tell the kinds apart, or one of them would pay for itself.
  init?(_ costs: [(cost: Double, work: [Double])]) {
    let all = (costs.first?.work ?? []).indices
    // What nobody did has no price.
    let kinds = all.filter { kind in costs.contains { $0.work[kind] > 0 } }
    let row = [Double](repeating: 0, count: kinds.count + 1)
    var sums = [[Double]](repeating: row, count: kinds.count)
    // A spell's error grows with its cost, so each counts by the inverse.
    for (cost, work) in costs where cost > 0 {
      let done = kinds.map { work[$0] }
      for row in kinds.indices {
        for column in kinds.indices { sums[row][column] += done[row] * done[column] / cost }
        sums[row][kinds.count] += done[row]
      }
    }
    guard let solved = Self.solve(sums), solved.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return nil
    }
    var prices = [Double](repeating: 0, count: all.count)
    for (kind, price) in zip(kinds, solved) { prices[kind] = price }
    self.prices = prices
  }

  func expected(_ work: [Double]) -> Double { zip(prices, work).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The solution of a small system of equations, the right side in the last column.
  private static func solve(_ system: [[Double]]) -> [Double]? {
    var rows = system
    for pivot in rows.indices {
      guard
        let best = (pivot..<rows.count).max(by: { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) }),
        abs(rows[best][pivot]) > 0
      else { return nil }
      rows.swapAt(pivot, best)
      for row in rows.indices where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...rows.count {
          rows[row][column] -= factor * rows[pivot][column]
        }
      }
    }
    return rows.isEmpty ? nil : rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
  }
}
