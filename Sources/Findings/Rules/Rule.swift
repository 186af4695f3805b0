import RunRecords
import Vocabulary

/// A rule as a plain value: where it looks, when it fires, and what it says then.
///
/// The words are constant; the numbers and names come from the condition. Severity, confidence and
/// rank are not a rule's business: `FindingMaker` derives them the same way for all.
struct Rule: Sendable {
  let id: String
  let title: String
  let place: Place
  let condition: @Sendable (Scene) -> Condition
  let text: Text
  /// A cap on what the formula says; nil means none.
  var severityCap: Severity?
  /// How near to a cause it comes, where several rules see the same stacks.
  var depth = Depth.work
  /// It asks for what only a run that vbench made itself records.
  var asksForOwnRun = false

  /// What gates know the rule by.
  ///
  /// They name families, and C stands for what rests on the CPU profile.
  var gateName: String {
    switch place.kind {
    case .cpu: "C \(id)"
    case .heap: "heap \(id)"
    case .mutex, .block: id
    }
  }

  /// Which slices of which profiles a rule is asked about.
  struct Place: Sendable {
    var kind: ProfileKind
    var operations: Operations

    enum Operations: Sendable {
      /// Each labeled operation in turn, or the whole role when it has no labels.
      case each
      /// Only these operations; a role without labels is taken whole.
      case only([OperationKind])
      /// The whole role, once.
      case together
      /// Only what is labeled as this operation.
      case named(String)
    }

    static func cpu(_ operations: Operations = .each) -> Place {
      Place(kind: .cpu, operations: operations)
    }
  }

  struct Text: Sendable {
    var means: [String]
    var doesNotMean: String
    var ruledOut: [String] = []
    var advice: [Recommendation]
    var falsifier: String
    /// The flag that would show the difference in another run.
    var verify: String = ""
    /// Of a rule without a share: which result must move, and in which direction.
    var passes: String = ""
  }
}

/// A rule about the run as a whole, whose numbers are in run.json and not in a profile.
struct RunRule: Sendable {
  let id: String
  let title: String
  let condition: @Sendable (Evidence, SourceCommand) -> Condition
  let text: Rule.Text
  /// The severity of such a rule does not come from a share.
  let severity: Severity
}

/// What a rule sees: the evidence as a whole and the slice it is asked about.
struct Scene: Sendable {
  let evidence: Evidence
  let role: RoleEvidence
  let slice: ProfileSlice

  var thresholds: Thresholds { evidence.thresholds }

  var commands: SourceCommand { SourceCommand(path: evidence.run.path) }

  /// `search on engine`, `worker`.
  var place: Prose {
    slice.operation.map { "\(name: $0) in \(name: role.name)" } ?? "\(name: role.name)"
  }

  /// CPU or wait time for one operation, where the run counted operations of this kind.
  func perOperation(_ seconds: Double) -> String? {
    guard let operation = slice.operation else { return nil }
    let count = evidence.operations(operation)
    return count > 0 ? "\(Wording.seconds(seconds / Double(count))) per \(operation)" : nil
  }
}

/// What a rule says about a scene.
enum Condition: Sendable {
  case fires(Observation)
  case clean(Prose)
  /// There is not one of the functions that the rule looks for.
  case absent
  /// It is there, and another rule tells it: neither a finding nor clean.
  case toldElsewhere
  case notEvaluable(String)
}

/// What a rule that fired has seen.
struct Observation: Sendable {
  var title: Prose
  var share: Share?
  var evidence: [EvidenceItem]
  /// The stacks behind the share, for joint bounds over the union of several findings.
  var matches: (@Sendable (StackSample) -> Bool)?
  var gain: Gain
  /// More sentences for this case.
  var means: [Prose] = []
  /// Kinds of evidence that agree, such as a profile and a counter.
  var evidenceKinds = 1
  /// The stacks behind it in each profile that has some, first the one its share is of; empty where
  /// `matches` says it all.
  var footprints: [Footprint] = []
  /// For this case, where it comes nearer to the cause than the rule does elsewhere.
  var depth: Depth?
  /// Advice for this case that helps more than the rule's own, and so comes before it.
  var firstAdvice: [Recommendation] = []
  /// Advice for this case, after the rule's own.
  var advice: [Recommendation] = []
  /// True when only a name pattern speaks for it.
  var byNameOnly = false
  /// The share is of what requests wait for: it matters although nobody timed the requests.
  var isOfRequests = false
  /// The share is of the time of requests or operations, and nobody can say what it is worth.
  var isOfWaiting = false
  /// A cap for this case, beside the rule's own.
  var severityCap: Severity?
  /// The profile that the share is of, where it is not the one the rule was asked about; of a rule
  /// about the run, the CPU that the finding is about.
  var weighed: ProfileSlice?
  /// How its first fix is tried, where the rule's own words do not say it.
  var trial: FixTrial?

  enum Gain: Sendable {
    /// Removing it frees CPU of the whole process.
    case ofCPU
    /// Making it so many times faster does.
    case ofCPUSpeedUp(Double)
    /// Removing the wait shortens this time, which is the whole of the share.
    case ofTime(String)
    case notBounded(String)
    /// Nothing would be gained, and why.
    case nothing(String)
  }
}
