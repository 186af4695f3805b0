import RunRecords
import Vocabulary

/// What the chapters of a report could not say, with the reason: silence would pass for an answer.
struct ChapterLimits {
  let evidence: Evidence
  let findings: [Finding]
  let hasTargets: Bool

  var list: [NotEvaluable] {
    [
      entry("Files and lines", lines), entry("Thread states", states), entry("Projection", bounds),
      entry("Targets", hasTargets ? nil : "no file of targets was given (`--targets FILE`)"),
      entry("Stability", trials), entry("Simulated caches", evidence.run.simulatedCacheProblem),
    ].compactMap(\.self)
  }

  private func entry(_ title: String, _ reason: String?) -> NotEvaluable? {
    reason.map { NotEvaluable(rule: "Chapter", title: title, reason: $0) }
  }

  private var lines: String? {
    let knows = evidence.roles.contains { role in
      role.profiles.values.contains { !$0.table.files.isEmpty }
    }
    return knows
      ? nil : "the profiles name functions without file and line, so code is named by function"
  }

  private var states: String? {
    evidence.roles.contains { $0.profiles[.block] != nil }
      ? nil : "the run has no block profile, so only running threads were seen"
  }

  private var bounds: String? {
    let limit = LimitingResource.of(evidence)
    return limit.isCPU
      ? nil : "gains are bounded where CPU is what runs out, and \(limit.reason)"
  }

  private var trials: String? {
    evidence.trials.count > 1 ? nil : "fewer than two trials ended well"
  }
}
