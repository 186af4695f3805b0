package import Comparison
package import Measurement
package import RunRecords
package import Vocabulary

/// What a run shows, in one value: the source from which Markdown and JSON are made.
///
/// The order of everything in it is fixed by the evidence, so the same run gives the same report.
package struct FindingsReport: Codable, Sendable, Equatable {
  package static let currentSchema = 2

  package var schema = FindingsReport.currentSchema
  package var run: String
  /// What limits, what costs most, how far to trust it; of services also what each does.
  package var verdict: [Prose]
  package var card: [CardRow]
  /// How the profiles were made and why in that way.
  package var method: Prose
  package var gates: [GateResult]
  package var collected: [CollectedFile]
  package var results: [ResultRow]
  package var roles: [RoleReport]
  package var timeSplits: [TimeSplit]
  /// Of services: nothing where operations are known, and where no request is.
  package var requests: [RequestStates]? = nil
  package var findings: [Finding]
  package var jointBound: GainBound
  /// The same with the findings that have a ceiling only; nil where there is none of those.
  package var jointCeiling: JointCeiling? = nil
  /// Which operations and roles use the CPU; nil where no sample says of what operation it is.
  package var cpuUse: CPUUse? = nil
  package var implications: [Implication]
  package var latencyChain: [Prose]
  package var waits: [WaitRow]
  package var systemCalls: [SystemCallRow]
  package var clean: [CheckedClean]
  package var notEvaluable: [NotEvaluable]
  package var suppressed: [Suppressed]
  package var nextExperiments: [Experiment]
  package var commands: [CommandLine]
  /// What `compare` says against an earlier run, when one was given.
  package var comparison: RunComparison?
  /// What contradicted itself and was left out; nil when everything holds.
  package var refused: [Refusal]? = nil

  /// What a model of the caches made of the workload; nil where nobody asked for it.
  package var simulatedCache: SimulatedCache? = nil

  // Chapters that not every style prints.
  package var counters: CounterTable
  package var allocations: AllocationTable
  package var usage: [ResourceUse]
  package var threadStates: [ThreadStates]
  package var timeTrees: [TimeTree]
  package var latencyTail: [Reading]
  package var projections: [ProjectionStep]
  package var stability: Stability?
  package var stabilityOverRuns: Stability?
  package var targets: TargetGaps?
  package var extensions: [Experiment]
  package var files: [RunFolder.StoredFile]
  package var flames: [FlameTree]
  /// What the reader was offered and did not get, with the reason, beside the rules above.
  package var limitsOfChapters: [NotEvaluable]

  /// One fact about the run.
  package struct CardRow: Codable, Sendable, Equatable {
    package var label: String
    package var value: Prose
  }

  package struct ResultRow: Codable, Sendable, Equatable {
    package var name: String
    package var unit: MetricUnit
    package var estimate: Estimate
    package var observations: Int?
    /// One value for each trial.
    package var trials: [Double]
    package var direction: Direction
  }

  /// Advice for one role, under the finding it follows from.
  package struct Implication: Codable, Sendable, Equatable {
    package var finding: String
    package var statement: Prose
    package var advice: [String]
  }

  package struct Experiment: Codable, Sendable, Equatable {
    package var statement: Prose
    package var command: String?
  }

  package struct CommandLine: Codable, Sendable, Equatable {
    package var group: String
    package var command: String
  }
}

/// What the profiles of one role say, in the order CPU, locks, waits.
package struct RoleReport: Codable, Sendable, Equatable {
  package var name: String
  package var members: [String]
  package var character: Character
  package var cpuSeconds: Double?
  package var shareOfAllCPU: Double?
  /// On average over the window, of each replica.
  package var busyCores: Double?
  package var statements: [Statement]

  package enum Character: String, Codable, Sendable {
    case idle, light, loaded
    case unknown = "not known"
  }

  /// One heading of the summary: numbers, then what to make of them.
  package struct Statement: Codable, Sendable, Equatable {
    package var kind: ProfileKind
    package var operation: String?
    package var title: Prose
    package var files: [String]
    package var bullets: [EvidenceItem]
    package var interpretation: [Prose]
  }
}

/// Where the mean time of one operation goes.
///
/// The parts and the rest add up to the whole.
package struct TimeSplit: Codable, Sendable, Equatable {
  package var operation: String
  package var count: Int
  /// Mean time inside the operation.
  package var service: Double
  package var parts: [Part]
  /// What no profile explains; negative when the parts exceed the whole.
  package var rest: Double
  /// What the rest may be, which depends on the profiles there are.
  package var restMeaning: String

  package struct Part: Codable, Sendable, Equatable {
    package var name: String
    package var seconds: Double
  }
}

/// Why no report could be made.
package enum FindingsError: Error, Equatable, CustomStringConvertible {
  case nothingToReport(run: String)
  /// A targets file with an error.
  case badTargets(file: String, line: Int, column: Int, sentence: String)

  package var description: String {
    switch self {
    case .nothingToReport(let run):
      "\(run) holds neither a run.json nor a profile that can be read; "
        + "name a run directory or a directory of <role>_<kind>.pprof files."
    case .badTargets(let file, let line, let column, let sentence):
      "\(file):\(line):\(column): \(sentence)."
    }
  }
}
