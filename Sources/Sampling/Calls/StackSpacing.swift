/// Every how many system calls one is recorded with its stack.
///
/// Primes, because a program that makes the same sixty-four calls over and over would show only one
/// of them at every sixty-fourth. There is a kernel event for each spacing, and one of them is on:
/// a period could be changed for the thread that an event was opened on, but not for those that
/// inherited it, while switching on and off reaches all.
package enum StackSpacing: UInt64, Sendable, CaseIterable, Comparable {
  case every = 1
  case some = 61
  case few = 1_021

  package static func < (left: StackSpacing, right: StackSpacing) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Chooses the spacing so that about a thousand stacks a second are taken.
///
/// A stack costs about ten microseconds, half of them in the thread that makes the call. Nothing is
/// known at the start, so it starts in the middle; it gets sparse as soon as calls come fast, and
/// dense again only after a calm moment.
struct CallGovernor {
  private static let budget = 1_600.0
  private static let glance: UInt64 = 5_000_000
  private static let calm: UInt64 = 20_000_000

  private(set) var spacing = StackSpacing.some
  private var glanced: Mark?
  private var calmSince: Mark?

  private struct Mark {
    let time: UInt64
    let calls: Int

    func rate(_ now: UInt64, _ calls: Int) -> Double {
      now > time ? Double(calls - self.calls) * 1e9 / Double(now - time) : 0
    }
  }

  /// The new spacing, if it must change.
  mutating func decide(_ now: UInt64, calls: Int) -> StackSpacing? {
    let mark = Mark(time: now, calls: calls)
    guard let glanced, let calmSince else {
      (self.glanced, self.calmSince) = (mark, mark)
      return nil
    }
    guard now >= glanced.time + Self.glance else { return nil }
    self.glanced = mark
    let fast = Self.spacing(for: glanced.rate(now, calls))
    if fast > spacing { return change(to: fast, mark) }
    guard now >= calmSince.time + Self.calm else { return nil }
    self.calmSince = mark
    // Back only when it is clearly calmer, or it would go to and fro.
    let slow = Self.spacing(for: 2 * calmSince.rate(now, calls))
    return slow < spacing ? change(to: slow, mark) : nil
  }

  private mutating func change(to spacing: StackSpacing, _ mark: Mark) -> StackSpacing {
    self.spacing = spacing
    calmSince = mark
    return spacing
  }

  private static func spacing(for rate: Double) -> StackSpacing {
    StackSpacing.allCases.first { rate <= budget * Double($0.rawValue) } ?? .few
  }
}
