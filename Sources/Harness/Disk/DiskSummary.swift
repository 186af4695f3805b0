import Measurement
package import RunRecords

/// The slices of all rounds as figures: medians of rounds, with how far rounds lie apart.
package struct DiskSummary {
  package let outcome: DiskMeasurement.Outcome
  /// A round's percentile is only one when enough lies behind it.
  private static let operationsForP99 = 100

  package init(_ outcome: DiskMeasurement.Outcome) { self.outcome = outcome }

  package var figures: [DiskRecord.Figure] { DiskTask.allCases.map(figure) }

  package var flushesPerSync: Double? {
    let syncs = outcome.slices[.commit, default: []].reduce(0) { $0 + $1.operations }
    guard let flushes = outcome.flushes, syncs > 0 else { return nil }
    return Double(flushes) / Double(syncs)
  }

  package var written: DiskRecord.Written {
    let slices = outcome.slices.values.flatMap(\.self)
    return DiskRecord.Written(
      bytes: slices.reduce(0) { $0 + $1.writtenBytes },
      calls: slices.reduce(0) { $0 + $1.writeCalls },
      bytesByKernel: outcome.writtenByKernel?.bytes,
      callsByKernel: outcome.writtenByKernel?.calls)
  }

  private func figure(_ task: DiskTask) -> DiskRecord.Figure {
    let slices = outcome.slices[task, default: []]
    var figure = DiskRecord.Figure(
      name: task.rawValue, writers: task.writers, blockBytes: task.operationBytes,
      operations: slices.reduce(0) { $0 + $1.operations },
      bytes: slices.reduce(0) { $0 + $1.bytes },
      problem: outcome.refused[task] ?? slices.compactMap(\.problem).first)
    guard !slices.isEmpty, slices.allSatisfy({ $0.operations > 0 }) else { return figure }
    if task.isStream {
      figure.bytesPerSecond = .median(ofTrials: slices.map { Double($0.bytes) / $0.seconds })
    } else {
      figure.operationsPerSecond = .median(
        ofTrials: slices.map { Double($0.operations) / $0.seconds })
      addTimes(slices.map(\.times), to: &figure)
    }
    return figure
  }

  private func addTimes(_ rounds: [LatencyHistogram], to figure: inout DiskRecord.Figure) {
    figure.mean = .median(ofTrials: rounds.map { $0.mean / 1e9 })
    figure.p50 = .median(ofTrials: rounds.map { Double($0.percentile(50)) / 1e9 })
    if rounds.allSatisfy({ $0.count >= Self.operationsForP99 }) {
      figure.p99 = .median(ofTrials: rounds.map { Double($0.percentile(99)) / 1e9 })
    }
    figure.longest = Double(rounds.map(\.max).max() ?? 0) / 1e9
  }
}
