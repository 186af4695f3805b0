/// What the kernel says of one counter: a count, and how long it was wanted and had.
///
/// A processor has few counters. When more are wanted than there are, the kernel lets them take
/// turns, and `running` falls behind `enabled`.
struct CounterReading: Equatable, Sendable {
  var value: UInt64 = 0
  var enabled: UInt64 = 0
  var running: UInt64 = 0

  /// What happened since an earlier reading.
  func since(_ earlier: CounterReading) -> CounterReading {
    CounterReading(
      value: value &- min(earlier.value, value), enabled: enabled &- min(earlier.enabled, enabled),
      running: running &- min(earlier.running, running))
  }

  /// The count as it would have been without taking turns; nil when it never had its turn.
  var scaled: UInt64? {
    if running == 0 { return nil }
    if running >= enabled { return value }
    let product = value.multipliedFullWidth(by: enabled)
    // A quotient beyond 64 bits means that it ran for next to no time: nothing can be said.
    guard product.high < running else { return nil }
    let (quotient, rest) = running.dividingFullWidth(product)
    return rest >= running - rest ? quotient &+ 1 : quotient
  }
}

extension CounterState {
  /// One counter from the readings of all threads, each scaled by its own turns.
  init(_ event: CountedEvent, _ readings: [CounterReading]) {
    let enabled = readings.reduce(0) { $0 + Double($1.enabled) }
    let running = readings.reduce(0) { $0 + Double(min($1.running, $1.enabled)) }
    if running == 0 {
      // The kernel's own events happen to a thread that runs; none ran, so there were none.
      self = event.isSoftware && enabled == 0 ? .counted(value: 0, runningShare: 1) : .notCounted
      return
    }
    let value = readings.reduce(UInt64(0)) { $0 &+ ($1.scaled ?? 0) }
    self = .counted(value: value, runningShare: running / enabled)
  }
}
