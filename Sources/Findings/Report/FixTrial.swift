import RunRecords
import Vocabulary

/// How the first fix of a finding is tried, where the words of its rule do not say it: they depend on
/// the run.
struct FixTrial: Sendable {
  var commands: [String]
  /// Which result must move, in which direction, and how far.
  var passes: Prose
}

extension FixTrial {
  /// The run once more with other options.
  ///
  /// - Parameters:
  ///   - flags: What is tried: `--concurrency 2`.
  ///   - settings: Those that `compare` would refuse to overlook; the change is in them.
  ///   - evidence: The run.
  ///   - passes: What must be seen.
  /// - Returns: The run and its comparison.
  static func again(
    _ flags: String, allowing settings: [String] = [], _ evidence: Evidence, passes: Prose
  ) -> FixTrial {
    let folder = SourceCommand(path: evidence.run.path).folderWord
    let command = SourceCommand.quoted(evidence.record?.command ?? "market")
    let allow = settings.isEmpty ? "" : " --allow \(settings.joined(separator: ","))"
    return FixTrial(
      commands: [
        "vbench \(command) \(flags) --like \(folder) --label after",
        "vbench compare\(allow) \(folder) Profiles/latest",
      ], passes: passes)
  }

  /// Searches of the same data over a range of a knob; `sweep` builds an index of its own.
  static func sweep(over values: String, _ evidence: Evidence, passes: Prose) -> FixTrial {
    let own = (evidence.record?.settings ?? []).filter {
      $0.source != .standard && sweepFlags.contains($0.name)
    }.map { " --\($0.name) \(SourceCommand.quoted(SourceCommand.scrubbed($0.value)))" }
    return FixTrial(
      commands: ["vbench sweep\(own.joined()) --over \(values)"], passes: passes)
  }

  /// What `sweep` and a workload both know.
  private static let sweepFlags: Set<String> = [
    "dataset", "dims", "data", "queries", "metric", "top-k", "seed", "m", "ef-construction",
    "kernel", "scratch", "visited",
  ]
}

extension FindingMaker {
  func verification(
    _ text: Rule.Text, _ seen: Observation, _ slice: ProfileSlice?
  ) -> Finding.Verification {
    guard evidence.record != nil else {
      return Finding.Verification(
        commands: ["vbench compare \(commands.folderWord) NEW"],
        passes:
          "what this finding counts is less in NEW, the same profiles under the same load"
      )
    }
    if let trial = seen.trial {
      return Finding.Verification(commands: trial.commands, passes: trial.passes)
    }
    var passes = Prose(text.passes)
    if let share = seen.share {
      passes =
        "the share falls below \(Wording.percent(share.low)) and \(falling(seen, slice)) (`compare` says better)"
    } else if text.passes.isEmpty {
      passes = "`cpu.per.operation` falls (`compare` says better)"
    }
    return Finding.Verification(
      commands: [
        "vbench \(repetition(text.verify)) --like \(commands.folderWord) --label after",
        "vbench compare\(allowance(text.verify)) \(commands.folderWord) Profiles/latest",
      ], passes: passes)
  }

  /// What `compare` would refuse to overlook of the change itself.
  private func allowance(_ words: String) -> String {
    words.hasPrefix("--durability") ? " --allow durability" : ""
  }

  /// The result that must fall with the share: CPU of the operation, or its time.
  private func falling(_ seen: Observation, _ slice: ProfileSlice?) -> Prose {
    guard let slice else { return "the metric improves" }
    var names = ["cpu.per.\(slice.operation ?? "operation")", "cpu.per.operation"]
    if slice.kind == .mutex || slice.kind == .block {
      let rows = slice.rows { sample in
        seen.matches?(sample) == true ? [sample.operation ?? ""] : []
      }
      names = rows.map { "\($0.name).service.mean" } + ["search.service.mean"]
    }
    let known = names.first { evidence.record?.result($0) != nil }
    return known.map { "\(name: $0) falls" } ?? "the metric improves"
  }

  /// The run once more: of the flags that a rule proposes those that would change anything, or
  /// another command where the rule names one.
  private func repetition(_ words: String) -> String {
    if !words.isEmpty, !words.hasPrefix("--") { return words }
    let command = evidence.record?.command ?? "market"
    let flag = words.split(separator: " ").map(String.init)
    guard flag.count == 2 else { return command }
    let name = String(flag[0].dropFirst(2))
    return evidence.record?.setting(name) == flag[1] ? command : "\(command) \(words)"
  }
}
