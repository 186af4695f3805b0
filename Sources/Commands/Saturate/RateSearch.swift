/// Finds the highest rate that keeps a promise, asking as little as it can: up or down until the
/// border is between two rates, then halving (on a logarithmic scale), then the winner again.
///
/// It knows nothing of workloads: it names a rate and is told whether it kept. What was found once
/// may have been luck, and the search picks the lucky; so a winner counts when it kept twice more.
struct RateSearch: Sendable {
  enum Step: Equatable, Sendable {
    /// Look at this rate.
    case probe(Double)
    /// Try again what kept; so many times it has been confirmed already.
    case confirm(Double, done: Int)
    case found(Double)
    /// Not even the lowest rate keeps.
    case nothing(lowest: Double)
  }

  static let confirmations = 2

  /// Neighbors on the ladder are so near, as a share, that nothing is left to look for.
  let resolution: Double
  /// Below this, no rate is worth having.
  let floor: Double
  private let start: Double
  private var kept: [Double] = []
  private var lowestBroken: Double?
  private var confirmed = 0

  init(start: Double, floor: Double, resolution: Double) {
    precondition(start > floor && floor > 0 && resolution > 0)
    (self.start, self.resolution) = (Self.rounded(start), resolution)
    self.floor = Self.rounded(floor)
  }

  private var best: Double? { kept.last }

  var next: Step {
    guard let best else {
      guard let lowestBroken else { return .probe(start) }
      // Downwards in growing strides, so that a hopeless promise is seen soon.
      let lower = lowestBroken / (lowestBroken < start ? 4 : 2)
      return lowestBroken <= floor
        ? .nothing(lowest: lowestBroken) : .probe(max(floor, Self.rounded(lower)))
    }
    guard let lowestBroken else { return .probe(Self.rounded(best * 1.4)) }
    let between = Self.rounded((lowestBroken * best).squareRoot())
    if lowestBroken / best > 1 + resolution, between > best, between < lowestBroken {
      return .probe(between)
    }
    return confirmed < Self.confirmations ? .confirm(best, done: confirmed) : .found(best)
  }

  mutating func tell(_ rate: Double, kept isKept: Bool) {
    if let best, best == rate {
      if isKept { confirmed += 1 } else { disown(rate) }
      return
    }
    confirmed = 0
    if isKept {
      kept.append(rate)
      kept.sort()
    } else {
      lowestBroken = min(lowestBroken ?? rate, rate)
    }
  }

  /// A winner that failed its confirmation is one more rate that broke.
  private mutating func disown(_ rate: Double) {
    kept.removeLast()
    lowestBroken = rate
    confirmed = 0
    // The next lower rate that kept may be far below: its neighborhood is looked at again.
  }

  /// Three digits: nobody reads more, and the same text names the same rate.
  static func rounded(_ value: Double) -> Double {
    var step = 1e-6
    while value / step >= 1_000 { step *= 10 }
    return (value / step).rounded() * step
  }

  /// The best answer there is when the time is up; nil when nothing kept.
  var bestSoFar: Double? { best }
}
