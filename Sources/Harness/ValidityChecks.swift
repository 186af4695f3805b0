import Basics
import Measurement
package import RunRecords
import Vocabulary
import Workloads

/// What a reader must know before trusting what the trials measured, a flag each.
package struct ValidityChecks {
  private let trials: [TrialMerge.Finished]
  private let settings: WorkloadSettings

  package init(_ trials: [TrialMerge.Finished], _ settings: WorkloadSettings) {
    self.trials = trials
    self.settings = settings
  }

  package func flags() -> [RunRecord.Flag] {
    [
      nothingDue(), overload(), generatorLag(), lateBatches(), littlesLaw(), unsteady(), warmUp(),
      skipped(),
      lostGets(), unfound(), cold(),
    ].compactMap(\.self)
  }

  private func flag(
    _ id: String, _ severity: RunRecord.Flag.Severity, _ message: String
  ) -> RunRecord.Flag {
    RunRecord.Flag(id: id, severity: severity, message: message)
  }

  private func nothingDue() -> RunRecord.Flag? {
    let empty = trials.count { $0.outcome.arrivals == 0 && $0.outcome.skipped.isEmpty }
    if empty == 0 { return nil }
    return flag(
      "run.empty", .invalid,
      "In \(empty) of \(trials.count) trials no operation was due; offer a higher --rate or measure "
        + "longer.")
  }

  /// An engine that is offered more than it takes answers ever later.
  private func overload() -> RunRecord.Flag? {
    guard settings.arrival != .closed, let rate = settings.rate else { return nil }
    let achieved = trials.map { trial in
      Double(trial.outcome.arrivals + trial.outcome.skipped.values.reduce(0, +))
        / max(1e-9, trial.outcome.trial.measuredSeconds)
    }
    let behind = achieved.filter { $0 < 0.9 * rate }
    let left = trials.reduce(0) { $0 + ($1.outcome.neverBegun ?? 0) }
    // A handful of arrivals is as many as chance has it.
    guard let least = behind.min(), 2 * behind.count > trials.count || left > 0,
      rate * settings.measuredSeconds >= 100
    else { return nil }
    let stopped =
      left > 0
      ? " \(NumberText.count(left)) operations were never begun, for a trial ends when it is ten "
        + "times its length behind." : ""
    return flag(
      "run.overload", .warning,
      "Of \(NumberText.significant(rate)) operations offered a second \(NumberText.significant(least)) "
        + "were done: the engine was overloaded, and responses tell how long the run was.\(stopped)"
    )
  }

  /// A tenth of the median response.
  private static let lagShareMax = 0.1

  /// The lag of a late start is part of every response time above it.
  ///
  /// At p99 it touches one response in a hundred, so it is told; where the usual lag is a good part
  /// of the usual response, the responses say more about the generator than about the engine.
  private func generatorLag() -> RunRecord.Flag? {
    let medians = trials.compactMap { $0.latencies["search.response"]?.percentile(50) }
    guard settings.arrival != .closed, let median = medians.max(), median > 0 else { return nil }
    let response = Double(median) / 1e9
    let p50 = trials.map(\.outcome.generatorLagP50).max() ?? 0
    let p99 = trials.map(\.outcome.generatorLagP99).max() ?? 0
    guard p99 > Self.lagShareMax * response else { return nil }
    let isUsual = p50 > Self.lagShareMax * response
    return flag(
      "generator.lag", isUsual ? .warning : .note,
      "In the trial where they were latest, free workers began late by \(NumberText.duration(p50)) at p50 and "
        + "\(NumberText.duration(p99)) at p99, where half of the searches are answered within "
        + "\(NumberText.duration(response)); service times do not contain it.")
  }

  /// Of the pages of a store, more than so many that stayed make a start no cold one.
  private static let keptShareMax = 0.01

  /// What a cold run dropped, and whether the kernel listened.
  private func cold() -> RunRecord.Flag? {
    let starts = trials.compactMap(\.outcome.coldStart)
    guard let worst = starts.max(by: { $0.keptShare < $1.keptShare }) else { return nil }
    let what =
      "Before each trial opened its store, the \(worst.files) files of it "
      + "(\(NumberText.bytes(Double(worst.bytes)))) were dropped from the page cache"
    if let problem = starts.compactMap(\.problem).first {
      return flag(
        "cold.incomplete", .warning, "\(what), but not all would go: \(problem).")
    }
    let kept = NumberText.percent(worst.keptShare)
    if worst.keptShare > Self.keptShareMax {
      return flag(
        "cold.incomplete", .warning,
        "\(what), and \(kept) of their pages stayed, as on a file system that lives in memory: the "
          + "start was not cold. Name another place with --store-dir.")
    }
    return flag(
      "cold", .note,
      "\(what) (\(NumberText.percent(share(worst.before))) of their pages were there, \(kept) "
        + "stayed). What the disk or a hypervisor keeps of them cannot be dropped from here.")
  }

  private func share(_ residence: PageCache.Residence) -> Double {
    Double(residence.resident) / Double(max(1, residence.pages))
  }

  private func lateBatches() -> RunRecord.Flag? {
    let late = trials.reduce(0) { $0 + $1.outcome.lateBatches }
    guard settings.arrival != .closed, late > 0 else { return nil }
    return flag(
      "generator.late-batches", .warning,
      "\(NumberText.count(late)) batches were made while they were due, because more were written "
        + "than could be made ahead of time; their responses contain that.")
  }

  /// L = λW, the left side counted, the right side timed.
  ///
  /// The tolerance is a tenth, and three standard errors of the counted mean.
  private func littlesLaw() -> RunRecord.Flag? {
    for trial in trials {
      guard let seen = trial.outcome.concurrency else { continue }
      let expected = trial.outcome.expectedConcurrency
      let tolerance = 0.1 * max(expected, seen.mean) + 3 * seen.standardError
      if abs(seen.mean - expected) <= tolerance { continue }
      return flag(
        "littles-law", .warning,
        "In trial \(trial.outcome.trial.number) there were "
          + "\(NumberText.significant(seen.mean)) operations under way where rate and response time "
          + "speak of \(NumberText.significant(expected)); one of the three is measured wrongly.")
    }
    return nil
  }

  private func unsteady() -> RunRecord.Flag? {
    let known = trials.compactMap { $0.outcome.concurrency?.isSteady }
    let restless = known.count { !$0 }
    guard settings.arrival != .closed, known.count > 0, 2 * restless > known.count else {
      return nil
    }
    return flag(
      "run.unsteady", .warning,
      "The number of operations under way did not settle in \(restless) of \(known.count) trials; "
        + "measure longer, warm up longer, or offer less.")
  }

  private func warmUp() -> RunRecord.Flag? {
    let tried = trials.compactMap(\.outcome.warmUp)
    let failed = tried.count { $0.steadyAfter == nil }
    guard failed > 0 else { return nil }
    return flag(
      "warmup.unsteady", .warning,
      "No steady state was found within \(NumberText.duration(settings.warmSeconds)) of warm-up in "
        + "\(failed) of \(tried.count) trials; they were measured all the same.")
  }

  private func skipped() -> RunRecord.Flag? {
    let skipped = trials.reduce(0) { $0 + $1.outcome.skipped.values.reduce(0, +) }
    if skipped == 0 { return nil }
    return flag(
      "run.skipped", .warning,
      "\(NumberText.count(skipped)) operations found no key to work on and were left out; the set "
        + "was empty or all of it was being written to.")
  }

  private func lostGets() -> RunRecord.Flag? {
    let lost = trials.reduce(0) { $0 + $1.outcome.lostGets }
    if lost == 0 { return nil }
    return flag(
      "get.lost", .invalid,
      "\(NumberText.count(lost)) gets did not find an id that was acknowledged and not deleted.")
  }

  private func unfound() -> RunRecord.Flag? {
    let unfound = trials.reduce(0) { $0 + $1.outcome.unfound }
    let all = trials.reduce(0) { $0 + $1.outcome.lookedFor }
    if unfound == 0 { return nil }
    return flag(
      "insert.unfound", .warning,
      "\(unfound) of \(all) inserts were not found by a search for their own vector within a second; "
        + "they are late, or the index does not find them at this ef.")
  }
}
