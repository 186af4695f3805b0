import Basics

/// How far equal runs lie apart on a machine: the content of `noise.json`, beside the runs.
///
/// `vbench doctor --aa N` writes it; `vbench compare` uses what fits in place of an assumption.
package struct NoiseRecord: Codable, Sendable, Equatable {
  package static let currentSchema = 1
  package static let fileName = "noise.json"

  package private(set) var schema = NoiseRecord.currentSchema
  /// One for each machine, command and settings; the newest replaces its like.
  package private(set) var entries: [Entry]

  package init(entries: [Entry] = []) { self.entries = entries }

  /// N runs of one and the same program.
  package struct Entry: Codable, Sendable, Equatable {
    package var machine: EnvironmentClass
    package var command: String
    /// What makes a run the same measurement, without the offered rate.
    package var settings: [String: String]
    /// Operations offered a second; what depends on it holds near it only.
    package var rate: Double?
    package var runs: Int
    package var trialsPerRun: Int
    /// UTC, ISO 8601.
    package var measuredAt: String
    package var toolVersion: String
    package var spreads: [String: Spread]
    /// Of the cost of a function, usually; nil where there were no profiles.
    package var functions: Spread?

    package init(
      machine: EnvironmentClass, command: String, settings: [String: String], rate: Double?,
      runs: Int, trialsPerRun: Int, measuredAt: String, toolVersion: String,
      spreads: [String: Spread], functions: Spread?
    ) {
      self.machine = machine
      self.command = command
      self.settings = settings
      self.rate = rate
      self.runs = runs
      self.trialsPerRun = trialsPerRun
      self.measuredAt = measuredAt
      self.toolVersion = toolVersion
      self.spreads = spreads
      self.functions = functions
    }
  }

  /// Standard deviations of logarithms: 0.02 is two percent.
  package struct Spread: Codable, Sendable, Equatable {
    /// Of the values of whole runs, as they came out.
    package var betweenRuns: Double
    /// Of the trials inside a run.
    package var betweenTrials: Double
    /// What runs differ by beyond what their trials explain; never below half of `betweenRuns`, for
    /// a few runs may agree by luck.
    package var floor: Double
    /// The value of each run.
    package var values: [Double]

    package init(
      betweenRuns: Double, betweenTrials: Double, floor: Double, values: [Double]
    ) {
      self.betweenRuns = betweenRuns
      self.betweenTrials = betweenTrials
      self.floor = floor
      self.values = values
    }
  }

  /// Nil where nobody measured.
  package static func read(in folder: String) throws(RunError) -> NoiseRecord? {
    let path = "\(folder)/\(fileName)"
    if !FileSystem.exists(path) { return nil }
    let version = try RecordJSON.decode(Version.self, path: path)
    if version.schema != currentSchema {
      throw .unknownSchema(path: path, found: version.schema, known: currentSchema)
    }
    return try RecordJSON.decode(NoiseRecord.self, path: path)
  }

  private struct Version: Decodable { let schema: Int }

  /// Adds an entry, in place of one of the same machine, command and settings.
  package mutating func add(_ entry: Entry) {
    entries.removeAll {
      $0.machine == entry.machine && $0.command == entry.command && $0.settings == entry.settings
    }
    entries.append(entry)
  }

  package func write(in folder: String) throws(RunError) {
    let path = "\(folder)/\(Self.fileName)"
    let bytes = try RecordJSON.encode(self, path: path)
    do throws(SystemError) {
      try FileSystem.makeDirectory(folder)
      try FileSystem.replace(path, with: bytes)
    } catch { throw .system(path: path, error) }
  }
}
