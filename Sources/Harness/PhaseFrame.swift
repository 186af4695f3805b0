import Basics
import Synchronization
import RunRecords

/// Opens and shuts a phase around all workers: the gate, the clocks, the CPU that was used.
final class PhaseFrame: @unchecked Sendable {
  private let opening: PhaseBarrier
  private let closing: PhaseBarrier
  private let whenOpened: () -> Void
  private let whenBegun: () -> Void
  private let whenClosed: () -> Void

  // Written by the last worker to arrive, read by the others behind the barrier's lock and by the
  // main thread after joining.
  private(set) var interval: (start: UInt64, end: UInt64) = (0, 0)
  private var cpu: (start: UInt64, end: UInt64) = (0, 0)
  private var counters: (before: ProcessCounters, after: ProcessCounters) = (.init(), .init())
  private var load: (before: SystemLoad?, after: SystemLoad?) = (nil, nil)

  /// What is to be done runs on the last worker to arrive, while the others stand at the barrier:
  /// before the clock starts, when it has started, and when it has stopped.
  init(
    workers: Int, whenOpened: @escaping () -> Void = {}, whenBegun: @escaping () -> Void = {},
    whenClosed: @escaping () -> Void = {}
  ) {
    opening = PhaseBarrier(workers)
    closing = PhaseBarrier(workers)
    self.whenOpened = whenOpened
    self.whenBegun = whenBegun
    self.whenClosed = whenClosed
  }

  func begin(_ phase: Worker.Phase) {
    opening.meet {
      whenOpened()
      load.before = SystemLoad.now()
      counters.before = .now()
      cpu.start = Clock.processCPU()
      interval.start = Clock.now()
      phase.start.store(interval.start, ordering: .releasing)
      whenBegun()
    }
  }

  func end() {
    closing.meet {
      interval.end = Clock.now()
      cpu.end = Clock.processCPU()
      counters.after = .now()
      load.after = SystemLoad.now()
      whenClosed()
    }
  }

  var seconds: Double { Double(interval.end - interval.start) / 1e9 }

  var cpuSeconds: Double { Double(cpu.end - cpu.start) / 1e9 }

  func describe(_ outcome: inout TrialOutcome) {
    outcome.trial.measuredSeconds = seconds
    outcome.trial.cpuSeconds = cpuSeconds
    outcome.counters = counters.after.since(counters.before)
    guard let before = load.before, let after = load.after else { return }
    outcome.stealShare = before.stealShare(until: after)
    outcome.otherProcessesCPU = before.othersCPU(until: after)
  }
}
