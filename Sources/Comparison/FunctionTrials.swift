import Pprof
import ProfileViews
import RunRecords
import Vocabulary

/// What each function cost per operation in each trial of a run, from the engine's CPU profiles.
struct FunctionTrials {
  private let trials: [(costs: FunctionCosts, operations: Double)]

  /// Trials without a readable profile take no part.
  init(_ run: RunFolder, _ record: RunRecord) {
    trials = record.trials.compactMap { trial in
      guard trial.status == .complete,
        let profile = try? run.profile(.engine, .cpu, trial: trial.number),
        let costs = try? FunctionCosts(profile)
      else { return nil }
      return (costs, Double(max(1, trial.operations.values.reduce(0, +))))
    }
  }

  /// The functions with at least thirty samples of their own and a hundredth of the cost.
  var costly: [String] {
    var counts: [String: (samples: Int64, cost: Int64)] = [:]
    var total: Int64 = 0
    for trial in trials {
      total += trial.costs.total
      for cost in trial.costs.costs {
        let old = counts[cost.name] ?? (0, 0)
        counts[cost.name] = (old.samples + cost.flatCount, old.cost + cost.flat)
      }
    }
    return counts.filter { $0.value.samples >= 30 && $0.value.cost * 100 >= total }.map(\.key)
  }

  /// Seconds of the function's own CPU per operation, a value a trial.
  func perOperation(_ name: String) -> [Double] {
    trials.map { Double($0.costs[name]?.flat ?? 0) / 1e9 / $0.operations }
  }
}
