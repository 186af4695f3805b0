import Harness
import RunRecords

/// One workload command: its points, each with a run directory of its own.
///
/// Points that run on the same loaded store take turns, trial by trial, so that a drift of the
/// machine takes from all alike; each is offered half of its own capacity, unless a rate is given.
struct WorkloadRun {
  let name: String
  let arms: [Arm]
  let progress: Progress

  init(_ invocation: Invocation, notes: [String] = []) throws {
    name = invocation.command.name
    let points = Points(invocation)
    arms = try points.each.map { point in
      try Arm(
        point.invocation, title: point.title, label: point.label,
        replayWords: point.replayWords, notes: notes)
    }
    progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
  }

  /// The only arm's settings, for commands that know no points.
  var reader: SettingsReader { arms[0].reader }

  /// Runs it all; `finished` is told of the runs of each group of points as soon as they are whole.
  func execute(
    finished: (Experiment.Outcome) throws -> Void = { _ in }
  ) throws -> Experiment.Outcome {
    var all = Experiment.Outcome(runs: [], isInterrupted: false)
    for group in groups where !all.isInterrupted {
      let outcome = try Experiment(
        arms: group, rounds: group[0].settings.trials, progress: progress, sharesRate: false
      ).execute()
      try finished(outcome)
      all.runs += outcome.runs
      all.isInterrupted = outcome.isInterrupted
    }
    return all
  }

  /// Points that run on the same loaded store, in the order they were typed.
  private var groups: [[Arm]] {
    arms.reduce(into: []) { groups, arm in
      if let last = groups.last?.first, last.settings.loadsLike(arm.settings) {
        groups[groups.count - 1].append(arm)
      } else {
        groups.append([arm])
      }
    }
  }
}

/// The points that a command line asks for: every combination of the lists in it.
struct Points {
  struct Point {
    let invocation: Invocation
    /// Empty where there is one point only.
    let title: String
    let label: String?
    let replayWords: [String]
  }

  let each: [Point]

  /// Flags that take a list, and the short name of a point's value.
  static let lists: [(flag: String, short: String)] = [("dims", "d"), ("concurrency", "c")]

  init(_ invocation: Invocation) {
    let given = Self.lists.filter { (invocation.list($0.flag)?.count ?? 0) > 1 }
    var points: [(Invocation, title: [String], label: [String], words: [String])] = [
      (invocation, [], [], [])
    ]
    for (flag, short) in given {
      let values = invocation.list(flag) ?? []
      points = points.flatMap { point in
        values.map { value in
          (
            point.0.replacing(flag, with: value), point.title + ["\(flag) \(value)"],
            point.label + [short + value], point.words + ["--\(flag)", value]
          )
        }
      }
    }
    // How a run was shown is no part of what it measured.
    let shown = ["label", "quiet", "json", "output", "color"]
    let words = ReplayWords.without(Set(given.map(\.flag) + shown), in: invocation)
    each = points.map { point in
      let parts = [invocation.text("label")].compactMap(\.self) + point.label
      return Point(
        invocation: point.0, title: point.title.joined(separator: ", "),
        label: parts.isEmpty ? nil : parts.joined(separator: "-"),
        replayWords: words + point.words)
    }
  }
}
