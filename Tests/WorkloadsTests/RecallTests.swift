import Testing
import Vocabulary
import Workloads

@Suite struct `A recall scorer` {
  private let source = VectorSource(
    DatasetSpec(
      kind: .clustered, rows: 60, dimensions: 8, metric: .l2, queries: 4, querySource: .heldout,
      seed: 1))

  /// The k nearest of some vectors, by brute force.
  private func nearest(_ k: Int, among vectors: [(id: UInt64, vector: UInt64)]) -> [VectorID] {
    let query = source.query(0)
    return vectors.map { entry in
      (
        distance: ExactOracle.distance(query, source.vector(of: VectorID(entry.vector)), .l2),
        id: VectorID(entry.id)
      )
    }.sorted { $0.distance < $1.distance }.prefix(k).map(\.id)
  }

  private let rows = (0..<60).map { (id: UInt64($0), vector: UInt64($0)) }

  private func score(
    _ answers: [VectorID], _ lives: [RecallScorer.Life], from start: UInt64, to end: UInt64
  ) throws -> RecallScorer.Score? {
    try RecallScorer(source, lives: lives).score(
      .init(query: 0, start: start, end: end, answers: answers), k: 5)
  }

  @Test func `a replaced id counts with the vector that it has at the moment`() throws {
    let best = nearest(1, among: rows)[0]
    // From moment 20 on the nearest row holds vector 9,000; 10 to 20 it is uncertain.
    var old = RecallScorer.Life(id: best, vector: best)
    (old.deleteStart, old.deleteEnd) = (10, 20)
    let new = RecallScorer.Life(
      id: best, vector: VectorID(9_000), insertStart: 10, insertEnd: 20)
    let others = rows.filter { $0.id != best.rawValue }
    let before = nearest(5, among: rows)
    let after = nearest(5, among: others + [(best.rawValue, 9_000)])
    #expect(try score(before, [old, new], from: 1, to: 5) == .init(lower: 1, upper: 1))
    #expect(try score(after, [old, new], from: 25, to: 30) == .init(lower: 1, upper: 1))
    if after.contains(best) == false {
      #expect(try score(before, [old, new], from: 25, to: 30) == .init(lower: 0.8, upper: 0.8))
    }
    let during = try score(before, [old, new], from: 12, to: 15)
    #expect(during.map { $0.lower <= $0.upper && $0.upper == 1 } == true, "\(during as Any)")
  }

  @Test func `what was certainly gone is no answer, however near it lay`() throws {
    let best = nearest(5, among: rows)
    var life = RecallScorer.Life(id: best[0])
    (life.deleteStart, life.deleteEnd) = (10, 20)
    #expect(try score(best, [life], from: 30, to: 40) == .init(lower: 0.8, upper: 0.8))
    #expect(try score(best, [life], from: 5, to: 9) == .init(lower: 1, upper: 1))
  }

  @Test func `an answer given twice counts once`() throws {
    let best = nearest(5, among: rows)
    let twice = [best[0], best[0], best[1], best[2], best[3]]
    #expect(try score(twice, [], from: 1, to: 2) == .init(lower: 0.8, upper: 0.8))
  }

  @Test func `a write that failed leaves both possible for ever`() throws {
    var book = LifeBook()
    let best = nearest(5, among: rows)
    book.died(best[0], best[0], start: 10, end: nil)
    let lives = book.lives()
    #expect(lives.count == 1)
    let without = nearest(6, among: rows).filter { $0 != best[0] }
    let with = try score(best, lives, from: 100, to: 200)
    #expect(with == .init(lower: 1, upper: 1))
    let instead = try score(without, lives, from: 100, to: 200)
    #expect(instead == .init(lower: 0.8, upper: 1))
  }

  @Test func `puts together what one worker brought and another took away`() throws {
    var (one, other) = (LifeBook(), LifeBook())
    other.died(VectorID(70), VectorID(80), start: 30, end: 31)
    one.born(VectorID(70), VectorID(80), start: 20, end: 21)
    other.merge(one)
    #expect(
      other.lives() == [
        .init(
          id: VectorID(70), vector: VectorID(80), insertStart: 20, insertEnd: 21, deleteStart: 30,
          deleteEnd: 31)
      ])
    let scorer = try RecallScorer(source, lives: other.lives())
    #expect(scorer.wasThere(VectorID(70), from: 22, to: 29))
    #expect(!scorer.wasThere(VectorID(70), from: 22, to: 31))
    #expect(!scorer.wasThere(VectorID(71), from: 22, to: 29))
    #expect(scorer.wasThere(VectorID(3), from: 0, to: 1_000))
  }
}

@Suite struct `An attribute` {
  @Test func `lets through the share it is asked for, and the same ids each time`() {
    let attribute = Attribute(seed: 42)
    // A filter that lets next to nothing through finds nothing among a thousand ids.
    #expect(!(0..<1_000).contains { attribute.value(of: VectorID($0)) < 1e-6 })
    let ids = (0..<200_000).map { VectorID(UInt64($0)) }
    for share in [0.001, 0.01, 0.1, 0.5, 1] {
      let filter = attribute.filter(selectivity: share)
      let passed = ids.count(where: filter.passes)
      let expected = share * Double(ids.count)
      let deviation = (expected * (1 - share)).squareRoot()
      #expect(abs(Double(passed) - expected) <= 4.5 * deviation, "\(passed) at \(share)")
    }
    let other = Attribute(seed: 43)
    let both = ids.count { attribute.value(of: $0) < 0.1 && other.value(of: $0) < 0.1 }
    #expect(abs(both - 2_000) < 250, "two seeds have nothing to do with each other: \(both)")
  }

  @Test func `decides what is true under a filter`() throws {
    let source = VectorSource(
      DatasetSpec(
        kind: .clustered, rows: 100, dimensions: 8, metric: .l2, queries: 2,
        querySource: .heldout, seed: 6))
    let filter = Attribute(seed: 6).filter(selectivity: 0.2)
    let query = source.query(1)
    let nearest = (0..<100).map { VectorID(UInt64($0)) }.sorted {
      ExactOracle.distance(query, source.vector(of: $0), .l2)
        < ExactOracle.distance(query, source.vector(of: $1), .l2)
    }
    let scorer = try RecallScorer(source, lives: [])
    func lower(_ answers: [VectorID]) -> Double? {
      scorer.score(
        .init(query: 1, start: 1, end: 2, answers: answers, selectivity: 0.2), k: 5)?.lower
    }
    let passing = Array(nearest.filter(filter.passes).prefix(5))
    #expect(lower(passing) == 1)
    #expect(lower(Array(passing.prefix(4))) == 0.8)
    let foreign = try #require(nearest.first { !filter.passes($0) })
    #expect(lower(Array(passing.prefix(4)) + [foreign]) == 0.8, "it does not pass, so it is wrong")
  }
}
