/// A ground truth read back, and what it says about an answer.
package struct TruthTable: Sendable {
  package let k: Int
  package let rows: [[Int]]

  /// - Parameters:
  ///   - path: The file of row numbers.
  ///   - baseRows: How many rows there are; a number beyond belongs to other data.
  ///   - queries: How many queries there are.
  /// - Throws: When it cannot be read, or does not belong to so many rows and queries.
  package init(_ path: String, baseRows: Int, queries: Int) throws(DatasetError) {
    let file = try VectorFile(path)
    guard file.rows == queries else {
      throw .mismatch(path: path, reason: "it has answers to \(file.rows) queries of \(queries)")
    }
    var rows: [[Int]] = []
    for start in stride(from: 0, to: file.rows, by: file.rowsPerPiece) {
      let numbers = try file.integers(start..<min(start + file.rowsPerPiece, file.rows))
      for first in stride(from: 0, to: numbers.count, by: file.dimensions) {
        rows.append(Array(numbers[first..<(first + file.dimensions)]))
      }
    }
    k = file.dimensions
    self.rows = rows
    try check(path, baseRows)
  }

  private func check(_ path: String, _ baseRows: Int) throws(DatasetError) {
    for (query, row) in rows.enumerated() {
      if let strange = row.first(where: { !(0..<baseRows).contains($0) }) {
        throw .mismatch(
          path: path,
          reason:
            "query \(query) has the neighbor \(strange) and there are \(baseRows) rows, so it "
            + "was made from other data")
      }
      if Set(row).count != row.count {
        throw .mismatch(path: path, reason: "query \(query) has the same neighbor twice")
      }
    }
  }

  /// How many of the first `k` neighbors an answer has, by row number alone.
  package func matches(_ answer: some Sequence<Int>, query: Int, k: Int) -> Int {
    let found = Set(answer.prefix(k))
    return rows[query].prefix(k).count { found.contains($0) }
  }
}

/// Where a ground truth differs from the truth.
package struct TruthCheck: Sendable {
  package private(set) var checked = 0
  /// Queries with a neighbor that is farther away than the true one at its place.
  package private(set) var wrong: [Int] = []

  package init() {}

  /// Holds one query's row numbers against an exact answer.
  ///
  /// Which of several rows at one distance is named does not matter, nor does an error as large as
  /// floats make it.
  package mutating func hold(
    _ claimed: [Double], against exact: ExactNeighbors.Answer, query: Int
  ) {
    checked += 1
    let isWrong = zip(claimed, exact.distances).contains { claimed, exact in
      abs(claimed - exact) > max(1e-5, abs(exact) * 1e-4)
    }
    if isWrong || claimed.count > exact.distances.count { wrong.append(query) }
  }
}
