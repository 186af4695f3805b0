import Vocabulary

/// A fault that is known to be there, and what a report must say about it.
struct Plant: Sendable {
  let name: String
  /// What was planted, in a few words.
  let fault: String
  /// The rules that may speak of it, each as good as the other.
  let rules: [String]
  let program: PlantedProgram
  /// The same with too little of the fault: the rules must be silent.
  let nearMiss: PlantedProgram?
  /// What is taken away so that the rules cannot be evaluated.
  var blindness: Blindness?
  /// With this much of the fault the twin is no near miss; set where a busy machine can make it so.
  var missBelow: Double?
  var truth = Truth.share
  /// Rules that may stand before the fault's own, because they speak of the same thing more
  /// generally.
  var mayPrecede: Set<String> = []
  /// Rules beside it that say something true about the same program.
  var alsoTrue: Set<String> = []

  /// What the share in the finding is held against.
  enum Truth: Sendable {
    /// The program's own clocks, within three points.
    case share
    /// The delay of all locks, as threads that wait on average.
    case lockDelay
    /// At least what the option costs in this result, run against run.
    case costOver(String)
    /// Nothing is counted: it must only be found.
    case presence

    var isCounted: Bool {
      switch self {
      case .share, .lockDelay: true
      case .costOver, .presence: false
      }
    }
  }

  /// What keeps a rule from being evaluated.
  enum Blindness: Sendable {
    case without(ProfileKind)
    case withoutKernelFrames
    case withoutResults(String)
    case withoutInstructionSets
  }
}

/// A run that has no fault, in which nothing of weight may be found.
struct CleanControl: Sendable {
  let name: String
  let what: String
  let program: PlantedProgram
}

/// How a program with a known fault is made and watched.
enum PlantedProgram: Sendable, Hashable {
  /// This program as a rehearsal, recorded by `vbench record`.
  case rehearsal(String, permille: Int, milliseconds: Int)
  /// Compiled by Go, profiled by Go's own profiler.
  case go(String, permille: Int, milliseconds: Int)
  /// The same with calls into C.
  case goWithC(permille: Int, milliseconds: Int)
  /// Compiled by the C compiler, recorded by `vbench record`.
  case c(milliseconds: Int)
  /// A workload command on the embedded engine.
  case engine([String])

  var command: String {
    switch self {
    case .rehearsal(let name, let permille, let length):
      "vbench record -- vbench __rehearse plant:\(name):\(permille):\(length)"
    case .go(let mode, let permille, let length): "go: plants \(mode) \(permille) \(length)"
    case .goWithC(let permille, let length): "go with C: plants \(permille) \(length)"
    case .c(let length): "vbench record -- clean \(length)"
    case .engine(let words): "vbench \(words.joined(separator: " "))"
    }
  }
}
