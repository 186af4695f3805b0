import Basics
import Findings
import Measurement
import RunRecords

/// `vbench doctor --diagnosis`: whether reports find faults that are known to be there, and are
/// silent where there are none.
struct Diagnosis {
  let workshop: PlantWorkshop
  let progress: Progress
  let times: Int
  private let plants: [Plant]
  private let controls: [CleanControl]

  init(workshop: PlantWorkshop, progress: Progress, times: Int, only names: [String]?) {
    (self.workshop, self.progress, self.times) = (workshop, progress, times)
    plants = PlantCatalogue.plants.filter { names?.contains($0.name) ?? true }
    controls = PlantCatalogue.controls.filter { names?.contains("clean-\($0.name)") ?? true }
  }

  /// Refuses a name that nothing has.
  static func check(_ names: [String]?) throws(Failure) {
    let known =
      PlantCatalogue.plants.map(\.name) + PlantCatalogue.controls.map { "clean-\($0.name)" }
    if let unknown = names?.first(where: { !known.contains($0) }) {
      throw .usage("There is no plant `\(unknown)`.\(Nearest.hint(unknown, among: known))")
    }
  }

  func run() -> DiagnosisScore {
    let start = Clock.now()
    var score = DiagnosisScore(times: times)
    score.loadBefore = Self.load()
    var sightings = plants.map { _ in [Sighting]() }
    for round in 1...times {
      workshop.beginRound()
      for (index, plant) in plants.enumerated() where Interrupts.count == 0 {
        begin(plant.name, round, Double(index) / Double(plants.count + controls.count))
        sightings[index].append(look(at: plant))
      }
    }
    for (index, plant) in plants.enumerated() where isDoubtful(sightings[index]) {
      for _ in 0..<2 where Interrupts.count == 0 {
        workshop.beginRound()
        begin(plant.name, times, Double(index) / Double(plants.count + controls.count))
        sightings[index].append(look(at: plant))
      }
    }
    score.plants = zip(plants, sightings).map(Self.row)
    for (index, control) in controls.enumerated() where Interrupts.count == 0 {
      begin(
        "clean-\(control.name)", times,
        Double(plants.count + index) / Double(plants.count + controls.count))
      score.controls.append(check(control))
    }
    progress.end()
    score.seconds = Double(Clock.now() - start) / 1e9
    return score
  }

  private func begin(_ name: String, _ round: Int, _ part: Double) {
    let turn = times > 1 ? " (\(round) of \(times))" : ""
    progress.begin("Growing \(name)\(turn)", fraction: (Double(round - 1) + part) / Double(times))
  }

  /// A single growth that could not be judged, or whose share is off by what its few samples may be
  /// off: two more tell.
  private func isDoubtful(_ sightings: [Sighting]) -> Bool {
    guard sightings.count == 1, let verdict = sightings.first?.verdict else { return false }
    if verdict.outcome == .cannotTell { return true }
    if sightings.first?.nearMiss?.outcome == .cannotTell { return true }
    guard verdict.outcome == .missed, let truth = verdict.truth, let low = verdict.low,
      let high = verdict.high
    else { return false }
    return low <= truth && truth <= high
  }

  private static func load() -> Double? {
    (try? FileSystem.text(of: "/proc/loadavg")).flatMap {
      $0.split(separator: " ").first.flatMap { Double($0) }
    }
  }

  // MARK: Plants

  /// One growth of a plant and its twins.
  private struct Sighting {
    var verdict: PlantVerdict
    var nearMiss: PlantVerdict?
    var blind: PlantVerdict?
  }

  private func look(at plant: Plant) -> Sighting {
    do {
      let judge = PlantJudge(plant: plant)
      let miss = try plant.nearMiss.map(workshop.harvest)
      let harvest = try workshop.harvest(plant.program)
      var sighting = Sighting(
        verdict: judge.verdict(
          on: try FindingsEngine.report(on: harvest.run), of: harvest,
          truth: truth(of: plant, harvest, beside: miss)))
      if let miss {
        sighting.nearMiss = judge.nearMiss(
          in: try FindingsEngine.report(on: miss.run), truth: share(miss))
      }
      if let blindness = plant.blindness {
        sighting.blind = judge.blind(
          in: try FindingsEngine.report(on: blindness.applied(to: harvest.run)))
      }
      return sighting
    } catch let problem as PlantWorkshop.Unavailable {
      return Sighting(verdict: .failed(.skipped, problem.reason))
    } catch {
      return Sighting(verdict: .failed(.missed, "\(Failure.of(error).sentence)"))
    }
  }

