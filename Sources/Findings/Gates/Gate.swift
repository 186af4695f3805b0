/// A question about the quality of the run or of its profiles, with what depends on the answer.
package struct GateResult: Codable, Sendable, Equatable {
  package var id: String
  package var title: String
  package var state: State
  package var observation: Prose
  /// What a reader should make of it, when it did not pass.
  package var consequence: String
  package var source: EvidenceItem.Source?

  package enum State: String, Codable, Sendable {
    case pass, warning, fail
    case notEvaluable = "not evaluable"
  }
}

/// A gate as a plain value: the question, and what a bad answer does to the findings.
struct Gate: Sendable {
  let id: String
  let title: String
  let question: @Sendable (Evidence, SourceCommand) -> Answer
  /// Said when the gate warns or fails.
  let consequence: String
  var effect: Effect = .lowersConfidence(ofRules: [])

  enum Answer: Sendable {
    case pass(Prose, EvidenceItem.Source?)
    case warn(Prose, EvidenceItem.Source?)
    case fail(Prose, EvidenceItem.Source?)
    case notEvaluable(String)
  }

  /// What a failing gate does.
  ///
  /// Rules are named by the beginning of their id; an empty list means all of them.
  enum Effect: Sendable {
    case lowersConfidence(ofRules: [String])
    case suppresses(rules: [String])
  }

  func result(_ evidence: Evidence, _ commands: SourceCommand) -> GateResult {
    let (state, observation, source): (GateResult.State, Prose, EvidenceItem.Source?) =
      switch question(evidence, commands) {
      case .pass(let text, let source): (.pass, text, source)
      case .warn(let text, let source): (.warning, text, source)
      case .fail(let text, let source): (.fail, text, source)
      case .notEvaluable(let reason): (.notEvaluable, Prose(reason), nil)
      }
    return GateResult(
      id: id, title: title, state: state, observation: observation,
      consequence: state == .warning || state == .fail ? consequence : "", source: source)
  }
}

enum GateBook {
  static let gates = Gate.sampling + Gate.workload + Gate.audit
}

/// The answers of all gates, and what they do to rules.
struct GateReport: Sendable {
  let results: [GateResult]
  private let failing: [Gate]

  init(_ evidence: Evidence, _ commands: SourceCommand) {
    results = GateBook.gates.map { $0.result(evidence, commands) }
    failing = zip(GateBook.gates, results).filter { $0.1.state == .fail }.map(\.0)
  }

  /// The gate that makes this rule's answer worthless, if one does.
  func suppressing(_ rule: String) -> Gate? {
    failing.first { gate in
      if case .suppresses(let rules) = gate.effect { Self.covers(rules, rule) } else { false }
    }
  }

  /// The failing gates that make this rule's answer less sure.
  func capping(_ rule: String) -> [String] {
    failing.filter { gate in
      if case .lowersConfidence(let rules) = gate.effect { Self.covers(rules, rule) } else { false }
    }.map(\.id)
  }

  private static func covers(_ rules: [String], _ rule: String) -> Bool {
    rules.isEmpty || rules.contains { rule.hasPrefix($0) }
  }
}
