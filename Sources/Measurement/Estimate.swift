/// A measured value with what is known about its uncertainty.
///
/// An estimate without an interval says so (`interval == nil`): nobody fills the gap with a guess.
package struct Estimate: Codable, Sendable, Equatable {
  package var value: Double
  package var interval: Interval?
  /// How many independent values it was made of: trials, not operations.
  package var count: Int

  package init(value: Double, interval: Interval? = nil, count: Int) {
    self.value = value
    self.interval = interval
    self.count = count
  }

  package struct Interval: Codable, Sendable, Equatable {
    package var low: Double
    package var high: Double
    /// Between 0 and 1, usually 0.95.
    package var confidence: Double
    /// How it was made, in a word or two that a statistician recognises: `t on log`, `order statistics`.
    package var method: String

    package init(low: Double, high: Double, confidence: Double = 0.95, method: String) {
      self.low = low
      self.high = high
      self.confidence = confidence
      self.method = method
    }
  }
}
