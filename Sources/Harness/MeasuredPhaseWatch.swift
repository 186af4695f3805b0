import Basics

/// The threads that look on while a phase is measured: one counts what is under way, one asks
/// for inserts that were not found at once.
final class MeasuredPhaseWatch: @unchecked Sendable {
  let gauge: ConcurrencyGauge
  let lag: SearchableLag
  // Touched by the thread that starts and joins only.
  private var threads: [RunningThread] = []

  init(_ phase: Worker.Phase, _ target: any Target, _ settings: WorkloadSettings) {
    gauge = ConcurrencyGauge(phase)
    lag = SearchableLag(target, topK: settings.topK, ef: settings.ef)
  }

  func start() throws {
    let (gauge, lag) = (gauge, lag)
    threads.append(try WorkerThreads.start(name: "client-gauge") { gauge.watch() })
    threads.append(try WorkerThreads.start(name: "client-lag") { lag.askUntilOver() })
  }

  func begin() { gauge.begin() }

  func end() {
    gauge.end()
    lag.noMoreWillCome()
  }

  func join() { for thread in threads { WorkerThreads.join(thread) } }
}
