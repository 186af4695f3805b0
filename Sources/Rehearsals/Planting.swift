import Basics

/// A program with one fault of known size, for `vbench doctor --diagnosis` to find.
///
/// It does honest work and the fault in turns, so that the fault has the share that was asked for,
/// and says at the end what share it truly had. The honest work fires no rule by itself.
enum Planting {
  /// Does `plant:NAME:PERMILLE:MILLISECONDS`; nil for a mode of somebody else.
  ///
  /// - Returns: `plant` and `whole` in nanoseconds: what the fault took, and of what.
  static func work(_ mode: String) throws -> [String: UInt64]? {
    let words = mode.split(separator: ":").map(String.init)
    guard words.count == 4, words[0] == "plant", let share = Double(words[2]),
      let milliseconds = UInt64(words[3])
    else { return nil }
    let dose = Dose(share: share / 1_000, nanoseconds: milliseconds * 1_000_000)
    return try PlantedCalls.work(words[1], dose) ?? PlantedRuntime.work(words[1], dose)
      ?? PlantedWaits.work(words[1], dose)
  }
}

/// How much of the fault, and for how long.
struct Dose {
  /// From 0 to 1.
  let share: Double
  /// Of CPU for what uses it, of time for what waits.
  let nanoseconds: UInt64

  /// Honest work and the fault in turns, each turn timed by the clock of the process' CPU.
  ///
  /// That clock is a system call, which on a busy machine takes some microseconds: it is read once
  /// between two turns, and the turns are long enough that the reading is no fault of its own. A
  /// turn of the fault is about half a millisecond, for a near miss is a few of them, and one more
  /// must not carry it over its threshold.
  func mixed(_ fault: () -> Void) -> [String: UInt64] {
    var (planted, rest): (UInt64, UInt64) = (0, 0)
    var calls = 1
    var time = Clock.processCPU()
    while planted + rest < nanoseconds {
      let isFault = Double(planted) < share * Double(planted + rest)
      if isFault { Self.times(calls, fault) } else { Self.workHonestly() }
      let now = Clock.processCPU()
      if !isFault {
        rest += now - time
      } else {
        planted += now - time
        if now - time < Self.turn { calls *= 2 }
      }
      time = now
    }
    return ["plant": planted, "whole": Clock.processCPU()]
  }

  /// The least that a turn of the fault takes, once it has found how often it must be called.
  private static let turn: UInt64 = 400_000

  /// Turns of uneven length: equal ones could fall into step with the sampler.
  private static func workHonestly() {
    unsafe result &+= compute(2_000_000 + Int(unsafe result >> 40) % 6_000_000)
  }

  // SAFETY: only one thread plants.
  nonisolated(unsafe) private static var result: UInt64 = 0

  /// So many steps, each waiting for the one before it: the work of a program without a fault.
  @inline(never)
  static func compute(_ steps: Int) -> UInt64 {
    var number: UInt64 = UInt64(truncatingIfNeeded: steps) | 1
    var step = 0
    while step < steps {
      number = number &* 6_364_136_223_846_793_005 &+ 1
      step &+= 1
    }
    return number
  }

  /// A plain loop: in a debug build a `for` over a range is a fault of its own.
  static func times(_ count: Int, _ body: () -> Void) {
    var done = 0
    while done < count {
      body()
      done &+= 1
    }
  }
}
