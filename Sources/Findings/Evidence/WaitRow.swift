/// The waits of a role, by nature and owner.
package struct WaitRow: Codable, Sendable, Equatable {
  package var role: String
  package var operation: String?
  /// Empty where a row stands for several kinds of waits.
  package var waitClass: String
  package var nature: WaitNature
  /// Empty where a row stands for several functions.
  package var owner: String
  package var seconds: Double
  package var share: Double
  package var count: Int
  /// Of a row that stands for several, each below `WaitRow.least` of its role: how many.
  package var rows: Int? = nil

  /// Rows with a smaller share of their role's waits are added up, so that the sums stay whole.
  package static let least = 0.005
}

extension WaitRow {
  private struct Kind: Hashable {
    let nature: WaitNature
    let operation: String?
    let waitClass: String
  }

  /// The rows of a role with the small ones added up: functions within their kind of wait, and
  /// kinds that are small as a whole within their nature.
  ///
  /// In this order, so that a kind's sum misses none of its functions.
  static func folded(_ rows: [WaitRow]) -> [WaitRow] {
    // The order of a dictionary must not decide how a sum is rounded.
    let rows = rows.sorted {
      ($0.seconds, $0.owner, $0.waitClass, $0.operation ?? "")
        < ($1.seconds, $1.owner, $1.waitClass, $1.operation ?? "")
    }
    var told: [WaitRow] = []
    var small: [WaitRow] = []
    let kinds = Dictionary(grouping: rows) {
      Kind(nature: $0.nature, operation: $0.operation, waitClass: $0.waitClass)
    }
    for rows in kinds.values {
      if rows.reduce(0, { $0 + $1.share }) < least { small += rows } else { told += parted(rows) }
    }
    for rows in Dictionary(grouping: small, by: \.nature).values {
      var row = sum(rows)
      if rows.count > 1 { (row.operation, row.waitClass) = (nil, "") }
      told.append(row)
    }
    return told
  }

  /// What is large by itself, and one row for the rest.
  private static func parted(_ rows: [WaitRow]) -> [WaitRow] {
    let small = rows.filter { $0.share < least }
    return rows.filter { $0.share >= least } + (small.isEmpty ? [] : [sum(small)])
  }

  private static func sum(_ rows: [WaitRow]) -> WaitRow {
    var sum = rows[0]
    guard rows.count > 1 else { return sum }
    sum.owner = ""
    sum.rows = rows.count
    for row in rows.dropFirst() {
      sum.seconds += row.seconds
      sum.share += row.share
      sum.count += row.count
    }
    return sum
  }
}
