import Measurement
import Testing
import Vocabulary
import Workloads

@testable import Harness
@testable import RunRecords

struct TrialMergeTests {
  private func results(_ outcomes: [(before: Double, after: Double)]) -> [RunRecord.Result] {
    let trials = outcomes.enumerated().map { number, recall in
      var outcome = TrialOutcome(
        trial: RunRecord.Trial(number: number + 1, status: .complete, measuredSeconds: 1))
      (outcome.recallBefore, outcome.recallAfter) = (recall.before, recall.after)
      return TrialMerge.Finished(outcome: outcome, latencies: [:])
    }
    let data = DatasetSpec(
      kind: .clustered, rows: 10, dimensions: 2, metric: .l2, queries: 1, querySource: .heldout,
      seed: 1)
    return TrialMerge(trials, WorkloadSettings(dataset: data)).results()
  }

  @Test func `recall of one loaded store is one value, however many trials opened it`() throws {
    let results = results([(0.99, 0.98), (0.99, 0.97), (0.99, 0.96)])
    let before = try #require(results.first { $0.name == "recall.before" })
    #expect(before.trials == [0.99] && before.estimate.interval == nil)
    let after = try #require(results.first { $0.name == "recall.after" })
    #expect(after.trials.count == 3 && after.estimate.interval != nil)
  }
}
