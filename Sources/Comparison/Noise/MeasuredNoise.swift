package import Measurement
package import RunRecords

/// The stored spread of equal runs, where it fits the runs at hand.
package struct MeasuredNoise: Codable, Sendable, Equatable {
  /// When it was measured, UTC.
  package var measuredAt: String
  package var runs: Int
  /// By result name.
  package var allowances: [String: RunAllowance]
  package var functions: RunAllowance?

  /// Entries of the same machine, command and settings fit; latencies only near the same rate.
  ///
  /// - Returns: The noise, or nil with the reason when there is an entry that nearly fits.
  package static func fitting(
    _ runs: [RunFolder], in record: NoiseRecord
  ) -> (noise: MeasuredNoise?, reason: String?) {
    let records = runs.compactMap(\.record)
    let machines = Set(runs.compactMap { $0.environment.map(EnvironmentClass.init) })
    let identities = Set(
      records.map { MeasurementIdentity($0) }.map {
        Kind(command: $0.command, settings: $0.settings)
      })
    guard records.count == runs.count, machines.count == 1, identities.count == 1,
      let machine = machines.first, let kind = identities.first
    else { return (nil, nil) }
    let ours = record.entries.filter { $0.machine == machine && $0.command == kind.command }
    guard let entry = ours.first(where: { $0.settings == kind.settings }) else {
      return (nil, ours.last.map { mismatch($0, kind) })
    }
    return (MeasuredNoise(entry, rates: records.compactMap(\.offeredRate)), nil)
  }

  /// What is stored for runs like this one, to be kept with it.
  package static func entry(
    for record: RunRecord, on environment: EnvironmentRecord, in noise: NoiseRecord
  ) -> NoiseRecord.Entry? {
    let (identity, machine) = (MeasurementIdentity(record), EnvironmentClass(environment))
    return noise.entries.first {
      $0.machine == machine && $0.command == identity.command && $0.settings == identity.settings
    }
  }

  private struct Kind: Hashable {
    let command: String
    let settings: [String: String]
  }

  private static func mismatch(_ entry: NoiseRecord.Entry, _ kind: Kind) -> String {
    let names = Set(entry.settings.keys).union(kind.settings.keys)
      .filter { entry.settings[$0] != kind.settings[$0] }.sorted()
    return "A noise floor of \(entry.command) is stored for this machine, but of other settings "
      + "(\(names.joined(separator: ", "))); it is not used."
  }

  private init(_ entry: NoiseRecord.Entry, rates: [Double]) {
    measuredAt = entry.measuredAt
    runs = entry.runs
    let isNear = rates.allSatisfy { rate in
      entry.rate.map { abs(rate / $0 - 1) <= 0.2 } ?? false
    }
    let degrees = Double(entry.runs - 1)
    allowances = entry.spreads.filter { isNear || !SettingStanding.isPaced($0.key) }
      .mapValues { Self.allowance($0, degrees) }
    functions = entry.functions.map { Self.allowance($0, degrees) }
  }

  package init(
    measuredAt: String, runs: Int, allowances: [String: RunAllowance],
    functions: RunAllowance? = nil
  ) {
    self.measuredAt = measuredAt
    self.runs = runs
    self.allowances = allowances
    self.functions = functions
  }

  /// Of several runs a side.
  mutating func average(by share: Double) {
    allowances = allowances.mapValues { allowance in
      var allowance = allowance
      allowance.floor *= share
      return allowance
    }
    functions?.floor *= share
  }

  /// Trials more restless than they were then cost what they always cost.
  private static func allowance(_ spread: NoiseRecord.Spread, _ degrees: Double) -> RunAllowance {
    RunAllowance(
      floor: spread.floor, scale: 0.77, quiet: max(0.025, spread.betweenTrials), degrees: degrees)
  }
}
