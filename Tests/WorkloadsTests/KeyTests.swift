import Basics
import Testing
import Vocabulary
import Workloads

/// Draws against the exact probabilities, at small and at large sets.
@Suite struct `A choice of keys` {
  private static let hot = HotShare(keys: 0.1, draws: 0.8)

  /// The exact probability of a rank.
  private func probability(_ rank: Int, _ choice: KeyChoice, _ count: Int) -> Double {
    switch choice {
    case .uniform: return 1 / Double(count)
    case .hotspot:
      let hot = Self.hot.count(of: count)
      return 0.2 / Double(count) + (rank < hot ? 0.8 / Double(hot) : 0)
    case .zipf(let exponent): return weight(rank, exponent) / total(count, exponent)
    case .latest: return weight(rank, 0.99) / total(count, 0.99)
    }
  }

  private func weight(_ rank: Int, _ exponent: Double) -> Double {
    // The power by the slow road: the sampler's own functions are not asked.
    SlowMath.power(Double(rank + 1), -exponent)
  }

  private func total(_ count: Int, _ exponent: Double) -> Double {
    (0..<count).reduce(0) { $0 + weight($1, exponent) }
  }

  @Test(arguments: ["uniform", "zipf:0.99", "zipf:1", "zipf:0.5", "zipf:2", "hotspot", "latest"])
  func `draws each rank as often as it should at every size of the set`(spelling: String) throws {
    let choice = try #require(KeyChoice(spelling: spelling))
    for count in [1, 2, 10, 1_000] {
      var random = SeededRandom(11, stream: UInt64(count))
      var seen = [Double](repeating: 0, count: count)
      let draws = 200_000
      for _ in 0..<draws { seen[choice.rank(among: count, Self.hot, &random)] += 1 }
      expectFit(seen, (0..<count).map { probability($0, choice, count) }, "\(spelling) of \(count)")
    }
  }

  @Test(arguments: ["uniform", "zipf:0.99", "hotspot", "latest"])
  func `draws ranges of ranks as often as it should among a million`(spelling: String) throws {
    let choice = try #require(KeyChoice(spelling: spelling))
    let count = 1_000_000
    let edges = [0, 1, 2, 5, 10, 100, 1_000, 10_000, 100_000, 300_000, count]
    var random = SeededRandom(12)
    var seen = [Double](repeating: 0, count: edges.count - 1)
    for _ in 0..<400_000 {
      let rank = choice.rank(among: count, Self.hot, &random)
      seen[(edges.firstIndex { $0 > rank } ?? 0) - 1] += 1
    }
    let total = choice == .uniform || choice == .hotspot ? 1 : total(count, 0.99)
    let expected = zip(edges, edges.dropFirst()).map { low, high in
      total == 1
        ? (low..<high).reduce(0) { $0 + probability($1, choice, count) }
        : (low..<high).reduce(0) { $0 + weight($1, 0.99) } / total
    }
    expectFit(seen, expected, spelling)
  }

  /// Pearson's test; cells with little expected are put together with their neighbors.
  private func expectFit(_ seen: [Double], _ probabilities: [Double], _ what: String) {
    let draws = seen.reduce(0, +)
    var (cells, sum, gathered) = (0, 0.0, (seen: 0.0, expected: 0.0))
    for (number, probability) in zip(seen, probabilities) {
      gathered.seen += number
      gathered.expected += probability * draws
      guard gathered.expected >= 20 else { continue }
      let distance = gathered.seen - gathered.expected
      sum += distance * distance / gathered.expected
      cells += 1
      gathered = (0, 0)
    }
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-6, "\(what)")
    // The mean of the statistic is its degrees of freedom, its variance twice that; the seed is
    // fixed, so this either holds or does not.
    let freedom = Double(max(cells - 1, 1))
    #expect(sum < freedom + 5 * (2 * freedom).squareRoot(), "\(what): χ² \(sum) of \(freedom)")
  }

  @Test func `is spelled and read back`() {
    for spelling in ["uniform", "zipf:0.99", "zipf:1.2", "hotspot", "latest"] {
      #expect(KeyChoice(spelling: spelling)?.spelling == spelling)
    }
    #expect(KeyChoice(spelling: "zipf") == .zipf(exponent: 0.99))
    for wrong in ["", "zipfian", "zipf:", "zipf:0", "zipf:-1", "zipf:nan", "latest:1", "zipf:1:2"] {
      #expect(KeyChoice(spelling: wrong) == nil, "\(wrong)")
    }
  }
}

