import Measurement
import RunRecords
import Vocabulary

/// What is known of slow operations: where the tail arises, and what cannot be told of it.
struct LatencyTail {
  let evidence: Evidence

  var readings: [Reading] {
    guard evidence.record != nil else {
      return [.notEvaluable("without run.json no operation was timed, slow or not")]
    }
    let parts = SlowOperations(evidence: evidence).readings
    let known = OperationKind.allCases.compactMap { tail(of: $0.rawValue) }
    guard !known.isEmpty || parts != nil else {
      return [.notEvaluable("no percentile of a response time has observations enough")]
    }
    return known.map(Reading.told) + (parts ?? Self.untold)
  }

  /// Of runs that were recorded before operations were taken apart one by one.
  private static let untold: [Reading] = [
    .notEvaluable(
      "what a slow operation does is not told apart: samples carry the kind of operation, not which one it was, so the parts above are those of the mean"
    )
  ]

  private func tail(of operation: String) -> Prose? {
    guard let response = highest("\(operation).response"),
      let service = evidence.record?.result("\(operation).service.\(response.name)")?.estimate
        .value,
      let mean = evidence.record?.result("\(operation).response.mean")?.estimate.value, mean > 0
    else { return nil }
    let slow = response.value
    return
      "\(name: operation): the \(response.name) is \(Wording.seconds(slow)), \(NumberText.ratio(slow / mean)) × the mean; the \(response.name) of the time inside is \(Wording.seconds(service)), so \(place(slow, service))."
  }

  /// Percentiles do not add up, but one that is much larger than the other tells where to look.
  private func place(_ response: Double, _ service: Double) -> Prose {
    if service >= 0.8 * response { return "slow operations are slow inside the engine" }
    if service <= 0.5 * response {
      return "most of a slow response is the wait to begin, for a worker or for its core"
    }
    return "both the wait to begin and the operation itself make it slow"
  }

  private func highest(_ stem: String) -> (name: String, value: Double)? {
    for name in ["p999", "p99", "p95"] {
      guard let result = evidence.record?.result("\(stem).\(name)"),
        PercentileSupport.isSupported(result, evidence.thresholds)
      else { continue }
      return (name, result.estimate.value)
    }
    return nil
  }
}
