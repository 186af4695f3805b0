package import Basics
package import Vocabulary

/// The ids that are in the store as far as their acknowledgements say, to choose keys from.
///
/// An id enters when its insert was acknowledged, so none is drawn too early, and leaves before its
/// removal is asked for. Whoever writes to an id takes it meanwhile: two writes to one id never
/// overlap, so everybody knows which came last. Popularity belongs to a place: a new id takes the
/// last one, and the last id fills the place of one that leaves.
package struct LiveKeys: Sendable {
  /// Place → id, the most popular first.
  private var ids: [UInt32] = []
  /// Id → place; `nowhere` for those that are not there.
  private var places: [UInt32] = []
  private var ages = AgeOrder()
  /// Being written to by somebody.
  private var taken: Set<UInt32> = []
  /// The vector that an id has now, where it is not the first.
  private var replaced: [UInt32: VectorID] = [:]

  private static let nowhere = UInt32.max

  /// An id and the vector it had when it was taken.
  package struct Key: Equatable, Sendable {
    package let id: VectorID
    package let vector: VectorID
  }

  /// The ids 0 ..< rows; which of them are popular follows from the seed.
  package init(preloaded rows: Int, seed: UInt64) {
    precondition(rows >= 0 && rows < Int(Self.nowhere))
    for number in 0..<UInt32(rows) { ages.append(number) }
    ids = Array(0..<UInt32(rows))
    var random = SeededRandom(seed, stream: 0x4B)
    ids.shuffle(using: &random)
    places = Array(repeating: Self.nowhere, count: rows)
    for (place, id) in ids.enumerated() { places[Int(id)] = UInt32(place) }
  }

  package var count: Int { ids.count }

  package func contains(_ id: VectorID) -> Bool {
    id.rawValue < UInt64(places.count) && places[Int(id.rawValue)] != Self.nowhere
  }

  // MARK: - Choosing

  /// Some live id; nil when there is none.
  package func choose(
    _ choice: KeyChoice, _ hot: HotShare, _ random: inout SeededRandom
  ) -> VectorID? {
    if ids.isEmpty { return nil }
    return VectorID(UInt64(pick(choice, hot, &random)))
  }

  private func pick(
    _ choice: KeyChoice, _ hot: HotShare, _ random: inout SeededRandom
  ) -> UInt32 {
    let rank = choice.rank(among: ids.count, hot, &random)
    return choice == .latest ? ages.oldest(ids.count - 1 - rank) : ids[rank]
  }

  /// Up to `wanted` different live ids that nobody writes to.
  ///
  /// Fewer when there are not so many, or when a skewed choice does not come upon them.
  package mutating func take(
    _ wanted: Int, _ choice: KeyChoice, _ hot: HotShare, _ random: inout SeededRandom
  ) -> [Key] {
    if wanted >= ids.count { return take(ids.filter { !taken.contains($0) }) }
    var found: Set<UInt32> = []
    var order: [UInt32] = []
    var attempts = 16 * wanted + 64
    while order.count < wanted, attempts > 0 {
      attempts -= 1
      let id = pick(choice, hot, &random)
      if !taken.contains(id), found.insert(id).inserted { order.append(id) }
    }
    return take(order)
  }

  /// The same, but the oldest.
  package mutating func takeOldest(_ wanted: Int) -> [Key] {
    var order: [UInt32] = []
    var rank = 0
    while order.count < wanted, rank < ids.count {
      let id = ages.oldest(rank)
      if !taken.contains(id) { order.append(id) }
      rank += 1
    }
    return take(order)
  }

  private mutating func take(_ chosen: [UInt32]) -> [Key] {
    taken.formUnion(chosen)
    return chosen.map { id in
      let name = VectorID(UInt64(id))
      return Key(id: name, vector: replaced[id] ?? name)
    }
  }

  // MARK: - Changing

  /// Was inserted, and its insert acknowledged.
  package mutating func insert(_ id: VectorID) {
    precondition(id.rawValue < UInt64(Self.nowhere), "keys are numbers below 2³² − 1")
    precondition(!contains(id), "an id is inserted once")
    let number = UInt32(id.rawValue)
    while places.count <= Int(number) { places.append(Self.nowhere) }
    places[Int(number)] = UInt32(ids.count)
    ids.append(number)
    ages.append(number)
  }

  /// Is about to be removed; it was taken before.
  package mutating func remove(_ id: VectorID) {
    precondition(contains(id), "only a live id can be removed")
    let number = UInt32(id.rawValue)
    let place = places[Int(number)]
    let last = ids.removeLast()
    if last != number {
      ids[Int(place)] = last
      places[Int(last)] = place
    }
    places[Int(number)] = Self.nowhere
    ages.remove(number)
    taken.remove(number)
    replaced[number] = nil
  }

  /// Was taken, and holds this vector now.
  package mutating func giveBack(_ id: VectorID, holding vector: VectorID) {
    let number = UInt32(id.rawValue)
    taken.remove(number)
    replaced[number] = vector
  }
}
