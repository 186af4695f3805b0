import Measurement
import RunRecords

/// What the disk behind a run's store can do without the engine, and what the engine made of it.
///
/// `vbench doctor --disk` measured it, with the calls of the log and nothing else on the way. So
/// what a sync takes beyond that is not the disk's own.
struct DiskAlone {
  private let entry: DiskRecord.Entry
  private let commit: DiskRecord.Figure
  private let p50: Estimate
  private let evidence: Evidence

  init?(_ evidence: Evidence) {
    guard let entry = evidence.run.disk, let commit = entry.figure(DiskRecord.Figure.commit),
      let p50 = commit.p50
    else { return nil }
    self.entry = entry
    self.commit = commit
    self.p50 = p50
    self.evidence = evidence
  }

  /// For the run card; nil where no store of ours was written to.
  static func line(_ evidence: Evidence) -> Prose? {
    guard evidence.offersLoad else { return nil }
    if let disk = DiskAlone(evidence) { return disk.line }
    let reason = evidence.run.diskProblem.map { " (\($0))" } ?? ""
    return "not measured\(reason); `vbench doctor --disk`"
  }

  private var line: Prose {
    "append + fdatasync of 4 KiB \(times) (`vbench doctor --disk`, \(name: date))"
  }

  private var times: String {
    guard DiskRecord.Figure.isSteady(p50) else { return "cannot be told: \(range)" }
    let p99 = commit.p99.map { ", p99 \(Wording.seconds($0.value))" } ?? ""
    return "p50 \(Wording.seconds(p50.value))\(p99), n = \(Wording.count(commit.operations))"
  }

  private var range: String {
    guard let range = p50.interval else { return "too few rounds" }
    return "its rounds lie between \(Wording.seconds(range.low)) and \(Wording.seconds(range.high))"
  }

  private var date: String { String(entry.measuredAt.prefix(10)) }

  // MARK: - Beside the engine

  /// What the engine's own syncs took, with the disk's beside them; nil in runs that timed none.
  func comparison(_ commands: SourceCommand) -> EvidenceItem? {
    guard let mean = result("mean") else { return nil }
    let own = ["p50", "p99"].compactMap { name in
      result(name).map { ", \(name) \(Wording.seconds($0.estimate.value))" }
    }.joined()
    let count = mean.observations.map { ", n = \(Wording.count($0))" } ?? ""
    let bytes = evidence.record?.result("wal.bytes.per.sync").map {
      ", \(NumberText.bytes($0.estimate.value)) each"
    }
    return EvidenceItem(
      "A sync of the log: mean \(Wording.seconds(mean.estimate.value))\(own)\(count)\(bytes ?? ""); the disk alone: mean \(Wording.seconds(commit.mean?.value ?? p50.value)), \(times)",
      commands.record("results.wal.sync.mean"))
  }

  /// How much of the wait the disk itself takes, and what is left at most.
  ///
  /// The disk was asked for 4 KiB at a time and by one writer alone, which is the least that it can
  /// take, so what is left is an upper bound.
  var meaning: Prose? {
    guard let engine = result("mean")?.estimate, engine.value > 0, let disk = commit.mean else {
      return nil
    }
    guard DiskRecord.Figure.isSteady(disk), let range = disk.interval else {
      return "How much of it the disk itself takes cannot be told: \(range(of: disk))."
    }
    let low = range.low / (engine.interval?.high ?? engine.value)
    if low >= 1 {
      return
        "The disk alone takes as long for 4 KiB, so nothing of this wait is known to be the engine's: only fewer syncs or another disk shorten it."
    }
    return
      "The disk itself takes \(Wording.seconds(disk.value)) of \(Wording.seconds(engine.value)), so at most \(Wording.percent(1 - low)) of the wait could go with as many syncs on this disk; longer records, waking up and other work on the disk are in that part too."
  }

  private func range(of disk: Estimate) -> String {
    guard let range = disk.interval else { return "`vbench doctor --disk` had too few rounds" }
    return
      "the rounds of `vbench doctor --disk` lie between \(Wording.seconds(range.low)) and \(Wording.seconds(range.high))"
  }

  private func result(_ name: String) -> RunRecord.Result? {
    evidence.record?.result("wal.sync.\(name)")
  }
}

extension Condition {
  /// A wait for the disk, with what the disk itself takes of it.
  func beside(_ disk: DiskAlone?, _ commands: SourceCommand) -> Condition {
    guard case .fires(var seen) = self, let disk else { return self }
    seen.evidence += [disk.comparison(commands)].compactMap(\.self)
    seen.means += [disk.meaning].compactMap(\.self)
    return .fires(seen)
  }
}
