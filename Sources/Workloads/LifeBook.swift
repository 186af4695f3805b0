package import Vocabulary

/// When vectors came to their ids and when they went, as somebody saw it who asked for it.
///
/// One worker may bring a vector and another take it away: each writes down its part, and the parts
/// are put together at the end.
package struct LifeBook: Sendable {
  private struct Event {
    let id: VectorID
    let vector: VectorID
    let start: UInt64
    let end: UInt64
  }

  private var births: [Event] = []
  private var deaths: [Event] = []

  package init() {}

  /// - Parameters:
  ///   - id: Who got the vector.
  ///   - vector: Its number.
  ///   - start: When it was asked for.
  ///   - end: When that was acknowledged; nil when it failed, and nobody knows.
  package mutating func born(_ id: VectorID, _ vector: VectorID, start: UInt64, end: UInt64?) {
    births.append(Event(id: id, vector: vector, start: start, end: end ?? .max))
  }

  /// The same for a vector that was removed or replaced.
  package mutating func died(_ id: VectorID, _ vector: VectorID, start: UInt64, end: UInt64?) {
    deaths.append(Event(id: id, vector: vector, start: start, end: end ?? .max))
  }

  package mutating func merge(_ other: LifeBook) {
    births += other.births
    deaths += other.deaths
  }

  /// A life for every vector that came or went; one that only went was there from the beginning.
  package func lives() -> [RecallScorer.Life] {
    var lives: [VectorID: RecallScorer.Life] = [:]
    for birth in births {
      lives[birth.vector] = RecallScorer.Life(
        id: birth.id, vector: birth.vector, insertStart: birth.start, insertEnd: birth.end)
    }
    for death in deaths {
      var life = lives[death.vector] ?? RecallScorer.Life(id: death.id, vector: death.vector)
      life.deleteStart = min(life.deleteStart, death.start)
      life.deleteEnd = min(life.deleteEnd, death.end)
      lives[death.vector] = life
    }
    return lives.values.sorted { $0.vector < $1.vector }
  }
}
