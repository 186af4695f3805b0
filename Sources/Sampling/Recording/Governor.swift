/// Keeps the cost of recording waits within its budget.
///
/// When there are too many switches, only every n-th is recorded with a stack; the times of all of
/// them are still exact, and are shared out over the stacks that were seen. When it gets calmer,
/// all stacks are recorded again.
struct Governor {
  /// What a switch with its stack, and the stack of whoever ends it, takes from the target.
  private static let secondsPerSwitch = 8.5e-6
  /// How long a rate is watched before it is believed.
  private static let interval: UInt64 = 250_000_000
  private static let periods: [UInt64] = [1, 2, 5, 10, 20, 50, 100]

  private let budget: RecordingPlan.WaitBudget
  private var latest: Reading?
  private(set) var period: UInt64 = 1

  /// How far the target is: the CPU it has used, in nanoseconds.
  struct Reading {
    let time: UInt64
    let switches: Int
    let cpu: UInt64
  }

  init(_ budget: RecordingPlan.WaitBudget) {
    self.budget = budget
    if case .everySwitch(let number) = budget { period = number }
  }

  func isDue(_ now: UInt64) -> Bool { latest.map { now - $0.time >= Self.interval } ?? true }

  /// The new distance between recorded switches, if it must change.
  mutating func decide(_ now: Reading) -> UInt64? {
    defer { latest = now }
    guard let then = latest else { return period == 1 ? nil : period }
    let seconds = Double(now.time - then.time) / 1e9
    let rate = Double(now.switches - then.switches) / seconds
    let cores = Double(now.cpu &- then.cpu) / 1e9 / seconds
    let needed = period(for: rate, cores)
    // Back only when it is clearly calmer, or it would go to and fro.
    guard needed > period || period(for: 2 * rate, cores) < period else { return nil }
    period = needed
    return needed
  }

  private func period(for rate: Double, _ cores: Double) -> UInt64 {
    let affordable: Double
    switch budget {
    case .ofCore(let share): affordable = share / Self.secondsPerSwitch
    case .ofTarget(let share): affordable = max(cores, 0.01) * share / Self.secondsPerSwitch
    case .everySwitch(let number): return number
    }
    return Self.periods.first { rate / Double($0) <= affordable } ?? Self.periods[6]
  }
}
