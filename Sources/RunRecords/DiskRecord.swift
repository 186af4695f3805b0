import Basics
package import Measurement

/// What disks can do without an engine: the content of `disk.json`, beside the runs.
///
/// `vbench doctor --disk` writes it; reports set it against the engine's own syncs.
package struct DiskRecord: Codable, Sendable, Equatable {
  package static let currentSchema = 1
  package static let fileName = "disk.json"

  package private(set) var schema = DiskRecord.currentSchema
  /// One for each machine and device; the newest replaces its like.
  package private(set) var entries: [Entry]

  package init(entries: [Entry] = []) { self.entries = entries }

  /// One disk, measured once.
  package struct Entry: Codable, Sendable, Equatable {
    package var machine: EnvironmentClass
    /// As `EnvironmentRecord.storeDevice`.
    package var device: String
    /// `write back` or `write through`, as the kernel has it; nil where it does not tell.
    package var writeCache: String?
    package var isRotational: Bool?
    /// UTC, ISO 8601.
    package var measuredAt: String
    package var toolVersion: String
    package var rounds: Int
    package var seconds: Double
    package var figures: [Figure]
    /// Flushes that the device completed for each sync of one writer, others' included.
    package var flushesPerSync: Double?
    package var written: Written
    /// CPU seconds a second that other processes used meanwhile; nil when nobody could tell.
    package var otherProcessesCPU: Double?
    package var stealShare: Double?
    /// What a reader must know about the place, in sentences.
    package var notes: [String]

    package init(
      machine: EnvironmentClass, device: String, writeCache: String?, isRotational: Bool?,
      measuredAt: String, toolVersion: String, rounds: Int, seconds: Double, figures: [Figure],
      flushesPerSync: Double?, written: Written, otherProcessesCPU: Double? = nil,
      stealShare: Double? = nil, notes: [String]
    ) {
      self.machine = machine
      self.device = device
      self.writeCache = writeCache
      self.isRotational = isRotational
      self.measuredAt = measuredAt
      self.toolVersion = toolVersion
      self.rounds = rounds
      self.seconds = seconds
      self.figures = figures
      self.flushesPerSync = flushesPerSync
      self.written = written
      self.otherProcessesCPU = otherProcessesCPU
      self.stealShare = stealShare
      self.notes = notes
    }

    package func figure(_ name: String) -> Figure? { figures.first { $0.name == name } }

    /// How a build was made changes no disk.
    func fits(_ environment: EnvironmentRecord) -> Bool {
      var other = EnvironmentClass(environment)
      other.buildMode = machine.buildMode
      return machine == other && device == environment.storeDevice
    }
  }

  /// One way to ask the disk, over all rounds.
  package struct Figure: Codable, Sendable, Equatable {
    /// Such as `commit.1` or `read.random`: a stable name.
    package var name: String
    package var writers: Int
    /// Bytes of one operation.
    package var blockBytes: Int
    package var operations: Int
    package var bytes: Int
    /// Medians of the rounds, as all that follows; nil for streams.
    package var operationsPerSecond: Estimate?
    /// Of streams only.
    package var bytesPerSecond: Estimate?
    /// Seconds of one operation: of each round's own mean and percentiles.
    package var mean: Estimate?
    package var p50: Estimate?
    package var p99: Estimate?
    /// The longest of all operations.
    package var longest: Double?
    /// Why there are no numbers, or why they are not what the name says.
    package var problem: String?

    package init(
      name: String, writers: Int, blockBytes: Int, operations: Int = 0, bytes: Int = 0,
      operationsPerSecond: Estimate? = nil, bytesPerSecond: Estimate? = nil,
      mean: Estimate? = nil, p50: Estimate? = nil, p99: Estimate? = nil, longest: Double? = nil,
      problem: String? = nil
    ) {
      self.name = name
      self.writers = writers
      self.blockBytes = blockBytes
      self.operations = operations
      self.bytes = bytes
      self.operationsPerSecond = operationsPerSecond
      self.bytesPerSecond = bytesPerSecond
      self.mean = mean
      self.p50 = p50
      self.p99 = p99
      self.longest = longest
      self.problem = problem
    }
  }

  /// What was written, as it was counted here and by the kernel for this process.
  package struct Written: Codable, Sendable, Equatable {
    package var bytes: Int
    package var calls: Int
    /// Nil where the kernel keeps no such account.
    package var bytesByKernel: Int?
    package var callsByKernel: Int?

    package init(bytes: Int, calls: Int, bytesByKernel: Int?, callsByKernel: Int?) {
      self.bytes = bytes
      self.calls = calls
      self.bytesByKernel = bytesByKernel
      self.callsByKernel = callsByKernel
    }

    package var agrees: Bool {
      bytesByKernel ?? bytes == bytes && callsByKernel ?? calls == calls
    }
  }

  /// The measurement of the machine and device of a run, if there is one.
  package func entry(for environment: EnvironmentRecord) -> Entry? {
    entries.last { $0.fits(environment) }
  }

  /// Adds an entry, in place of one of the same machine and device.
  package mutating func add(_ entry: Entry) {
    entries.removeAll { $0.machine == entry.machine && $0.device == entry.device }
    entries.append(entry)
  }
}

extension DiskRecord.Figure {
  /// The name of a commit by one writer: what the engine's log does.
  package static let commit = "commit.1"

  /// Rounds that lie further apart than this factor tell nothing about the disk alone.
  private static let farthest = 2.0

  /// Whether the rounds agree well enough to speak of one value; false when nobody can tell.
  package static func isSteady(_ estimate: Estimate) -> Bool {
    guard let range = estimate.interval else { return false }
    return range.high <= farthest * range.low
  }
}

extension DiskRecord {
  /// Nil where nobody measured.
  package static func read(in folder: String) throws(RunError) -> DiskRecord? {
    let path = "\(folder)/\(fileName)"
    if !FileSystem.exists(path) { return nil }
    let version = try RecordJSON.decode(Version.self, path: path)
    if version.schema != currentSchema {
      throw .unknownSchema(path: path, found: version.schema, known: currentSchema)
    }
    return try RecordJSON.decode(DiskRecord.self, path: path)
  }

  private struct Version: Decodable { let schema: Int }

  package func write(in folder: String) throws(RunError) {
    let path = "\(folder)/\(Self.fileName)"
    let bytes = try RecordJSON.encode(self, path: path)
    do throws(SystemError) {
      try FileSystem.makeDirectory(folder)
      try FileSystem.replace(path, with: bytes)
    } catch { throw .system(path: path, error) }
  }

  /// What lies beside a run or was sent along in it, whichever is newer.
  static func lookUp(_ run: RunFolder) -> (Entry?, problem: String?) {
    guard let environment = run.environment else { return (nil, nil) }
    let sent = environment.disk
    do throws(RunError) {
      guard let record = try read(in: "\(run.path)/..") else { return (sent, nil) }
      let beside = record.entry(for: environment)
      let newest = [sent, beside].compactMap(\.self).max { $0.measuredAt < $1.measuredAt }
      return (newest, newest == nil ? "\(fileName) tells of other machines or devices" : nil)
    } catch {
      return (sent, sent == nil ? "\(fileName) beside the run cannot be read" : nil)
    }
  }
}
