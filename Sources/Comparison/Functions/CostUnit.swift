import Measurement
import Pprof

/// What a profile's values are, in SI: seconds of CPU or waiting, bytes, or plain counts.
enum CostUnit {
  /// From the profile's numbers to SI, spread as the basis says, and in which unit that is.
  static func scale(
    _ type: Profile.ValueType, _ basis: FunctionTable.Basis
  ) -> (factor: Double, unit: MetricUnit) {
    if basis == .share { return (1, .ratio) }
    if let seconds = seconds(type.unit) {
      // Seconds a second are a share of one core, or of one waiting thread.
      return (seconds, basis == .perSecond ? .ratio : .seconds)
    }
    if type.unit == "bytes" { return (1, .bytes) }
    return (1, basis == .perSecond ? .perSecond : .count)
  }

  private static func seconds(_ unit: String) -> Double? {
    switch unit {
    case "nanoseconds", "ns": 1e-9
    case "microseconds", "us": 1e-6
    case "milliseconds", "ms": 1e-3
    case "seconds", "s": 1
    default: nil
    }
  }
}
