/// Waits as a part of time that is not in the profile: the time workers spent inside operations, or
/// the length of the window.
extension ProfileSlice {
  func waits(
    of whole: Double, where matches: (StackSample) -> Bool
  ) -> Share {
    let chosen = samples.filter(matches)
    let part = Self.seconds(chosen)
    let count = chosen.reduce(0) { $0 + Int(clamping: $1.count) }
    let parts = trials.map { Self.seconds($0.filter(matches)) }
    let half = relativeHalfWidth(parts: parts, count: count)
    let value = whole > 0 ? part / whole : 0
    return Share(
      part: part, whole: whole, samples: count, samplesOfWhole: sampleCount, trials: parts.count,
      low: max(0, value * (1 - half)), high: min(value * (1 + half), max(1, value)),
      method: hasScaledCounts
        ? Share.scaledCounts
        : parts.count >= Thresholds.standard.trialsForInterval ? "t over trials" : "counting")
  }

  /// How far the sum may be off, relative to itself: by how the trials differ, or by counting.
  private func relativeHalfWidth(parts: [Double], count: Int) -> Double {
    let counting = countingError(count)
    let sum = parts.reduce(0, +)
    guard parts.count >= Thresholds.standard.trialsForInterval, sum > 0 else { return counting }
    let shares = parts.map { $0 / sum }
    guard let range = ShareInterval.student(shares, around: 1 / Double(parts.count)) else {
      return counting
    }
    return max(counting, min(1, range.width / 2 * Double(parts.count)))
  }

  /// How far a sum over so many waits may be off by counting alone, relative to itself.
  private func countingError(_ count: Int) -> Double {
    count > 0 ? min(1, 1.96 / (Double(count) * witnessed).squareRoot()) : 1
  }

  /// The same for all waits together; none where each of them was recorded with its stack.
  var errorOfTotal: Double? { witnessed < 1 ? countingError(sampleCount) : nil }
}

extension Evidence {
  /// Seconds inside search, insert and delete together, if the run timed them.
  var activeSeconds: Double? {
    let known = WaitReading.foregroundOperations.sorted().compactMap(serviceSeconds)
    return known.isEmpty ? nil : known.reduce(0, +)
  }
}
