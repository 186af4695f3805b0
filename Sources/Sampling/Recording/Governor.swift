/// Keeps the cost of recording waits near three percent of a core.
///
/// A switch with its stack, and the stack of whoever ends it, costs about nine microseconds. When
/// there are too many, only every n-th is recorded with a stack; the times of all of them are
/// still exact, and are shared out over the stacks that were seen. When it gets calmer, all stacks
/// are recorded again.
struct Governor {
  /// How long a rate is watched before it is believed.
  private static let interval: UInt64 = 250_000_000
  /// Primes, and none of the small ones: a thread that waits for work, for a lock and for the disk
  /// in turn would show the same of the three at every third switch.
  private static let periods: [UInt64] = [1, 7, 11, 23, 47, 97]
  /// Switches a second that may have their stacks.
  private static let budget = 3_500.0
  private var since: UInt64?
  private var switchesThen = 0
  private let isFixed: Bool
  private(set) var period: UInt64

  /// `fixed` is a distance that holds whatever happens.
  init(fixed: UInt64? = nil) {
    isFixed = fixed != nil
    period = fixed ?? 1
  }

  /// The new distance between recorded switches, if it must change.
  mutating func decide(_ now: UInt64, switches: Int) -> UInt64? {
    guard let began = since else {
      (since, switchesThen) = (now, switches)
      return period == 1 ? nil : period
    }
    guard !isFixed, now - began >= Self.interval else { return nil }
    let rate = Double(switches - switchesThen) * 1e9 / Double(now - began)
    (since, switchesThen) = (now, switches)
    let needed = Self.period(for: rate)
    // Back only when it is clearly calmer, or it would go to and fro.
    guard needed > period || Self.period(for: 2 * rate) < period else { return nil }
    period = needed
    return needed
  }

  private static func period(for rate: Double) -> UInt64 {
    periods.first { rate / Double($0) <= budget } ?? 97
  }
}
