import Basics

/// When each operation is due, in nanoseconds from the start of the window.
package enum ArrivalSchedule {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case poisson, constant, closed
  }

  /// The due times inside `seconds`; empty for a closed loop, which has none.
  package static func dueTimes(
    _ kind: Kind, rate: Double, seconds: Double, seed: UInt64
  ) -> [UInt64] {
    precondition(rate > 0 && seconds > 0)
    var random = SeededRandom(seed, stream: 0xA1)
    var times: [UInt64] = []
    var due = 0.0
    while kind != .closed {
      due += kind == .poisson ? random.exponential(mean: 1 / rate) : 1 / rate
      if due >= seconds { break }
      times.append(UInt64(due * 1e9))
    }
    return times
  }

  /// The due times of a rate that rises evenly from zero to `rate`, over `seconds`.
  ///
  /// By then half of `rate` times `seconds` have come: the times of a steady flow, bent so that
  /// the n-th comes when the rising flow has let through as many.
  package static func ramp(
    _ kind: Kind, to rate: Double, seconds: Double, seed: UInt64
  ) -> [UInt64] {
    precondition(rate > 0 && seconds > 0)
    var random = SeededRandom(seed, stream: 0xA2)
    var times: [UInt64] = []
    var expected = 0.0
    while kind != .closed {
      expected += kind == .poisson ? random.exponential(mean: 1) : 1
      let due = (2 * expected * seconds / rate).squareRoot()
      if due >= seconds { break }
      times.append(UInt64(due * 1e9))
    }
    return times
  }
}
