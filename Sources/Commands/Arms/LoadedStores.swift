import Basics
import FoundationEssentials
import Harness
import Measurement
import RunRecords
import Workloads

/// The stores that arms run on: loaded once for each distinct set of load settings and program.
final class LoadedStores {
  struct Store {
    let path: String
    let outcome: LoadPhase.Outcome
    let phase: RunRecord.Phase
  }

  private struct Group {
    let settings: WorkloadSettings
    let program: MeasuredProgram
    var arms: [Arm]
  }

  private let work: String
  private let progress: Progress

  init(in work: String, _ progress: Progress) {
    self.work = work
    self.progress = progress
  }

  /// How many distinct stores these arms need, and their rows' bytes, roughly.
  static func bytesNeeded(_ arms: [Arm]) -> (stores: Int, largest: Int, sum: Int) {
    let sizes = groups(arms).map { group in
      let settings = group.settings
      let row = settings.dataset.dimensions * 4 + settings.m * 12 + 32
      return settings.dataset.rows * row
    }
    return (sizes.count, sizes.max() ?? 0, sizes.reduce(0, +))
  }

  /// Loads what the arms need and gives each its store.
  func load(_ arms: [Arm]) throws {
    let groups = Self.groups(arms)
    for (number, group) in groups.enumerated() {
      let share = 0.25 / Double(groups.count)
      let store = try load(group, number, from: 0.01 + share * Double(number), share)
      for arm in group.arms {
        arm.store = store
        arm.phases.append(store.phase)
      }
    }
  }

  private static func groups(_ arms: [Arm]) -> [Group] {
    var groups: [Group] = []
    for arm in arms {
      let match = groups.firstIndex {
        $0.settings.loadsLike(arm.settings) && $0.program == arm.program
      }
      if let match {
        groups[match].arms.append(arm)
      } else {
        groups.append(Group(settings: arm.settings, program: arm.program, arms: [arm]))
      }
    }
    return groups
  }

  private func load(
    _ group: Group, _ number: Int, from fraction: Double, _ share: Double
  ) throws -> Store {
    let rows = NumberText.count(group.settings.dataset.rows)
    let whose = group.arms.count == 1 ? group.arms[0].prefix : ""
    progress.begin("\(whose)Loading \(rows) rows", fraction: fraction)
    // Arms that share a store have no say in how it was loaded.
    let settings = group.arms.count == 1 ? group.settings : group.settings.forSharedLoad
    let path = "\(work)/loaded-\(number)"
    let start = Clock.now()
    let outcome = try LoadProcess(settings: settings, storePath: path, program: group.program)
      .run { [progress] in progress.update(fraction: fraction + share * $0) }
    if Interrupts.count > 0 { throw TrialProcess.Interrupted() }
    return Store(
      path: path, outcome: outcome,
      phase: RunRecord.Phase(
        name: "load", trial: nil, startNanoseconds: start, endNanoseconds: Clock.now()))
  }
}

/// A load, by the program under test: here when it is our own, in a child when it is another.
struct LoadProcess {
  let settings: WorkloadSettings
  let storePath: String
  let program: MeasuredProgram

  func run(_ progress: @escaping @Sendable (Double) -> Void) throws -> LoadPhase.Outcome {
    if program == .own {
      do {
        return try LoadPhase.run(
          settings, at: storePath, threads: ProcessorCount.online, progress: progress)
      } catch { throw Failure(.failed, "The rows could not be loaded: \(error)") }
    }
    let plan = LoadPlan(settings: settings, storePath: storePath)
    let planPath = "\(storePath).plan.json"
    try FileSystem.replace(planPath, with: Array(try JSONEncoder().encode(plan)))
    var child = try ChildProcess([program.path, LoadCommand.name, planPath])
    let end = try child.wait()
    guard end == .exited(0),
      let outcome = try? RecordJSON.decode(LoadPhase.Outcome.self, path: "\(planPath).outcome")
    else {
      throw Failure(
        .failed,
        "\(program.path) could not load the rows (\(end)); it must be a vbench that knows `ab`.")
    }
    return outcome
  }
}

/// What a loading child is told.
struct LoadPlan: Codable, Sendable {
  var settings: WorkloadSettings
  var storePath: String
}

/// `vbench __load PLAN`: loads one store, in a build of vbench that is under test.
enum LoadCommand {
  static let name = "__load"

  static let command = Command(
    name, "Loads one store.", operands: .exactly(1, "PLAN"), hidden: true
  ) { invocation in
    ParentWatch.dieWithParent()
    let path = invocation.operands[0]
    let plan = try RecordJSON.decode(LoadPlan.self, path: path)
    let outcome = try LoadPhase.run(
      plan.settings, at: plan.storePath, threads: ProcessorCount.online)
    try FileSystem.replace("\(path).outcome", with: Array(try JSONEncoder().encode(outcome)))
    return .fine
  }
}
