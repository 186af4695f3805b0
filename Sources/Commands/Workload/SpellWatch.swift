import Basics
import Measurement
import Sampling
import Synchronization
import VectorIndex

/// Watches a trial in spells, on and off in turns, and reads at each turn how far its work is.
///
/// Used by the thread that made it, and between `init` and `stop` by one of its own.
final class SpellWatch: @unchecked Sendable {
  private let recorder: Recorder
  private let pid: Int32
  private let memory: File
  private let meter: WorkMeter
  private let isOver = Atomic<Bool>(false)
  private var thread: RunningThread?
  private var spells: [Spell] = []

  /// Short, because what the same work costs drifts within tenths of a second where others share
  /// the machine; long beside the half millisecond that switching takes.
  private static let length: UInt64 = 60_000_000

  init(_ pid: Int32, _ meter: WorkMeter, _ recorder: Recorder) throws {
    self.pid = pid
    self.meter = meter
    self.recorder = recorder
    memory = try File("/proc/\(pid)/mem", .read)
    try recorder.start()
    thread = try WorkerThreads.start(name: "spells") { [self] in takeTurns() }
  }

  /// The spells, when the trial is through with its work, or gone.
  func stop() -> [Spell] {
    isOver.store(true, ordering: .relaxed)
    if let thread { WorkerThreads.join(thread) }
    thread = nil
    recorder.discard()
    return spells
  }

  private func takeTurns() {
    // Spells of unequal length keep step with nothing that the trial does at intervals.
    var random = SeededRandom(UInt64(pid), stream: 0x59E1)
    var isWatched = true
    while !isOver.load(ordering: .relaxed) {
      guard let before = reading() else { return }
      let part = Self.length * 3 / 4 + UInt64(random.below(Int(Self.length / 2)))
      Clock.sleep(until: before.time + part)
      guard let after = reading() else { return }
      spells.append(
        Spell(
          isWatched: isWatched, start: before.time, end: after.time,
          cpuNanoseconds: after.cpu &- before.cpu,
          work: zip(before.work, after.work).map { $1 &- $0 }))
      if isWatched { recorder.pause() } else { recorder.resume() }
      isWatched.toggle()
    }
  }

  private struct Reading {
    let time: UInt64
    let cpu: UInt64
    let work: [UInt64]
  }

  /// How far the trial is, its CPU and its work at one moment; nil when it is gone.
  ///
  /// We may lose the processor between the two, so of a few attempts the quickest counts.
  private func reading() -> Reading? {
    var best: (width: UInt64, reading: Reading)?
    for _ in 0..<4 {
      let (start, cpu) = (Clock.now(), Clock.processCPU(of: pid))
      guard let bytes = try? memory.read(at: Int(meter.address), count: WorkMeter.byteCount),
        bytes.count == WorkMeter.byteCount
      else { return nil }
      let (end, after) = (Clock.now(), Clock.processCPU(of: pid))
      if end - start < best?.width ?? .max {
        let words = stride(from: 0, to: bytes.count, by: 8).map { place in
          bytes[place..<(place + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        best = (
          end - start,
          Reading(
            time: start + (end - start) / 2, cpu: cpu + (after &- cpu) / 2,
            work: WorkMeter.work(in: words))
        )
      }
      if end - start < 50_000 { break }
    }
    return best?.reading
  }
}
