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
}