/// x^y by repeated square roots; no function of the C library is in it.
private enum SlowMath {
  static func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent < 0 { return 1 / power(base, -exponent) }
    var (result, rest) = (1.0, exponent)
    while rest >= 1 {
      result *= base
      rest -= 1
    }
    var root = base
    for _ in 0..<50 where rest > 0 {
      root = root.squareRoot()
      rest *= 2
      if rest >= 1 {
        result *= root
        rest -= 1
      }
    }
    return result
  }
}

@Suite struct `The live keys` {
  private let hot = HotShare(keys: 0.1, draws: 0.8)

  @Test(arguments: ["uniform", "zipf:0.99", "hotspot", "latest"])
  func `never yield a key that is not there, against a plain set under the same history`(
    spelling: String
  ) throws {
    let choice = try #require(KeyChoice(spelling: spelling))
    for (seed, rows) in [(1, 0), (2, 1), (3, 2), (4, 10), (5, 3_000)] {
      var random = SeededRandom(UInt64(seed), stream: 7)
      var keys = LiveKeys(preloaded: rows, seed: 9)
      var model = Set((0..<UInt64(rows)).map { VectorID($0) })
      var next = UInt64(rows)
      for step in 0..<3_000 {
        switch random.below(4) {
        case 0:
          keys.insert(VectorID(next))
          model.insert(VectorID(next))
          next += UInt64(1 + random.below(3))
        case 1:
          for key in keys.take(1 + random.below(4), choice, hot, &random) {
            #expect(model.remove(key.id) != nil, "seed \(seed), step \(step)")
            keys.remove(key.id)
          }
        case 2:
          for key in keys.takeOldest(random.below(4)) {
            #expect(key.id == model.min(), "seed \(seed), step \(step)")
            model.remove(key.id)
            keys.remove(key.id)
          }
        default:
          let chosen = keys.choose(choice, hot, &random)
          #expect(chosen == nil ? model.isEmpty : model.contains(chosen ?? VectorID(0)))
        }
        #expect(keys.count == model.count)
      }
    }
  }

  @Test func `give a key to one writer at a time, and tell whose vector it holds`() {
    var keys = LiveKeys(preloaded: 3, seed: 1)
    var random = SeededRandom(1)
    let first = keys.take(2, .uniform, hot, &random)
    let second = keys.take(5, .uniform, hot, &random)
    #expect(first.count == 2 && second.count == 1)
    #expect(Set((first + second).map(\.id)).count == 3)
    #expect(keys.take(1, .uniform, hot, &random).isEmpty)
    #expect(first[0].vector == first[0].id)
    keys.giveBack(first[0].id, holding: VectorID(77))
    let again = keys.take(3, .uniform, hot, &random)
    #expect(again.map(\.id) == [first[0].id])
    #expect(again.map(\.vector) == [VectorID(77)])
  }

  @Test func `favor the newest under latest, and a few under zipf for as long as they live`() {
    var keys = LiveKeys(preloaded: 100, seed: 1)
    var random = SeededRandom(2)
    for id in 100..<200 { keys.insert(VectorID(UInt64(id))) }
    func counts(_ choice: KeyChoice) -> [VectorID: Int] {
      (0..<20_000).reduce(into: [:]) { counts, _ in
        counts[keys.choose(choice, hot, &random) ?? VectorID(0), default: 0] += 1
      }
    }
    let latest = counts(.latest)
    #expect(latest.max { $0.value < $1.value }?.key == VectorID(199))
    #expect((latest[VectorID(198)] ?? 0) > 2 * (latest[VectorID(190)] ?? 0))
    let before = counts(.zipf(exponent: 0.99)).max { $0.value < $1.value }?.key
    for key in keys.takeOldest(50) where key.id != before { keys.remove(key.id) }
    for id in 200..<300 { keys.insert(VectorID(UInt64(id))) }
    #expect(counts(.zipf(exponent: 0.99)).max { $0.value < $1.value }?.key == before)
  }

  @Test func `that are all gone yield nothing, and new ones are found again`() {
    var keys = LiveKeys(preloaded: 2, seed: 1)
    var random = SeededRandom(3)
    for key in keys.take(9, .zipf(exponent: 0.99), hot, &random) { keys.remove(key.id) }
    #expect(keys.count == 0)
    #expect(keys.choose(.latest, hot, &random) == nil)
    #expect(keys.take(1, .hotspot, hot, &random).isEmpty)
    #expect(keys.takeOldest(3).isEmpty)
    keys.insert(VectorID(50))
    for choice in [KeyChoice.uniform, .latest, .hotspot, .zipf(exponent: 0.99)] {
      #expect(keys.choose(choice, hot, &random) == VectorID(50))
    }
  }
}
