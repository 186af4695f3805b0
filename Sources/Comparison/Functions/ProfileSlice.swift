import Measurement
import Pprof
import ProfileViews
import RunRecords
import Vocabulary

/// The samples of one role and one operation over the trials of both sides.
struct ProfileSlice {
  /// One value's part of the slice: a trial's, a replica's, or a run's.
  struct Trial {
    let exposure: Double
    /// Over all operations, whatever their kind.
    let wholeExposure: Double
    let costs: FunctionCosts
    let profiles: [Profile]
  }

  let role: Role
  let kind: ProfileKind
  let operation: String?
  /// What the values count.
  let type: Profile.ValueType
  let base: [Trial]
  let new: [Trial]

  var sides: [[Trial]] { [base, new] }

  /// Cost per exposure of these names together, on one side.
  func rate(_ names: [String], _ side: [Trial]) -> Double {
    amount(names, side) / max(1e-300, side.reduce(0) { $0 + $1.exposure })
  }

  func amount(_ names: [String], _ side: [Trial]) -> Double {
    side.reduce(0) { sum, trial in
      sum + names.reduce(0) { $0 + Double(trial.costs[$1]?.flat ?? 0) }
    }
  }

  func samples(_ names: [String], _ side: [Trial]) -> Int64 {
    side.reduce(0) { sum, trial in
      sum &+ names.reduce(0) { $0 &+ (trial.costs[$1]?.flatCount ?? 0) }
    }
  }

  func flat(_ names: [String], _ side: [Trial]) -> [RateTest.Trial] {
    side.map { trial in
      RateTest.Trial(
        amount: names.reduce(0) { $0 + Double(trial.costs[$1]?.flat ?? 0) },
        exposure: trial.exposure)
    }
  }

  func cumulative(_ name: String, _ side: [Trial]) -> [RateTest.Trial] {
    side.map { trial in
      RateTest.Trial(
        amount: Double(trial.costs[name]?.cum ?? 0), exposure: trial.exposure)
    }
  }

  /// The spread of a cost over trials, as a share of its mean.
  func spread(_ names: [String], _ side: [Trial]) -> Double? {
    Summary(flat(names, side).map { $0.amount / $0.exposure }).share
  }

  var names: Set<String> {
    Set(sides.joined().flatMap { $0.costs.costs.filter { $0.flat != 0 }.map(\.name) })
  }

  /// What one counted event weighs, such as the sampling period.
  var eventWeight: Double {
    let total = sides.joined().reduce(0.0) { $0 + Double($1.costs.total) }
    let count = sides.joined().reduce(0.0) { $0 + Double($1.costs.count) }
    return count > 0 ? total / count : 0
  }

  func includes(_ sample: Profile.Sample) -> Bool {
    sample.label(LabelKey.operation) == operation
  }
}
