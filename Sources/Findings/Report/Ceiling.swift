import Vocabulary

/// The part of all CPU that a finding is about, where nobody knows how much of it can go.
///
/// A bound speaks of a cost that can be left out, and a severity follows from it. A ceiling speaks of
/// work: if it cost nothing at all, capacity would be 1/(1−p) times as high, and how much of it can
/// go is not known. So it makes no finding graver; but where even the ceiling is low, the finding is
/// not worth the time of a reader, and is lowered.
package struct Ceiling: Codable, Sendable, Equatable {
  /// Of the CPU of all roles; the ends of its interval.
  package var low: Double
  package var value: Double
  package var high: Double
  /// The operation that would have to cost nothing, where the finding is about a part of it that
  /// nobody told apart.
  package var operation: String? = nil

  package init(low: Double, value: Double, high: Double) {
    (self.low, self.value, self.high) = (low, value, high)
  }

  /// Times as much capacity if that share of the CPU were free.
  package static func factor(_ share: Double) -> Double { 1 + GainBound.gain(removing: share) }
}

/// What all findings about CPU come to together if what they are about cost nothing.
package struct JointCeiling: Codable, Sendable, Equatable {
  /// Findings with a ceiling and no bound.
  package var open: [String]
  package var ceiling: Ceiling
}

extension Evidence {
  /// The stacks of a slice that match, as a part of the CPU of all roles.
  ///
  /// They are counted in the whole profile of the role, so that the bound of one finding and that of
  /// a union that holds nothing else are the same number.
  func partOfAllCPU(_ slice: ProfileSlice, where matches: (StackSample) -> Bool) -> Ceiling? {
    guard slice.kind == .cpu, sampledCPUSeconds > 0, let whole = role(slice.role)?.profiles[.cpu]
    else { return nil }
    let share = whole.share {
      (slice.operation == nil || slice.operation == $0.operation) && matches($0)
    }
    let scale = whole.total / sampledCPUSeconds
    return Ceiling(
      low: share.low * scale, value: share.value * scale, high: min(1, share.high * scale))
  }
}

extension FindingMaker {
  /// The share of an observation about CPU as a part of all CPU.
  func partOfAllCPU(_ seen: Observation, _ slice: ProfileSlice) -> Ceiling? {
    guard let share = seen.share, slice.kind == .cpu, evidence.sampledCPUSeconds > 0 else {
      return nil
    }
    let scale = slice.total / evidence.sampledCPUSeconds
    let scaled = Ceiling(
      low: share.low * scale, value: share.value * scale, high: min(1, share.high * scale))
    // A share that is of fewer stacks than match has nothing to be counted by.
    guard let matches = seen.matches, let counted = evidence.partOfAllCPU(slice, where: matches),
      abs(counted.value - scaled.value) < 1e-6
    else { return scaled }
    return counted
  }

  /// Nil where a bound says more, and where saved CPU is worth no throughput.
  func ceiling(_ seen: Observation, _ slice: ProfileSlice?) -> Ceiling? {
    guard limit.isCPU, case .notBounded = seen.gain, let slice, let matches = seen.matches else {
      return nil
    }
    return evidence.partOfAllCPU(slice, where: matches)
  }

  /// What concerns so little of the CPU is no medium finding, however sure it is.
  func lowered(_ severity: Severity, by ceiling: Ceiling?) -> Severity {
    guard let ceiling else { return severity }
    if ceiling.value < evidence.thresholds.medium { return min(severity, .info) }
    return min(severity, self.severity(GainBound.gain(removing: ceiling.low)))
  }
}
