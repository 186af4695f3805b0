/// The nearest rows seen so far: by distance, and by row number where distances are equal.
struct NearestRows<Distance: BinaryFloatingPoint & Sendable>: Sendable {
  private let bound: Int
  private(set) var distances: [Distance] = []
  private(set) var rows: [Int] = []

  init(_ bound: Int) { self.bound = bound }

  var count: Int { rows.count }

  /// The distance of the last one; infinite while there is room.
  var worst: Distance { count < bound ? .infinity : distances[count - 1] }

  @inline(__always)
  mutating func offer(_ distance: Distance, _ row: Int) {
    if count == bound, distance > distances[count &- 1] { return }
    insert(distance, row)
  }

  private mutating func insert(_ distance: Distance, _ row: Int) {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if (distances[middle], rows[middle]) < (distance, row) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    if low == bound { return }
    distances.insert(distance, at: low)
    rows.insert(row, at: low)
    if count > bound {
      distances.removeLast()
      rows.removeLast()
    }
  }
}
