/// Where a series stops warming up, by the rule MSER-5 (White, Cobb and Spratt, 2000).
///
/// The series is cut into means of five. Of all beginnings that could be left out, the best is the
/// one whose rest has the smallest standard error: leaving out a warm-up lowers the spread, leaving
/// out steady values only lowers the count. When the best cut lies in the second half, the series
/// has not settled: it still drifts, or it is too short to tell.
package enum SteadyState {
  package static let batch = 5
  /// Fewer means than this say nothing.
  package static let meansMin = 10

  /// How many values to leave out at the beginning; nil when no steady state is in sight.
  package static func beginning(of values: [Double]) -> Int? {
    let means = stride(from: 0, through: values.count - batch, by: batch).map { start in
      values[start..<(start + batch)].reduce(0, +) / Double(batch)
    }
    guard means.count >= meansMin else { return nil }
    // From the back, so that each rest is the one before and a value more (Welford's sums).
    var (count, mean, squares) = (0.0, 0.0, 0.0)
    var best = (error: Double.infinity, cut: 0)
    for cut in means.indices.reversed() {
      count += 1
      let distance = means[cut] - mean
      mean += distance / count
      squares += distance * (means[cut] - mean)
      // The last five means agree by chance too easily.
      if count < 5 { continue }
      let error = squares / (count * count)
      if error <= best.error { best = (error, cut) }
    }
    return best.cut < means.count / 2 ? best.cut * batch : nil
  }
}
