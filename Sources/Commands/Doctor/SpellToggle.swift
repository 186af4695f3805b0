import Basics
import Measurement
import Sampling

/// Switches a recorder's events off and on in turns, and remembers when.
///
/// Turns are of unequal length, so that they keep step with nothing that the machine does at
/// intervals: what a neighbor does every 40 ms would be charged to one side.
struct SpellToggle {
  private(set) var turns: [Turn] = []
  private let length: UInt64
  private var random = SeededRandom(Clock.now(), stream: 0x59E1)
  private var since: UInt64
  private var until: UInt64 = 0
  private var isOn = true

  struct Turn {
    let start: UInt64
    let end: UInt64
    let isWatched: Bool
  }

  init(every length: UInt64) {
    self.length = length
    since = Clock.now()
    until = nextEnd()
  }

  private mutating func nextEnd() -> UInt64 {
    since + length * 3 / 4 + UInt64(random.below(Int(length / 2)))
  }

  mutating func advance(_ recorder: Recorder) {
    let end = Clock.now()
    guard end >= until else { return }
    if isOn { recorder.pause() } else { recorder.resume() }
    turns.append(Turn(start: since, end: end, isWatched: isOn))
    isOn.toggle()
    since = Clock.now()
    until = nextEnd()
  }
}

/// How far a rehearsal was at many moments, and what CPU it had taken.
struct PulseRecord {
  struct Moment {
    let time: UInt64
    let cpu: UInt64
    let work: UInt64
  }

  let moments: [Moment]

  /// What is left out at both ends of a turn, where the switching itself happens.
  private static let edge: UInt64 = 2_000_000

  /// What was done in each turn, as far as moments inside it tell.
  func spells(of turns: [SpellToggle.Turn]) -> [Spell] {
    turns.compactMap { turn in
      // Moments are in the order of time, and there are thousands.
      let first = firstIndex { $0.time >= turn.start + Self.edge }
      let behind = firstIndex { $0.time > turn.end - Self.edge }
      guard first < behind - 1 else { return nil }
      let (start, end) = (moments[first], moments[behind - 1])
      return Spell(
        isWatched: turn.isWatched, start: start.time, end: end.time,
        cpuNanoseconds: end.cpu - start.cpu, work: [end.work - start.work])
    }
  }

  /// The first moment that satisfies a condition which all behind it satisfy too.
  private func firstIndex(_ holds: (Moment) -> Bool) -> Int {
    var (low, high) = (0, moments.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(moments[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
