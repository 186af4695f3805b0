import Basics
import FoundationEssentials
import Harness
import Measurement
import RunRecords
import StorageEngine
import VectorStore

/// `write-only --kill-test N`: kills a writing process N times, and after each time looks whether
/// everything that it had acknowledged is there.
struct KillTest {
  let kills: Int
  let durability: Durability
  let script: KillScript
  let progress: Progress
  let parent: String

  /// What came out.
  struct Outcome: Encodable {
    var seed: UInt64
    var durability: String
    var kills = 0
    /// Kills that fell into a moment; one may fall into several.
    var moments: [String: Int] = [:]
    var elsewhere = 0
    var acknowledged = 0
    var verifiedVectors = 0
    var wholeInFlight = 0
    var absentInFlight = 0
    var problems: [String] = []
    var keptStore: String?
    var seconds = 0.0
    var isInterrupted = false
  }

  func run() throws -> Outcome {
    Interrupts.startCounting()
    let started = Clock.now()
    let work = try WorkFolder(beside: parent)
    let path = "\(work.path)/store"
    var outcome = Outcome(seed: script.seed, durability: "\(durability)")
    do {
      try KillWriter.create(script, at: path)
      var model = KillModel(script)
      for number in 1...kills where outcome.problems.isEmpty && !outcome.isInterrupted {
        progress.begin(
          "Kill \(number) of \(kills)", fraction: Double(number - 1) / Double(kills))
        try round(number, path, work.path, &model, &outcome)
      }
      if !outcome.problems.isEmpty {
        outcome.keptStore = "\(parent)/kill-test-\(script.seed)-\(outcome.kills)"
        try FileSystem.rename(path, to: outcome.keptStore ?? path)
      }
    } catch {
      work.remove()
      throw error is Failure ? error : Failure(.failed, "\(error)")
    }
    work.remove()
    progress.end()
    outcome.seconds = Double(Clock.now() - started) / 1e9
    return outcome
  }

  private func round(
    _ number: Int, _ path: String, _ folder: String, _ model: inout KillModel,
    _ outcome: inout Outcome
  ) throws {
    let plan = KillWriter.Plan(
      script: script, path: path, done: model.done, durability: durability)
    var round = KillRound(KillAim(number, seed: script.seed), plan, folder)
    let moments = try round.run { model.acknowledge($0) }
    if Interrupts.count > 0 { outcome.isInterrupted = true }
    outcome.kills += 1
    outcome.acknowledged = model.done.reduce(0, +)
    if moments.isEmpty { outcome.elsewhere += 1 }
    for moment in moments { outcome.moments[moment.rawValue, default: 0] += 1 }
    do {
      let store = try VectorStore.open(at: path)
      let verdict = model.verify(store)
      outcome.verifiedVectors += verdict.vectors
      outcome.wholeInFlight += verdict.wholeInFlight
      outcome.absentInFlight += verdict.absentInFlight
      outcome.problems += verdict.problems
      try store.close()
    } catch { outcome.problems.append("The store does not open any more: \(error)") }
  }
}

/// Which moment a kill is aimed at: some at none, by the clock.
struct KillAim {
  let moment: KillMoments.Moment?
  /// How often the moment must have come.
  let times: Int
  /// Nanoseconds after that, or after the store was ready.
  let delay: UInt64

  init(_ number: Int, seed: UInt64) {
    var random = SeededRandom(seed, stream: 7, UInt64(number))
    let aims: [KillMoments.Moment?] = [
      nil, .roll, .checkpoint, nil, .delete, .removal, nil, .recovery,
    ]
    moment = aims[number % aims.count]
    times = moment == .recovery ? 1 : 1 + random.below(3)
    // Some strike at once and some later inside.
    let longest = moment == nil ? 200_000 : moment == .recovery ? 6_000 : 800
    delay = UInt64(random.below(longest)) * 1_000
  }
}