  private func truth(
    of plant: Plant, _ harvest: PlantWorkshop.Harvest, beside miss: PlantWorkshop.Harvest?
  ) -> Double? {
    switch plant.truth {
    case .share, .lockDelay: return share(harvest)
    case .presence: return nil
    case .costOver(let name):
      guard let with = harvest.run.record?.result(name)?.estimate.value, with > 0,
        let without = miss?.run.record?.result(name)?.estimate.value
      else { return nil }
      return max(0, 1 - without / with)
    }
  }

  private func share(_ harvest: PlantWorkshop.Harvest) -> Double? {
    let whole = harvest.nanoseconds("whole")
    return whole > 0 ? harvest.nanoseconds("plant") / whole : nil
  }

  /// The verdict that most growths agree on, by the one of them in the middle.
  private static func row(_ plant: Plant, _ sightings: [Sighting]) -> DiagnosisScore.PlantRow {
    let verdicts = sightings.map(\.verdict)
    let groups = Dictionary(grouping: verdicts, by: \.outcome)
    // Shares are told by the one in the middle of all; the rest by what most of them say.
    let most =
      plant.truth.isCounted && verdicts.allSatisfy { $0.seen != nil }
      ? verdicts
      : groups.values.max {
        ($0.count, $1[0].outcome.rawValue) < ($1.count, $0[0].outcome.rawValue)
      }
    let same = (most ?? []).sorted { $0.error < $1.error }
    let verdict =
      same.isEmpty ? PlantVerdict.failed(.skipped, "interrupted") : same[same.count / 2]
    let isLeast = if case .costOver = plant.truth { true } else { false }
    return DiagnosisScore.PlantRow(
      plant: plant.name, fault: plant.fault, rules: plant.rules, command: plant.program.command,
      verdict: verdict.outcome, reason: verdict.reason, truth: verdict.truth,
      truthIsLeast: isLeast, seen: verdict.seen, low: verdict.low, high: verdict.high,
      rank: verdict.rank, severity: verdict.severity,
      agreeing: verdicts.count { $0.outcome == verdict.outcome }, times: verdicts.count,
      nearMiss: twin(sightings.compactMap(\.nearMiss)), blind: twin(sightings.compactMap(\.blind)))
  }

  /// A twin must be right every time that it could be judged.
  private static func twin(_ verdicts: [PlantVerdict]) -> DiagnosisScore.Twin? {
    let judged = verdicts.filter { $0.outcome != .cannotTell }
    guard let shown = judged.first(where: { $0.outcome != .found }) ?? judged.last ?? verdicts.last
    else { return nil }
    return DiagnosisScore.Twin(outcome: shown.outcome, truth: shown.truth, reason: shown.reason)
  }

  // MARK: Controls

  private func check(_ control: CleanControl) -> DiagnosisScore.ControlRow {
    func row(
      _ verdict: DiagnosisScore.ControlRow.Verdict, _ reason: String?, _ findings: Int = 0
    ) -> DiagnosisScore.ControlRow {
      DiagnosisScore.ControlRow(
        control: control.name, what: control.what, command: control.program.command,
        verdict: verdict, reason: reason, findings: findings)
    }
    do {
      let report = try FindingsEngine.report(on: try workshop.harvest(control.program).run)
      let heavy = report.findings.filter { $0.severity >= .high }
      let wrong = heavy.filter { !(report.isCrowded && $0.rule == "B3") }
      if let first = wrong.first {
        return row(
          .falseAlarm, "\(first.severity.rawValue) \(first.rule): \(first.title.plain)",
          report.findings.count)
      }
      return row(
        .clean, heavy.isEmpty ? nil : "others used the machine: \(heavy[0].title.plain)",
        report.findings.count)
    } catch let problem as PlantWorkshop.Unavailable {
      return row(.skipped, problem.reason)
    } catch { return row(.falseAlarm, Failure.of(error).sentence) }
  }
}
