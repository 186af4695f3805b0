import Basics

/// Which arm comes when: every round has each arm once, and every second round is the mirror image
/// of the one before.
///
/// For two arms that is ABBA or BAAB, drawn anew for each pair of rounds: a drift of the machine
/// that is steady over four trials takes from both arms alike, and who goes first is nobody's
/// choice. It follows from the seed alone.
struct TurnOrder: Sendable {
  let arms: Int
  let seed: UInt64

  /// The arms of a round in their order; rounds are counted from 1.
  func round(_ number: Int) -> [Int] {
    var random = SeededRandom(seed, stream: 0xAB, UInt64((number - 1) / 2))
    let drawn = (0..<arms).shuffled(using: &random)
    return number % 2 == 1 ? drawn : drawn.reversed()
  }
}
