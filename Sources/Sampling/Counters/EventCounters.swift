import Basics
import Glibc

/// Counts what happens to a process between `start()` and `stop()`, without samples.
///
/// Every thread that is there is opened by itself; threads and processes born later inherit the
/// counters of their maker. Counting costs nothing but a few registers saved at each switch.
///
/// Processor events that belong together are one group: the kernel puts a group on the processor
/// as a whole or not at all, so their ratios stay true when groups have to take turns.
package final class EventCounters {
  private let system: any CounterSystem
  private let pid: Int32
  private var counters: [CountedEvent: [Counter]] = [:]
  private var refusals: [CountedEvent: CounterState] = [:]
  private var leaders: [Int32] = []
  private var excludesKernel = false
  private var threads = 0
  private var bornMeanwhile = 0
  private var baseline: Baseline?

  /// One event of one thread.
  private struct Counter {
    let descriptor: Int32
    var before = CounterReading()
  }

  private struct Baseline {
    let time: UInt64
    let switches: UInt64?
  }

  /// Opens the counters of a process, or of the calling one; nothing counts yet.
  package convenience init(pid: Int32? = nil) throws(SamplingError) {
    try self.init(pid: pid ?? getpid(), system: LinuxCounters(), catalogue: EventCatalogue())
  }

  init(
    pid: Int32, system: any CounterSystem, catalogue: EventCatalogue
  ) throws(SamplingError) {
    self.pid = pid
    self.system = system
    let tids = system.threads(of: pid)
    guard !tids.isEmpty else { throw .noSuchProcess(pid) }
    do throws(SystemError) {
      for tid in tids { try open(tid, catalogue) }
    } catch {
      throw error.code == EMFILE || error.code == ENFILE ? .tooManyEvents : .system("\(error)")
    }
    threads = tids.count
    // Who is born of a thread that is open has inherited its counters, and must not count twice.
    bornMeanwhile = Set(system.threads(of: pid)).subtracting(tids).count
  }

  deinit { for counter in counters.values.joined() { system.close(counter.descriptor) } }

  package func start() {
    for (event, list) in counters {
      counters[event] = list.map { counter in
        Counter(
          descriptor: counter.descriptor,
          before: (try? system.read(counter.descriptor)) ?? CounterReading())
      }
    }
    baseline = Baseline(time: Clock.now(), switches: system.switches(of: pid))
    for leader in leaders { try? system.enable(leader) }
  }

  /// What was counted since `start()`.
  package func stop() -> CounterReport {
    for leader in leaders { try? system.disable(leader) }
    let window = Clock.now() - (baseline?.time ?? Clock.now())
    return CounterReport(
      rows: CountedEvent.allCases.map(row), windowSeconds: Double(window) / 1e9,
      excludesKernel: excludesKernel, threads: threads, threadsBornMeanwhile: bornMeanwhile)
  }

  // MARK: - Reading

  private func row(_ event: CountedEvent) -> CounterReport.Row {
    if excludesKernel, event.happensInKernel { return withoutKernel(event) }
    // Refused for one thread, a sum over the others would be too small.
    if let refusal = refusals[event] { return CounterReport.Row(event: event, state: refusal) }
    let readings = (counters[event] ?? []).compactMap { counter in
      (try? system.read(counter.descriptor))?.since(counter.before)
    }
    return CounterReport.Row(event: event, state: CounterState(event, readings))
  }

  /// Counting user space alone would find none of these, and a zero would be a lie.
  private func withoutKernel(_ event: CountedEvent) -> CounterReport.Row {
    guard event == .contextSwitches, let before = baseline?.switches,
      let after = system.switches(of: pid)
    else {
      let reason = "needs the kernel to be counted; perf_event_paranoid forbids it"
      return CounterReport.Row(event: event, state: .notPermitted(reason: reason))
    }
    let source =
      pid == getpid() ? "getrusage, for the whole process" : "/proc, for threads that still live"
    return CounterReport.Row(
      event: event, state: .counted(value: after - min(before, after), runningShare: 1),
      source: source)
  }

  // MARK: - Opening

  private func open(_ tid: Int32, _ catalogue: EventCatalogue) throws(SystemError) {
    for group in CountedEvent.groups {
      var leader: Int32 = -1
      for event in group where refusals[event] == nil {
        guard let name = event.name(on: catalogue) else {
          refusals[event] = .notSupported
          continue
        }
        guard let opened = try open(event, name, tid, leader) else { continue }
        counters[event, default: []].append(Counter(descriptor: opened.descriptor))
        if opened.isLeader {
          leaders.append(opened.descriptor)
          if leader < 0 { leader = opened.descriptor }
        }
      }
    }
  }

  /// Opens one event in its group, or alone when the group is full; nil when it cannot be had.
  private func open(
    _ event: CountedEvent, _ name: EventName, _ tid: Int32, _ leader: Int32
  ) throws(SystemError) -> (descriptor: Int32, isLeader: Bool)? {
    do throws(SystemError) {
      return (try openAllowed(name, tid, leader), leader < 0)
    } catch {
      switch error.code {
      case EINVAL where leader >= 0:
        guard let alone = try? openAllowed(name, tid, -1) else { break }
        return (alone, true)
      // The thread has ended.
      case ESRCH: return nil
      case EMFILE, ENFILE: throw error
      default: break
      }
      refusals[event] = Self.refusal(error)
      return nil
    }
  }

  /// Without the kernel's part where that is not allowed.
  private func openAllowed(
    _ name: EventName, _ tid: Int32, _ leader: Int32
  ) throws(SystemError) -> Int32 {
    do throws(SystemError) {
      return try system.open(name, tid: tid, leader: leader, excludesKernel: excludesKernel)
    } catch {
      guard error.isPermission, !excludesKernel else { throw error }
      let descriptor = try system.open(name, tid: tid, leader: leader, excludesKernel: true)
      excludesKernel = true
      return descriptor
    }
  }

  private static func refusal(_ error: SystemError) -> CounterState {
    switch error.code {
    case ENOENT, EOPNOTSUPP, ENODEV, EINVAL, ENOSYS: .notSupported
    default: .notPermitted(reason: error.reason)
    }
  }
}
