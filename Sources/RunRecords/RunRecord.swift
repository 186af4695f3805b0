package import Measurement
package import Vocabulary

/// One run as a value: the content of `run.json`.
///
/// Numbers are SI (seconds, bytes, ratios); `results` carry their own unit. A run is evidence, so
/// nothing in here is computed for show: every figure was counted or timed, or is derived from
/// such figures by a rule that the documentation page "A run on disk" names.
package struct RunRecord: Codable, Sendable, Equatable {
  /// The version of this layout.
  ///
  /// A reader refuses what it does not know.
  package static let currentSchema = 1

  package var schema = RunRecord.currentSchema
  package var status: Status
  package var toolVersion: String
  /// The workload command: `market`, `search-only`, `write-only`, or `record`.
  package var command: String
  package var arguments: [String]
  /// A command line that repeats this run, calibrated rate included.
  package var replay: String
  package var label: String?
  /// When the run began, UTC, ISO 8601.
  package var startedAt: String
  package var durationSeconds: Double
  package var seed: UInt64
  package var settings: [Setting]
  package var dataset: Dataset?
  package var phases: [Phase]
  package var trials: [Trial]
  package var results: [Result]
  package var profiling: Profiling
  package var flags: [Flag]
  /// The experiment whose arm this is, where there were several: their trials took turns.
  package var turns: String?

  package enum Status: String, Codable, Sendable {
    case complete, interrupted, failed
  }

  /// One resolved knob and where its value came from.
  package struct Setting: Codable, Sendable, Equatable {
    package var name: String
    package var value: String
    package var source: Source

    package enum Source: String, Codable, Sendable {
      case standard = "default"
      case flag, environment, preset, like, calibrated
    }

    package init(name: String, value: String, source: Source) {
      self.name = name
      self.value = value
      self.source = source
    }
  }

  package struct Dataset: Codable, Sendable, Equatable {
    /// `clustered`, `uniform`, or `file:<base name>`.
    package var kind: String
    package var rows: Int
    package var dimensions: Int
    package var metric: Metric
    package var queries: Int
    /// `heldout`, `stored` or `ood`.
    package var querySource: String
    /// Names the bytes: two runs with the same digest saw the same vectors and queries.
    package var digest: String

    package init(
      kind: String, rows: Int, dimensions: Int, metric: Metric, queries: Int, querySource: String,
      digest: String
    ) {
      self.kind = kind
      self.rows = rows
      self.dimensions = dimensions
      self.metric = metric
      self.queries = queries
      self.querySource = querySource
      self.digest = digest
    }
  }

  /// A stretch of the run, on the monotonic clock.
  ///
  /// Names: load, calibrate, open, warm, measure,
  /// capacity, score, close.
  package struct Phase: Codable, Sendable, Equatable {
    package var name: String
    /// Counted from 1; nil for what all trials share.
    package var trial: Int?
    package var startNanoseconds: UInt64
    package var endNanoseconds: UInt64

    package init(name: String, trial: Int?, startNanoseconds: UInt64, endNanoseconds: UInt64) {
      self.name = name
      self.trial = trial
      self.startNanoseconds = startNanoseconds
      self.endNanoseconds = endNanoseconds
    }

    /// Nothing where a file says that it ended before it began.
    package var seconds: Double {
      endNanoseconds < startNanoseconds ? 0 : Double(endNanoseconds - startNanoseconds) / 1e9
    }
  }

  /// One trial: a fresh process on its own copy of the loaded store.
  package struct Trial: Codable, Sendable, Equatable {
    package var number: Int
    package var status: Status
    /// Why it does not count, when it does not.
    package var problem: String?
    /// Operations finished in the measured phase, by kind.
    ///
    /// An insert or delete is one batch.
    package var operations: [String: Int]
    /// Vectors written in the measured phase.
    package var vectorsWritten: Int
    package var errors: Int
    package var measuredSeconds: Double
    /// What the process itself counted over the measured phase (getrusage).
    package var cpuSeconds: Double
    /// CPU inside engine calls and on engine threads, and CPU of the load generator, when known.
    package var cpuSecondsByRole: [String: Double]?
    package var sampling: SamplingQuality?

    package init(
      number: Int, status: Status, problem: String? = nil, operations: [String: Int] = [:],
      vectorsWritten: Int = 0, errors: Int = 0, measuredSeconds: Double = 0, cpuSeconds: Double = 0,
      cpuSecondsByRole: [String: Double]? = nil, sampling: SamplingQuality? = nil
    ) {
      self.number = number
      self.status = status
      self.problem = problem
      self.operations = operations
      self.vectorsWritten = vectorsWritten
      self.errors = errors
      self.measuredSeconds = measuredSeconds
      self.cpuSeconds = cpuSeconds
      self.cpuSecondsByRole = cpuSecondsByRole
      self.sampling = sampling
    }
  }

  /// One measured quantity: a value for each trial, and what they say together.
  package struct Result: Codable, Sendable, Equatable {
    /// Dotted, stable: `search.response.p99`, `throughput.achieved`, `search.recall`.
    package var name: String
    package var unit: MetricUnit
    package var direction: Direction
    package var operation: OperationKind?
    package var estimate: Estimate
    /// In the order of the trials that count.
    package var trials: [Double]
    /// How many observations stand behind it in all, such as latencies; nil where that means nothing.
    package var observations: Int?

    package init(
      name: String, unit: MetricUnit, direction: Direction, operation: OperationKind? = nil,
      estimate: Estimate, trials: [Double], observations: Int? = nil
    ) {
      self.name = name
      self.unit = unit
      self.direction = direction
      self.operation = operation
      self.estimate = estimate
      self.trials = trials
      self.observations = observations
    }
  }

  /// How the profiles were made, for the run as a whole; each trial has its own quality block.
  package struct Profiling: Codable, Sendable, Equatable {
    /// One of those below, in words for a report.
    package var method: String
    package static let kernelEvents = "kernel events of each thread"
    package static let processorEvents = "kernel events of each processor"
    package static let threadTimers = "thread timers and instrumented waits"
    package static let nothing = "none"
    /// What this machine or this user did not allow, in whole sentences, each with its way out.
    package var missing: [String]
    package var hertz: Double
    package var kinds: [ProfileKind]
    /// Share of the measured phases that the profiles cover, 0 … 1.
    package var windowOverlap: Double
    /// The sum over the trials.
    package var quality: SamplingQuality?
    /// Files whose functions have no names here; nil in runs of before this was told.
    package var unnamed: [Unnamed]?
    /// What watching cost, from spells with and without; nil where that was not measured.
    package var cost: Cost?

    /// What watching adds to the same work.
    package struct Cost: Codable, Sendable, Equatable {
      /// Relative: 0.01 is one percent more CPU.
      package var cpu: Estimate
      /// The same of a search's 99th percentile; nil with too few searches.
      package var searchP99: Estimate?
      /// Together, with and without.
      package var seconds: Double

      package init(cpu: Estimate, searchP99: Estimate?, seconds: Double) {
        (self.cpu, self.searchP99, self.seconds) = (cpu, searchP99, seconds)
      }
    }

    /// A file without names, and what that cost.
    package struct Unnamed: Codable, Sendable, Equatable {
      package var path: String
      package var buildID: String
      /// CPU samples that have a frame in it without a name.
      package var samples: Int
      /// The debug files that would have helped.
      package var lookedFor: [String]

      package init(path: String, buildID: String, samples: Int, lookedFor: [String]) {
        (self.path, self.buildID) = (path, buildID)
        (self.samples, self.lookedFor) = (samples, lookedFor)
      }
    }

    package init(
      method: String, missing: [String] = [], hertz: Double = 0, kinds: [ProfileKind] = [],
      windowOverlap: Double = 0, quality: SamplingQuality? = nil, unnamed: [Unnamed]? = nil
    ) {
      self.method = method
      self.missing = missing
      self.hertz = hertz
      self.kinds = kinds
      self.windowOverlap = windowOverlap
      self.quality = quality
      self.unnamed = unnamed
    }
  }

  /// Something a reader must know before trusting the run.
  package struct Flag: Codable, Sendable, Equatable {
    /// A stable name such as `noise.steal` or `store.memory-file-system`.
    package var id: String
    package var severity: Severity
    /// One whole sentence.
    package var message: String

    package enum Severity: String, Codable, Sendable { case note, warning, invalid }

    package init(id: String, severity: Severity, message: String) {
      self.id = id
      self.severity = severity
      self.message = message
    }
  }

  package init(
    status: Status, toolVersion: String, command: String, arguments: [String], replay: String,
    label: String? = nil, startedAt: String, durationSeconds: Double, seed: UInt64,
    settings: [Setting], dataset: Dataset?, phases: [Phase] = [], trials: [Trial] = [],
    results: [Result] = [], profiling: Profiling, flags: [Flag] = []
  ) {
    self.status = status
    self.toolVersion = toolVersion
    self.command = command
    self.arguments = arguments
    self.replay = replay
    self.label = label
    self.startedAt = startedAt
    self.durationSeconds = durationSeconds
    self.seed = seed
    self.settings = settings
    self.dataset = dataset
    self.phases = phases
    self.trials = trials
    self.results = results
    self.profiling = profiling
    self.flags = flags
  }

  package func result(_ name: String) -> Result? { results.first { $0.name == name } }

  package func setting(_ name: String) -> String? {
    settings.first { $0.name == name }?.value
  }
}
