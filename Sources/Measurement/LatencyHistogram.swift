/// Counts durations in nanoseconds with three significant digits, from 1 ns to more than an hour.
///
/// The layout is HdrHistogram's: buckets that double in width, 2,048 cells each, of which the lower
/// half repeats the bucket before and is therefore not stored.
///
///     bucket 0   cells of 1 ns     0 …  2,047
///     bucket 1   cells of 2 ns     2,048 … 4,095
///     bucket 2   cells of 4 ns     4,096 … 8,191      and so on
///
/// Recording touches one cell and allocates nothing. Keep one histogram per worker and merge after
/// joining; merging loses nothing, unlike averaging percentiles.
package struct LatencyHistogram: Sendable, Equatable {
  package static let significantDigits = 3
  package static let highestTrackable: UInt64 = 3_600_000_000_000
  static let cellsPerHalf = 1_024
  static let cellsLog2 = 11
  /// 32 doublings of 2,048 ns pass an hour.
  static let cellCount = (32 + 1) * cellsPerHalf

  private(set) var counts: [UInt64]
  package private(set) var count: UInt64 = 0
  package private(set) var min: UInt64 = .max
  package private(set) var max: UInt64 = 0

  package init() { counts = [UInt64](repeating: 0, count: Self.cellCount) }

  init(counts: [UInt64]) {
    self.counts = counts
    for (cell, number) in counts.enumerated() where number > 0 {
      count += number
      if min == .max { min = Self.lowest(of: cell) }
      max = Self.highest(of: cell)
    }
  }

  package var isEmpty: Bool { count == 0 }

  /// Counts one duration; what is longer than the range is counted in the last cell.
  package mutating func record(_ nanoseconds: UInt64) {
    let value = Swift.min(nanoseconds, Self.highestTrackable)
    counts[Self.cell(of: value)] &+= 1
    count &+= 1
    if value < min { min = value }
    if value > max { max = value }
  }

  package mutating func merge(_ other: LatencyHistogram) {
    // Wrapping, not trapping: the other side may come from a file that claims absurd counts.
    for cell in counts.indices { counts[cell] &+= other.counts[cell] }
    count &+= other.count
    min = Swift.min(min, other.min)
    max = Swift.max(max, other.max)
  }

  /// What was recorded since an earlier copy of the same histogram, to the width of a cell.
  package func since(_ earlier: LatencyHistogram) -> LatencyHistogram {
    LatencyHistogram(counts: zip(counts, earlier.counts).map { $0 >= $1 ? $0 - $1 : 0 })
  }

  /// The smallest duration that at least `p` percent of all do not exceed, to three digits.
  ///
  /// HdrHistogram's rule: the top of the cell in which the rank falls; `p` is taken one step lower,
  /// because `99.9 / 100 * 1_000` is a little more than 999 and must not reach rank 1,000. The top
  /// is cut to the longest duration seen, which HdrHistogram does not do, and zero asks for the
  /// shortest one.
  package func percentile(_ p: Double) -> UInt64 {
    precondition(p >= 0 && p <= 100, "a percentile lies between 0 and 100")
    guard count > 0 else { return 0 }
    if p == 0 { return min }
    let rank = (p.nextDown * Double(count) / 100).rounded(.up)
    let wanted = Swift.max(1, UInt64(exactly: rank) ?? count)
    var seen: UInt64 = 0
    for cell in counts.indices {
      seen &+= counts[cell]
      if seen >= wanted { return Swift.min(Self.highest(of: cell), max) }
    }
    return max
  }

  /// The mean, each duration taken at the middle of its cell.
  package var mean: Double {
    guard count > 0 else { return 0 }
    var sum = 0.0
    for (cell, number) in counts.enumerated() where number > 0 {
      sum += Double(number) * (Double(Self.lowest(of: cell)) + Double(Self.width(of: cell) - 1) / 2)
    }
    return sum / Double(count)
  }

  // MARK: - Cells

  static func cell(of value: UInt64) -> Int {
    let bucket = Swift.max(0, 64 - cellsLog2 - (value | 2_047).leadingZeroBitCount)
    return bucket * cellsPerHalf + Int(truncatingIfNeeded: value >> UInt64(bucket))
  }

  private static func bucket(of cell: Int) -> Int { Swift.max(0, cell / cellsPerHalf - 1) }

  static func width(of cell: Int) -> UInt64 { 1 << UInt64(bucket(of: cell)) }

  static func lowest(of cell: Int) -> UInt64 {
    let bucket = bucket(of: cell)
    return UInt64(cell - bucket * cellsPerHalf) << UInt64(bucket)
  }

  static func highest(of cell: Int) -> UInt64 { lowest(of: cell) + width(of: cell) - 1 }
}
