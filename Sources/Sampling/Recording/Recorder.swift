import Basics
import Glibc
import Synchronization

/// Watches processes from `start()` to `stop()`: their CPU, and what their threads wait for.
///
/// A thread of ours drains the rings and unwinds each stack at once, so that only counted stacks
/// stay in memory. Names are looked up at the end. Nothing in a target is stopped or touched.
package final class Recorder {
  package let plan: RecordingPlan
  private let targets: [RecordingTarget]
  private let images: ImageCache
  private let drainer: Drainer
  private var thread: RunningThread?
  private var startedCPU: [UInt64] = []
  private var started: UInt64 = 0
  private var startedWall: UInt64 = 0

  /// Opens the events of every thread there is; nothing is recorded yet.
  ///
  /// Where the kernel's part of a process is refused, the user's part alone is recorded only if
  /// the caller accepts that.
  package init(
    _ targets: [RecordingTarget], plan: RecordingPlan = RecordingPlan(),
    acceptsUserOnly: Bool = false, images: ImageCache = ImageCache()
  ) throws(SamplingError) {
    self.targets = targets
    self.images = images
    var plan = plan
    plan.hertz = min(plan.hertz, Self.allowedHertz)
    self.plan = plan
    for target in targets where !Threads.exists(target.pid) { throw .noSuchProcess(target.pid) }
    drainer = try Drainer(targets: targets, plan: plan, acceptsUserOnly: acceptsUserOnly)
  }

  /// The kernel's own limit on samples a second.
  package static var allowedHertz: Int {
    let text = try? FileSystem.text(of: "/proc/sys/kernel/perf_event_max_sample_rate")
    return text.flatMap { Int($0.prefix { $0.isNumber }) } ?? 100_000
  }

  /// Allows as many open events as the system lets us.
  ///
  /// Says so when that may be too few.
  package static func raiseFileLimit() -> String? {
    var limit = rlimit()
    // SAFETY: the kernel reads and writes one rlimit, a local.
    guard unsafe getrlimit(__rlimit_resource_t(7), &limit) == 0 else { return nil }
    limit.rlim_cur = limit.rlim_max
    return unsafe setrlimit(__rlimit_resource_t(7), &limit) == 0 || limit.rlim_max > 4_096
      ? nil
      : "Only \(limit.rlim_cur) files may be open, which is few for a process of many threads."
  }

  /// Why this user may not sample everything here; nil when he may.
  package static func probe() -> SamplingError? {
    do throws(SamplingError) {
      _ = try Recorder([.trial(getpid())])
      return nil
    } catch { return error }
  }

  /// Whether kernel frames and what threads wait at are to be had.
  package var seesKernel: Bool { drainer.events.sight == .all }

  package func start() throws(SamplingError) {
    startedCPU = targets.map { Clock.processCPU(of: $0.pid) }
    started = Clock.now()
    startedWall = Clock.wall()
    drainer.begin(at: started)
    let drainer = drainer
    do throws(SystemError) {
      thread = try WorkerThreads.start(name: "sampler") { drainer.run() }
    } catch { throw .system("\(error)") }
  }

  /// Switches the events off, or on again.
  ///
  /// For measuring what watching costs: what happens meanwhile is in no profile.
  package func pause() { drainer.events.disable() }

  package func resume() { drainer.events.enable() }

  /// Ends without asking what was seen.
  package func discard() {
    drainer.end()
    drainer.isStopping.store(true, ordering: .releasing)
    if let thread { WorkerThreads.join(thread) }
    thread = nil
  }

  package func stop() throws(SamplingError) -> Recording {
    drainer.end()
    let ended = Clock.now()
    let charged = zip(targets, startedCPU).reduce(UInt64(0)) { sum, pair in
      let now = Clock.processCPU(of: pair.0.pid)
      // A process that has ended is charged nothing any more.
      return sum + (now > pair.1 ? now - pair.1 : 0)
    }
    drainer.isStopping.store(true, ordering: .releasing)
    if let thread { WorkerThreads.join(thread) }
    let result = drainer.result(at: ended)
    var quality = result.quality
    quality.processCPUSeconds = Double(charged) / 1e9
    quality.windowSeconds = Double(ended - started) / 1e9
    quality.switches = result.waits.switches
    quality.switchesWithStack = result.waits.switchesWithStack
    return recording(from: result, quality)
  }

  private func recording(from result: Drainer.Result, _ seen: RecordingQuality) -> Recording {
    var quality = seen
    var threads = result.threads
    for target in targets {
      threads.names.merge(Threads.names(of: target.pid)) { _, alive in alive }
    }
    let names = RecordedNames(result, targets, images)
    var assembler = ProfileAssembler(
      result.table, names, roles: targets.map(\.roles),
      threads: threads,
      period: 1_000_000_000 / Int64(max(1, plan.hertz)))
    let frames = assembler.add(result.cpu)
    quality.count(frames)
    assembler.addUnsampled(quality)
    if plan.watchesWaits { assembler.add(result.waits, only: plan.waitClasses) }
    let profiles = assembler.profiles(
      startNanoseconds: Int64(startedWall),
      durationNanoseconds: Int64(quality.windowSeconds * 1e9))
    let events = plan.event.map { assembler.events(result.named, $0) } ?? []
    let timeline = result.timeline.map {
      assembler.timeline($0, processes: names.processes, threads: threads)
    }
    let unnamed = names.symbols.unnamedFiles.map {
      Recording.Unnamed(file: $0, samples: frames.samplesWithoutName[$0.name] ?? 0)
    }.sorted { ($1.samples, $0.file.path) < ($0.samples, $1.file.path) }
    var recording = Recording(
      profiles: profiles, quality: quality, timeline: timeline, unnamed: unnamed, events: events)
    recording.calls = result.calls.map { ledger in
      CallRecording(
        ledger, threads: threads, counted: Int(clamping: drainer.events.countedCalls()),
        profiles: assembler.calls(
          ledger, startNanoseconds: Int64(startedWall),
          durationNanoseconds: Int64(quality.windowSeconds * 1e9)))
    }
    return recording
  }
}

/// The threads of a process, as /proc lists them at this moment.
enum Threads {
  /// What is known about threads that were watched.
  struct Table {
    var names: [Int32: String] = [:]
    /// The place of the target that a thread belongs to.
    var targets: [Int32: Int] = [:]
    /// The process that a thread belongs to.
    var processes: [Int32: Int32] = [:]
  }

  static func of(_ pid: Int32) -> [Int32] {
    ((try? FileSystem.list("/proc/\(pid)/task")) ?? []).compactMap { Int32($0) }.sorted()
  }

  static func exists(_ pid: Int32) -> Bool { FileSystem.exists("/proc/\(pid)/task") }

  static func names(of pid: Int32) -> [Int32: String] {
    var names: [Int32: String] = [:]
    for tid in of(pid) {
      if let text = try? FileSystem.text(of: "/proc/\(pid)/task/\(tid)/comm") {
        names[tid] = String(text.filter { $0 != "\n" })
      }
    }
    return names
  }
}
