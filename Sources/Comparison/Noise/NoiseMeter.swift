import Measurement
import Pprof
import ProfileViews
package import RunRecords
import Vocabulary

/// Several runs of one and the same program → how far they lie apart.
package enum NoiseMeter {
  package static let fewestRuns = 4

  /// Nil with too few runs, or when one does not say on which machine it ran.
  package static func measure(
    _ runs: [RunFolder], measuredAt: String, toolVersion: String
  ) -> NoiseRecord.Entry? {
    let records = runs.compactMap(\.record)
    guard runs.count >= fewestRuns, records.count == runs.count,
      let environment = runs[0].environment
    else { return nil }
    let identity = MeasurementIdentity(records[0])
    return NoiseRecord.Entry(
      machine: EnvironmentClass(environment), command: identity.command,
      settings: identity.settings, rate: records[0].offeredRate, runs: runs.count,
      trialsPerRun: records.map { record in
        record.trials.filter { $0.status == .complete }.count
      }.min() ?? 0,
      measuredAt: measuredAt, toolVersion: toolVersion, spreads: spreads(records),
      functions: functions(runs))
  }

  private static func spreads(_ records: [RunRecord]) -> [String: NoiseRecord.Spread] {
    var spreads: [String: NoiseRecord.Spread] = [:]
    for result in records[0].results where result.direction != .neutral {
      let all = records.compactMap { $0.result(result.name) }
      guard all.count == records.count, let spread = spread(of: all) else { continue }
      spreads[result.name] = spread
    }
    return spreads
  }

  /// Nil where a value has no logarithm.
  private static func spread(of results: [RunRecord.Result]) -> NoiseRecord.Spread? {
    let values = results.map(\.estimate.value)
    guard (values + results.flatMap(\.trials)).allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return nil
    }
    let trials = results.map { Summary($0.trials.map(RealFunctions.logarithm)) }
    return spread(
      values: values,
      trialVariance: Summary(trials.map(\.variance)).mean,
      meanVariance: Summary(trials.map { $0.variance / Double(max(1, $0.count)) }).mean)
  }

  private static func spread(
    values: [Double], trialVariance: Double, meanVariance: Double
  ) -> NoiseRecord.Spread {
    let between = Summary(values.map(RealFunctions.logarithm)).variance
    return NoiseRecord.Spread(
      betweenRuns: between.squareRoot(), betweenTrials: trialVariance.squareRoot(),
      floor: max(between - meanVariance, between / 4).squareRoot(), values: values)
  }

  // MARK: - Functions

  /// The middle one of the large functions' spreads.
  private static func functions(_ runs: [RunFolder]) -> NoiseRecord.Spread? {
    var options = ComparisonOptions()
    options.procedure.design = .runs
    let slices = SliceReader(base: runs, new: [runs[0]], options: options).read().slices
      .filter { $0.kind == .cpu && $0.role != .client }
    let spreads = slices.flatMap { slice -> [NoiseRecord.Spread] in
      let total = slice.base.reduce(0) { $0 + Double($1.costs.total) }
      return slice.names.compactMap { name in
        guard slice.amount([name], slice.base) >= 0.01 * total else { return nil }
        return spread(of: name, slice)
      }
    }
    return spreads.sorted { $0.floor < $1.floor }.dropFirst(spreads.count / 2).first
  }

  private static func spread(of name: String, _ slice: ProfileSlice) -> NoiseRecord.Spread? {
    let flat = slice.flat([name], slice.base)
    guard flat.count >= fewestRuns, flat.allSatisfy({ $0.amount > 0 }) else { return nil }
    // What counting samples explains, of which the test of functions takes care itself.
    let chance = Summary(flat.map { slice.eventWeight / $0.amount }).mean
    return spread(
      values: flat.map { $0.amount / $0.exposure }, trialVariance: chance, meanVariance: chance)
  }
}
