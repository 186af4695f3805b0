import Comparison
import Measurement
import RunRecords

extension ABCommand {
  /// The pairs of an experiment and what they say, with a second experiment where the first one
  /// would stop somebody.
  struct Measured {
    let outcome: Experiment.Outcome
    let forecast: Detectability?
    let sources: [RunFolder]
    let options: ComparisonOptions
    private(set) var comparison: RunComparison
    private(set) var isInterrupted: Bool

    init(
      _ outcome: Experiment.Outcome, _ forecast: Detectability?, _ invocation: Invocation
    ) throws {
      if outcome.isInterrupted, outcome.runs.contains(where: \.arm.finished.isEmpty) {
        throw Failure(
          .interrupted, "Interrupted before the first pair; there is nothing to compare.")
      }
      var options = ComparisonOptions(
        allow: Set(invocation.list("allow") ?? []).union(
          Self.differing(outcome.runs.map(\.record))),
        procedure: .paired(minimumEffect: invocation.ratio("gate") ?? 0.03))
      options.gate = invocation.ratio("gate")
      let sources = try outcome.runs.map { try RunSource.open($0.path) }
      comparison = try Self.compare(sources, options)
      (self.outcome, self.forecast) = (outcome, forecast)
      (self.sources, self.options) = (sources, options)
      isInterrupted = outcome.isInterrupted
    }

    var mustBeSeenAgain: Bool { comparison.gate?.outcome == .failed && !isInterrupted }

    /// Measures again; an interrupt takes the second word away, and the answer is the first one's.
    ///
    /// It does so whether trials were under way or the experiment had not come that far.
    mutating func confirm(by measure: () throws -> Experiment.Outcome) throws {
      do {
        let second = try measure()
        guard !second.isInterrupted else { return isInterrupted = true }
        let again = try Self.compare(second.runs.map { try RunSource.open($0.path) }, options)
        comparison.gate?.confirm(by: again)
      } catch let failure as Failure where failure.status == .interrupted {
        isInterrupted = true
      }
    }

    private static func compare(
      _ sources: [RunFolder], _ options: ComparisonOptions
    ) throws -> RunComparison {
      do {
        return try Comparer.compare(base: sources[0], new: sources[1], options: options)
      } catch { throw Failure(.notComparable, "\(error)") }
    }

    /// Settings in which the arms were made to differ.
    private static func differing(_ arms: [RunRecord]) -> Set<String> {
      Set(arms.flatMap(\.settings).map(\.name)).filter {
        arms[0].setting($0) != arms[1].setting($0)
      }
    }
  }
}
