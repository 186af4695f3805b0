import Basics
import Glibc
import Synchronization

/// Watches one process from `start()` to `stop()`: its CPU, and what its threads wait for.
///
/// A thread of ours drains the rings and unwinds each stack at once, so that only counted stacks
/// stay in memory. Names are looked up at the end. Nothing in the target is stopped or touched.
package final class ProcessRecorder {
  /// A prime, so that no period of the target keeps step with it.
  ///
  /// High, because a short window on a machine that is partly idle gives few samples.
  package static let standardHertz = 997

  private let pid: Int32
  private let space: AddressSpace
  private let images: ImageCache
  private let drainer: Drainer
  private var thread: RunningThread?
  private var startedCPU: UInt64 = 0
  private var started: UInt64 = 0
  private var startedWall: UInt64 = 0

  /// Opens the events of every thread there is; nothing is recorded yet.
  package init(
    pid: Int32, hertz: Int = ProcessRecorder.standardHertz, watchesWaits: Bool = true,
    images: ImageCache = ImageCache()
  ) throws(SamplingError) {
    self.pid = pid
    self.images = images
    do throws(SystemError) { space = try AddressSpace(pid: pid) } catch {
      throw .noSuchProcess(pid)
    }
    var plan = ProcessEvents.Plan()
    plan.hertz = min(hertz, Self.allowedHertz)
    plan.watchesWaits = watchesWaits
    drainer = try Drainer(pid: pid, plan: plan)
  }

  private static var allowedHertz: Int {
    let text = try? FileSystem.text(of: "/proc/sys/kernel/perf_event_max_sample_rate")
    return text.flatMap { Int($0.prefix { $0.isNumber }) } ?? 100_000
  }

  /// Whether this user may sample at all here, and if not, why.
  package static func probe() -> SamplingError? {
    do throws(SamplingError) {
      _ = try ProcessRecorder(pid: getpid())
      return nil
    } catch { return error }
  }

  package func start() throws(SamplingError) {
    // Loading the unwinder and the images takes long: before the window, not in it.
    let unwinder = try StackUnwinder(space, images)
    startedCPU = Clock.processCPU(of: pid)
    started = Clock.now()
    startedWall = Clock.wall()
    drainer.begin(at: started)
    let drainer = drainer
    let box = UnwinderBox(unwinder)
    do throws(SystemError) {
      thread = try WorkerThreads.start(name: "sampler") { drainer.run(box.unwinder) }
    } catch { throw .system("\(error)") }
  }

  /// Made by one thread and then used by another one only.
  private final class UnwinderBox: @unchecked Sendable {
    let unwinder: StackUnwinder

    init(_ unwinder: StackUnwinder) { self.unwinder = unwinder }
  }

  package func stop() throws(SamplingError) -> Recording {
    drainer.end()
    let ended = Clock.now()
    let charged = Clock.processCPU(of: pid) &- startedCPU
    let names = Self.threadNames(pid)
    let chosen = ChosenFunctions(pid: pid, space, images)
    drainer.isStopping.store(true, ordering: .releasing)
    if let thread { WorkerThreads.join(thread) }
    return recording(
      from: drainer.result(at: ended), names, chosen, charged: charged, ended: ended)
  }

  private func recording(
    from result: Drainer.Result, _ names: [Int32: String], _ chosen: ChosenFunctions,
    charged: UInt64, ended: UInt64
  ) -> Recording {
    var assembler = ProfileAssembler(
      result.table, Symbolicator(space, images, chosen: chosen),
      threadNames: names.merging(result.names) { alive, _ in alive },
      period: 1_000_000_000 / Int64(max(1, drainer.plan.hertz)))
    let frames = assembler.add(result.cpu)
    if drainer.plan.watchesWaits { assembler.add(result.waits) }
    var quality = result.quality
    quality.processCPUSeconds = Double(charged) / 1e9
    quality.windowSeconds = Double(ended - started) / 1e9
    quality.count(frames)
    quality.switches = result.waits.switches
    quality.switchesWithStack = result.waits.switchesWithStack
    return Recording(
      profiles: assembler.profiles(
        startNanoseconds: Int64(startedWall), durationNanoseconds: Int64(ended - started)),
      quality: quality)
  }

  private static func threadNames(_ pid: Int32) -> [Int32: String] {
    var names: [Int32: String] = [:]
    for tid in Threads.of(pid) {
      if let text = try? FileSystem.text(of: "/proc/\(pid)/task/\(tid)/comm") {
        names[tid] = String(text.filter { $0 != "\n" })
      }
    }
    return names
  }
}

/// The threads of a process, as /proc lists them at this moment.
enum Threads {
  static func of(_ pid: Int32) -> [Int32] {
    ((try? FileSystem.list("/proc/\(pid)/task")) ?? []).compactMap { Int32($0) }.sorted()
  }
}
