package import RunRecords

/// What makes two runs the same measurement, apart from the machine: command, data and load.
///
/// Settings under test and those that do not matter are left out, and so is the offered rate, which
/// a calibration finds anew each time; only latencies depend on it.
package struct MeasurementIdentity: Hashable, Sendable {
  package let command: String
  package let settings: [String: String]
  package let dataset: String

  package init(_ record: RunRecord) {
    command = record.command
    let identity = record.settings.filter {
      SettingStanding.of($0.name) == .refused && $0.name != SettingStanding.rate
    }
    settings = Dictionary(identity.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
      .merging(["profiling": Self.profiling(record.profiling)]) { $1 }
    dataset = record.dataset?.digest ?? "none"
  }

  /// How the engine goes about it: the settings that a comparison takes for the change under test.
  static func underTest(_ record: RunRecord) -> [String: String] {
    let chosen = record.settings.filter {
      SettingStanding.isOption($0.name) && $0.source != .standard
    }
    return Dictionary(chosen.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  private static func profiling(_ profiling: RunRecord.Profiling) -> String {
    profiling.hertz == 0 ? RunRecord.Profiling.nothing : "\(profiling.method), \(profiling.hertz)"
  }

  /// Settings by name in which two identities differ, the dataset among them.
  package func differences(from other: MeasurementIdentity) -> [String] {
    let names = Set(settings.keys).union(other.settings.keys).filter {
      settings[$0] != other.settings[$0]
    }
    let data = dataset == other.dataset ? [] : ["dataset"]
    return (command == other.command ? [] : ["command"]) + Set(names + data).sorted()
  }
}

extension RunRecord {
  /// Operations offered a second, when the run had a rate.
  var offeredRate: Double? { setting(SettingStanding.rate).flatMap { Double($0) } }
}
