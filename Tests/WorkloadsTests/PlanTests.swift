import Testing
import Vocabulary
import Workloads

@Suite struct `A plan of operations` {
  @Test func `keeps the live set constant and gives no id to two workers`() {
    var owners: [VectorID: Int] = [:]
    for worker in 0..<3 {
      var sequence = WriteSequence(worker: worker, of: 3, preloaded: 100)
      let before = sequence.liveCount
      for _ in 0..<40 {
        for id in sequence.insert(5) {
          #expect(id.rawValue >= 100)
          #expect(owners.updateValue(worker, forKey: id) == nil)
        }
        #expect(sequence.delete(5).count == 5)
        #expect(sequence.liveCount == before)
      }
    }
  }

  @Test func `owns every preloaded row once`() {
    let rows = (0..<8).flatMap { worker in
      var sequence = WriteSequence(worker: worker, of: 8, preloaded: 101)
      return sequence.delete(1_000).map(\.rawValue)
    }
    #expect(rows.sorted() == Array(0..<101))
  }

  @Test func `has Poisson gaps whose mean and deviation are both one over the rate`() {
    let times = ArrivalSchedule.dueTimes(.poisson, rate: 1_000, seconds: 100, seed: 1)
      .map { Double($0) }
    let gaps = zip(times.dropFirst(), times).map { ($0 - $1) / 1e6 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect(abs(mean - 1) < 0.02, "mean \(mean) ms over \(gaps.count) gaps")
    #expect(abs(variance - 1) < 0.05, "variance \(variance) ms²")
    #expect(ArrivalSchedule.dueTimes(.closed, rate: 1, seconds: 1, seed: 1).isEmpty)
  }
}
