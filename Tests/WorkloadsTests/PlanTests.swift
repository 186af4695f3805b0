import Basics
import Testing
import Vocabulary
import Workloads

@Suite struct `A plan of operations` {
  private func plan(_ mix: String, keepsSize: Bool = true) throws -> OperationPlan {
    OperationPlan(
      mix: try OperationMix.parse(mix).mix, keys: .hotspot, hot: HotShare(keys: 0.1, draws: 0.8),
      keepsSize: keepsSize, queries: 1_000, seed: 3)
  }

  @Test func `gives every kind its share, and the same operation to the same number`() throws {
    let plan = try plan("search=88,upsert=6,delete=4,get=2")
    var counts: [String: Double] = [:]
    let draws = 200_000
    for number in 0..<draws {
      let operation = plan.operation(number)
      if number < 100 { #expect(operation == plan.operation(number)) }
      switch operation {
      case .search: counts["search", default: 0] += 1
      case .insert: counts["insert", default: 0] += 1
      case .upsert: counts["upsert", default: 0] += 1
      case .delete(let isUndone):
        counts["delete", default: 0] += 1
        #expect(isUndone, "nothing else brings ids, so every delete is made up for")
      case .get: counts["get", default: 0] += 1
      }
    }
    #expect(counts["insert"] == nil)
    for (kind, share) in [("search", 0.88), ("upsert", 0.06), ("delete", 0.04), ("get", 0.02)] {
      let expected = share * Double(draws)
      let deviation = (expected * (1 - share)).squareRoot()
      #expect(abs((counts[kind] ?? 0) - expected) < 4.5 * deviation, "\(kind): \(counts)")
    }
  }

  @Test func `a read ratio is a mix of searches and inserts that are undone`() {
    let plan = OperationPlan(
      mix: OperationMix(readRatio: 0.9), keys: .hotspot, hot: HotShare(keys: 0.1, draws: 0.8),
      keepsSize: true, queries: 100, seed: 42)
    var inserts = 0
    for number in 0..<20_000 {
      switch plan.operation(number) {
      case .search: continue
      case .insert(isUndone: true): inserts += 1
      case let other: Issue.record("\(other) at \(number)")
      }
    }
    #expect(abs(inserts - 2_000) < 200)
  }

  @Test(arguments: [0, 1 << 41, 1 << 41 + 30_000_000, 1_000_000])
  func `laid out evenly, every stretch has the shares of the mix`(first: Int) throws {
    let plan = try plan("search=88,upsert=6,delete=4,get=2")
    for count in [100, 500, 3_000] {
      var upserts = 0
      for number in first..<first + count where plan.operation(number, evenly: true) == .upsert {
        upserts += 1
      }
      #expect(abs(Double(upserts) - 0.06 * Double(count)) < 3, "\(upserts) of \(count)")
    }
  }

  @Test func `what a mix inserts beyond what it deletes is undone, no more and no less`() throws {
    let growing = try plan("search=50,insert=30,delete=20")
    var (inserts, undone, deletes) = (0.0, 0.0, 0.0)
    for number in 0..<100_000 {
      switch growing.operation(number) {
      case .insert(let isUndone):
        inserts += 1
        undone += isUndone ? 1 : 0
      case .delete(let isUndone):
        deletes += 1
        #expect(!isUndone)
      default: continue
      }
    }
    #expect(abs(inserts - undone - deletes) < 900, "\(inserts) − \(undone) against \(deletes)")
    let free = try plan("insert=1", keepsSize: false)
    #expect(free.operation(5) == .insert(isUndone: false))
  }

  @Test func `the last sliver of rounding belongs to a kind of the mix`() throws {
    let mix = try OperationMix.parse("search=1,insert=1,upsert=1").mix
    #expect(mix.kind(at: 1.0.nextDown) == .upsert)
    #expect(try OperationMix.parse("get=3").mix.kind(at: 0.999_999_999_999) == .get)
  }

  @Test(arguments: [
    ("", OperationMix.Problem.notAPart("")), ("search", .notAPart("search")),
    ("search=", .notAPart("search=")), ("search=-1", .notAPart("search=-1")),
    ("search=1,scan=2", .unknown("scan")), ("get=1,get=1", .twice("get")),
    ("search=0,get=0", .nothing), ("search=nan", .notAPart("search=nan")),
    ("search=1,", .notAPart("")),
  ])
  func `a mix that is none is refused`(text: String, problem: OperationMix.Problem) {
    #expect(throws: problem) { _ = try OperationMix.parse(text) }
  }

  @Test func `weights are shares of their sum, whatever it is`() throws {
    let (mix, total) = try OperationMix.parse("search=44, get=1")
    #expect(total == 45)
    #expect(abs(mix.share(of: .search) - 44.0 / 45) < 1e-12)
    #expect(abs(OperationMix.kinds.reduce(0) { $0 + mix.share(of: $1) } - 1) < 1e-12)
  }

  @Test func `no two batches share a number, of one worker or of several`() {
    var seen: Set<VectorID> = []
    var all = (0..<3).map { VectorNumbers(from: 100, worker: $0, of: 3, batch: 5) }
    for index in [0, 0, 1, 2, 0, 2] {
      for number in all[index].takeBatch() {
        #expect(number.rawValue >= 100)
        #expect(seen.insert(number).inserted)
      }
    }
    let end = VectorNumbers.end(of: all)
    #expect(seen.allSatisfy { $0.rawValue < end })
  }
}

@Suite struct `Arrivals` {
  @Test func `have Poisson gaps whose mean and deviation are both one over the rate`() {
    let times = ArrivalSchedule.dueTimes(.poisson, rate: 1_000, seconds: 100, seed: 1)
      .map { Double($0) }
    let gaps = zip(times.dropFirst(), times).map { ($0 - $1) / 1e6 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect(abs(mean - 1) < 0.02, "mean \(mean) ms over \(gaps.count) gaps")
    #expect(abs(variance - 1) < 0.05, "variance \(variance) ms²")
    #expect(ArrivalSchedule.dueTimes(.closed, rate: 1, seconds: 1, seed: 1).isEmpty)
  }

  @Test func `at a constant rate come at equal distances`() {
    let times = ArrivalSchedule.dueTimes(.constant, rate: 1_000, seconds: 1, seed: 1)
    #expect(times.count == 999)
    #expect(zip(times.dropFirst(), times).allSatisfy { (999_999...1_000_001).contains($0 - $1) })
  }

  @Test(arguments: [ArrivalSchedule.Kind.poisson, .constant])
  func `of a ramp are as many by every moment as the rising rate has let through`(
    kind: ArrivalSchedule.Kind
  ) {
    let times = ArrivalSchedule.ramp(kind, to: 10_000, seconds: 10, seed: 5)
    #expect(zip(times.dropFirst(), times).allSatisfy { $0 >= $1 })
    #expect(times.last.map { $0 < 10_000_000_000 } == true)
    for second in 1...10 {
      let expected = 10_000.0 * Double(second * second) / 20
      let seen = Double(times.count { $0 < UInt64(second) * 1_000_000_000 })
      let slack = kind == .constant ? 1.5 : 5 * expected.squareRoot()
      #expect(abs(seen - expected) <= slack, "\(seen) of \(expected) by \(second) s")
    }
    #expect(ArrivalSchedule.ramp(.closed, to: 1, seconds: 1, seed: 1).isEmpty)
  }
}
