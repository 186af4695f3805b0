import Harness
import Measurement
import RunRecords
import Vocabulary
import Workloads

/// What a workload command prints: one readable block.
enum ResultText {
  static func of(
    _ record: RunRecord, _ path: String, _ simulated: SimulatedCache? = nil
  ) -> String {
    var lines = [headline(record), ""]
    lines.append(row("", ["mean", "95 % interval", "trials", "observations"]))
    for name in shown {
      if let result = record.result(name) { lines.append(line(result)) }
    }
    lines += record.results.filter(isOfFilter).map(line)
    lines += sampling(record)
    if let simulated { lines += [""] + SimulatedText.lines(simulated) + [""] }
    for flag in record.flags { lines.append("\(flag.severity.rawValue): \(flag.message)") }
    for trial in record.trials where trial.status != .complete {
      lines.append("trial \(trial.number) does not count: \(trial.problem ?? "it did not finish")")
    }
    if record.status == .interrupted {
      lines.append("interrupted: what was measured by then is saved.")
    }
    lines += ["", "replay: \(record.replay)", "Results in \(path)"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let shown = [
    "throughput.offered", "throughput.achieved", "capacity", "capacity.cores", "search.rate",
    "insert.vectors",
    "search.response.p50", "search.response.p99", "search.service.p50", "insert.response.p50",
    "insert.response.p99", "upsert.response.p50", "upsert.response.p99", "delete.service.p50",
    "get.response.p50", "get.response.p99", "search.hot.response.p50", "search.cold.response.p50",
    "insert.searchable_lag.p50", "insert.searchable_lag.max", "live.change", "skipped",
    "search.recall", "search.recall.upper", "recall.before", "recall.after",
    "cold.open", "cold.pages.kept", "cold.open.device",
    "warmup.steady.after", "concurrency.seen", "concurrency.expected",
    "allocations.per.search", "allocated.per.search", "allocations.per.insert",
    "distances.per.search", "cpu.per.search",
    "cpu.per.insert", "cpu.per.delete", "client.cpu.share",
    "wal.bytes.per.vector",
    "generator.lag.p99", "errors", "load.seconds",
  ]

  /// How a filtered search fares at each selectivity.
  private static func isOfFilter(_ result: RunRecord.Result) -> Bool {
    guard result.name.hasPrefix("search.sel_") else { return false }
    return ["response.p50", "response.p99", "recall"].contains { result.name.hasSuffix(".\($0)") }
  }

  /// What was watched and how well, or why nothing was.
  private static func sampling(_ record: RunRecord) -> [String] {
    guard let quality = record.profiling.quality, quality.countedCPUSeconds > 0 else {
      return record.profiling.missing.map { "no profile: \($0)" }
    }
    let seen = quality.sampledCPUSeconds / quality.countedCPUSeconds
    let stacks = Double(quality.completeStacks) / Double(max(1, quality.samples))
    // What a stripped library does not name is counted apart, not among what should have a name.
    let nameable = max(1, quality.userFrames - quality.offsetOnlyUserFrames)
    let named = Double(quality.namedUserFrames) / Double(nameable)
    return [
      "",
      "profile: \(NumberText.count(quality.samples)) samples, \(NumberText.percent(seen)) of the "
        + "counted CPU; \(NumberText.percent(stacks)) of the stacks complete, "
        + "\(NumberText.percent(named)) of the user frames named"
        + offsets(quality) + ", \(quality.lostRecords) lost"
        + switching(quality),
    ] + cost(record.profiling)
  }

  /// What watching did to the work, with how sure that is.
  private static func cost(_ profiling: RunRecord.Profiling) -> [String] {
    guard let cost = profiling.cost else { return [] }
    let tail = cost.searchP99.map { ", search p99 " + change($0) } ?? ""
    return ["watching: the same work took " + change(cost.cpu) + " CPU" + tail]
  }

  private static func change(_ estimate: Estimate) -> String {
    let range = estimate.interval.map {
      " (\(NumberText.change($0.low)) to \(NumberText.change($0.high)))"
    }
    return NumberText.change(estimate.value) + (range ?? "")
  }

  private static func offsets(_ quality: SamplingQuality) -> String {
    let share = Double(quality.offsetOnlyUserFrames) / Double(max(1, quality.userFrames))
    return share < 0.001
      ? "" : " (another \(NumberText.percent(share)) known as library and offset)"
  }

  private static func switching(_ quality: SamplingQuality) -> String {
    let rest = quality.processCPUSeconds - quality.countedCPUSeconds
    guard rest > 0.01 * quality.processCPUSeconds else { return "" }
    return "; another \(NumberText.percent(rest / quality.processCPUSeconds)) of the CPU went into "
      + "switching threads"
  }

  private static func headline(_ record: RunRecord) -> String {
    let data = record.dataset.map {
      "\(NumberText.count($0.rows)) × \($0.dimensions) \($0.kind), \($0.metric.rawValue)"
    }
    let counted = record.trials.filter { $0.status == .complete }.count
    return "vbench \(record.command): \(data ?? ""), \(counted) trials, "
      + "\(NumberText.duration(record.durationSeconds)) in all"
  }

  private static func line(_ result: RunRecord.Result) -> String {
    let interval = result.estimate.interval.map { interval in
      // Two trials that differ know next to nothing; femtoseconds to hours would not say it better.
      interval.low > 0 && interval.high > 10_000 * interval.low
        ? "any, by \(result.trials.count) trials"
        : "\(NumberText.text(interval.low, result.unit)) … "
          + "\(NumberText.text(interval.high, result.unit))"
    }
    return row(
      result.name,
      [
        NumberText.text(result.estimate.value, result.unit), interval ?? "–",
        "\(result.trials.count)", result.observations.map(NumberText.count) ?? "",
      ])
  }

  private static func row(_ name: String, _ cells: [String]) -> String {
    let widths = [13, 25, 7, 13]
    let columns = zip(cells, widths).map { cell, width in
      String(repeating: " ", count: max(1, width - cell.count)) + cell
    }
    return "  " + name + String(repeating: " ", count: max(1, 26 - name.count)) + columns.joined()
  }
}

/// `--dry-run`: what would happen and what it would take.
enum PlanText {
  /// With what an arm does beside its trials.
  static func of(_ arm: Arm, _ name: String) -> String {
    of(arm.reader, name) + (arm.simulation.map { $0.plan(arm.settings) + "\n" } ?? "")
  }

  static func of(_ reader: SettingsReader, _ name: String) -> String {
    let settings = reader.settings
    let row = settings.dataset.dimensions * 4 + settings.m * 12 + 32
    let memory = Double(settings.dataset.rows * row)
    let trial =
      settings.warmSeconds + settings.rampSeconds + settings.measuredSeconds
      + settings.capacitySeconds
    let lines = reader.listed.map { setting in
      "  \(setting.name) = \(setting.value) (\(setting.source.rawValue))"
    }
    let notes = reader.notes.map { "note: \($0)" }
    return """
      vbench \(name) would load \(NumberText.count(settings.dataset.rows)) rows once and run \
      \(settings.trials) trials.
      Memory and disk: about \(NumberText.bytes(memory)) each for the loaded store and a copy.
      Time: \(settings.findsSteadyState ? "at most " : "")\(NumberText.duration(trial)) a trial, beside loading and calibration.
      \((lines + notes).joined(separator: "\n"))

      """
  }
}
