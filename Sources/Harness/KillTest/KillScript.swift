import Basics
package import Vocabulary

/// What the writers of a kill test do: the same for everybody who knows the seed.
///
/// Every writer has ids of its own and does one thing after the other, so whoever knows how many
/// of its operations were acknowledged knows what must be in the store, but for the one that may
/// have been under way.
package struct KillScript: Codable, Sendable, Equatable {
  package var seed: UInt64
  package var writers = 4
  package var idsOfWriter = 400
  package var dimensions = 16
  package var batch = 20

  package init(seed: UInt64) { self.seed = seed }

  package enum Change: Sendable, Equatable { case upsert, delete }

  package struct Operation: Sendable, Equatable {
    package let change: Change
    package let ids: [VectorID]
  }

  /// The `number`-th operation of a writer, counted from 1.
  package func operation(_ writer: Int, _ number: Int) -> Operation {
    var random = SeededRandom(seed, stream: UInt64(writer), UInt64(number))
    let change: Change = random.below(4) == 0 ? .delete : .upsert
    let first = random.below(idsOfWriter)
    let count = 1 + random.below(batch)
    let ids = (0..<count).map { offset in
      VectorID(UInt64(writer * idsOfWriter + (first + offset) % idsOfWriter))
    }
    return Operation(change: change, ids: ids)
  }

  /// The vector that an upsert gives an id; no two of an id are alike.
  package func vector(_ id: VectorID, _ number: Int) -> [Float] {
    var random = SeededRandom(seed, stream: id.rawValue, UInt64(number), 1)
    return (0..<dimensions).map { _ in Float(random.normal()) }
  }
}
