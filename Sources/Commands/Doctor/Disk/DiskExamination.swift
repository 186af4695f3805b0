import Basics
import Harness
import Measurement
import RunRecords

/// `vbench doctor --disk [PATH]`: what the disk can do without an engine.
///
/// It is stored in disk.json beside the runs, and reports set it against the engine's syncs.
struct DiskExamination {
  let invocation: Invocation

  static let standardSeconds = 20.0

  private var profiles: String { invocation.text("profiles") ?? "Profiles" }

  func run() throws -> ExitStatus {
    Interrupts.startCounting()
    let progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    var record = try stored()
    let named = invocation.operands.first
    let place = try DiskPlace(named ?? profiles, isNamed: named != nil)
    let plan = DiskMeasurement.Plan(
      seconds: invocation.seconds("disk-time") ?? Self.standardSeconds, freeBytes: place.freeBytes)
    try place.check(room: plan)
    progress.say(place.announcement(of: plan))
    let outcome = try measure(place, plan, progress)
    progress.end()
    guard outcome.rounds == plan.rounds else {
      Terminal.note("Interrupted: nothing was stored, and no file is left in \(place.path).")
      return .interrupted
    }
    let entry = entry(place, outcome)
    record.add(entry)
    // What was measured is shown even where it cannot be stored.
    let storing = Result { try store(record) }
    let isStored = (try? storing.get()) != nil
    let text = DiskText(
      entry: entry, path: place.path, stored: isStored ? "\(profiles)/disk.json" : nil)
    try Terminal.print(invocation.has("json") ? try JSONText.of(entry) : text.text)
    try storing.get()
    return entry.written.agrees ? .fine : .failed
  }

  private func measure(
    _ place: DiskPlace, _ plan: DiskMeasurement.Plan, _ progress: Progress
  ) throws -> DiskMeasurement.Outcome {
    let folder = try place.workFolder()
    let outcome = Result {
      progress.begin("Measuring", fraction: 0)
      let measurement = try DiskMeasurement(
        in: folder.path, plan, device: place.device, isStopped: { Interrupts.count > 0 })
      return try measurement.run { progress.update(fraction: $0) }
    }
    folder.remove()
    do { return try outcome.get() } catch let error as SystemError {
      progress.end()
      throw place.failure(error)
    }
  }

  private func entry(
    _ place: DiskPlace, _ outcome: DiskMeasurement.Outcome
  ) -> DiskRecord.Entry {
    let environment = EnvironmentCapture.record(
      storeFolder: place.path, toolVersion: Vbench.version)
    let summary = DiskSummary(outcome)
    return DiskRecord.Entry(
      machine: EnvironmentClass(environment), device: place.mount.deviceName,
      writeCache: place.device?.writeCache, isRotational: place.device?.isRotational,
      measuredAt: LocalTime.iso(Clock.wall()), toolVersion: Vbench.version,
      rounds: outcome.rounds, seconds: outcome.seconds, figures: summary.figures,
      flushesPerSync: summary.flushesPerSync, written: summary.written,
      otherProcessesCPU: outcome.othersCPU, stealShare: outcome.stealShare, notes: place.notes)
  }

  /// Read first, so that nobody waits for what cannot be stored.
  private func stored() throws -> DiskRecord {
    do throws(RunError) {
      return try DiskRecord.read(in: profiles) ?? DiskRecord()
    } catch { throw Failure(.badInput, "\(error)") }
  }

  private func store(_ record: DiskRecord) throws {
    do throws(RunError) { try record.write(in: profiles) } catch {
      throw Failure(.failed, "The result is not stored: \(error)")
    }
  }
}
