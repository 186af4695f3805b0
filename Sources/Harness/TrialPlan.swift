package import Basics
package import RunRecords
package import VectorIndex

/// What a trial's process is told: everything it needs and nothing it must look up.
package struct TrialPlan: Codable, Sendable, Equatable {
  package var settings: WorkloadSettings
  package var number: Int
  /// The trial's own copy of the loaded store.
  package var storePath: String
  /// Where it leaves `outcome.json`, `latency.hlog` and `recall.jsonl`.
  package var outputPath: String
  /// Calibration measures capacity only.
  package var isCalibration: Bool
  /// Whether the trial records its own CPU and waits, because nobody else may.
  package var watchesItself = false
  /// How long the watcher goes on and off behind the measured phase, to find what watching costs.
  package var spellSeconds = 0.0

  package init(
    settings: WorkloadSettings, number: Int, storePath: String, outputPath: String,
    isCalibration: Bool = false
  ) {
    self.settings = settings
    self.number = number
    self.storePath = storePath
    self.outputPath = outputPath
    self.isCalibration = isCalibration
  }
}

/// What comes back from a trial, beside its latencies.
package struct TrialOutcome: Codable, Sendable, Equatable {
  package var trial: RunRecord.Trial
  package var phases: [RunRecord.Phase] = []
  package var arrivals = 0
  /// Operations that were due and never begun, because the engine was too far behind.
  package var neverBegun: Int?
  /// Finished arrivals a second in the closed loop behind the measured phase.
  package var capacity = 0.0
  /// The cores that were busy meanwhile, client and engine together.
  package var capacityCores = 0.0
  /// What the measured phase cost the index by its own count, by kind of work.
  package var work: [String: GraphWork] = [:]
  /// Inside engine calls, by operation, in seconds of CPU.
  package var engineCPUSeconds: [String: Double] = [:]
  /// What the responses of the measured phase were made of, by operation.
  package var parts: [String: ResponseParts] = [:]
  package var generatorLagP50 = 0.0
  package var generatorLagP99 = 0.0
  /// What a second witness saw of the operations under way; nil when it saw too little.
  package var concurrency: ConcurrencyGauge.Reading?
  /// Rate times mean response: what it should have seen.
  package var expectedConcurrency = 0.0
  package var warmUp: WarmUp?
  /// Inserts that were looked for, and those of them that were there and yet not found.
  package var lookedFor = 0
  package var unfound = 0
  /// Recall of a set that rests: before the first write, and after the last.
  package var recallBefore: Double?
  package var recallAfter: Double?
  package var lateBatches = 0
  /// Vectors brought or removed in the measured phase, by operation.
  package var vectors: [String: Int] = [:]
  /// Operations of the measured phase for which there was no key.
  package var skipped: [String: Int] = [:]
  /// Gets that found nothing though the id was certainly there.
  package var lostGets = 0
  /// Ids in the store before the measured phase and behind it, by its acknowledgements.
  package var liveBefore = 0
  package var liveAfter = 0
  package var recall: Recall?
  /// Of the filtered searches, by the name of the part.
  package var recallByPart: [String: Recall] = [:]
  package var seconds: [WorkerLog.Second] = []
  package var walBytes: UInt64 = 0
  package var commits = 0
  package var syncs = 0
  package var storeRows = 0
  package var openSeconds = 0.0
  /// What was dropped before the store was opened; nil where nothing was to be.
  package var coldStart: ColdStart?
  package var stealShare: Double?
  package var otherProcessesCPU: Double?
  /// What the kernel counted in the measured phase.
  package var counters = ProcessCounters()
  /// What the storage engine did, with the time since the measured phase began.
  package var events: [Event] = []
  package var notes: [String] = []
  package var errors: String?
  /// The searches of the phase in which the watcher went on and off.
  package var spellSearches: [SearchMoment] = []

  /// When a search began, and how long after its due time it was answered.
  package struct SearchMoment: Codable, Sendable, Equatable {
    package var start: UInt64
    package var response: UInt64
  }

  package struct Event: Codable, Sendable, Equatable {
    package var name: String
    package var seconds: Double
  }

  /// How a warm-up ended that looks for a steady state itself.
  package struct WarmUp: Codable, Sendable, Equatable {
    package var seconds: Double
    /// When the steady state began; nil when none was found.
    package var steadyAfter: Double?
  }

  package struct Recall: Codable, Sendable, Equatable {
    package var lower: Double
    package var upper: Double
    package var samples: Int
  }
}

/// How a trial's process talks to the process that watches it.
package protocol TrialGate: Sendable {
  /// The measured phase is about to begin; returns when the watcher is ready.
  func measurementWillBegin()
  /// The measured phase is over; returns when the watcher has stopped.
  func measurementDidEnd()
  /// The same work goes on, for a while in which the watcher is on and off in turns.
  func spellsWillBegin(_ meter: WorkMeter)
  func spellsDidEnd()
}
