package import VectorIndex
import Vocabulary
package import Workloads

/// How many of the true neighbors an index finds.
package struct IndexRecall: Codable, Sendable, Equatable {
  /// By row number alone, as other tools count.
  package var byNumber = 0.0
  /// An answer as near as the last true neighbor is right, whatever its number.
  package var byDistance = 0.0
  /// Distances computed for a query, on average.
  package var distancesPerQuery = 0.0

  package init() {}

  /// Asks every query once.
  package init(
    _ index: GraphIndex, rows: [UInt32], queries: [Float], truth: TruthTable, k: Int, ef: Int
  ) throws(IndexError) {
    let width = index.options.dimensions
    var slots = [UInt32](repeating: 0, count: rows.count)
    for (slot, row) in rows.enumerated() { slots[Int(row)] = UInt32(slot) }
    let before = index.statistics().searching.distances
    let vectors = queries.span
    var answers: [[Int]] = []
    for query in truth.rows.indices {
      let place = query * width
      let hits = try index.search(vectors.extracting(place..<(place + width)), k: k, ef: ef)
      answers.append(hits.map { Int(rows[Int($0.slot.raw)]) })
    }
    distancesPerQuery =
      Double(index.statistics().searching.distances - before)
      / Double(max(1, truth.rows.count))
    var (numbers, near, wanted) = (0, 0, 0)
    for (query, answer) in answers.enumerated() {
      numbers += truth.matches(answer, query: query, k: k)
      let right = Set(truth.rows[query].prefix(k))
      guard let last = truth.rows[query].prefix(k).last else { continue }
      func distance(_ row: Int) -> Double {
        index.withVector(SlotID(raw: slots[row])) {
          ExactDistance.of(vectors, query * width, $0, 0, width, index.options.metric)
        }
      }
      let bar = distance(last)
      let allowed = bar + max(1e-6, abs(bar) * 1e-5)
      near += min(right.count, answer.count { right.contains($0) || distance($0) <= allowed })
      wanted += right.count
    }
    byNumber = Double(numbers) / Double(max(1, wanted))
    byDistance = Double(near) / Double(max(1, wanted))
  }
}
