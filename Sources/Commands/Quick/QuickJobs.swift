import Basics
import Harness

/// `vbench __quick PLAN`: one run of the card, timed.
enum QuickJob {
  static let name = "__quick"

  static let command = JobCommand.make(name, "Runs the quick card once.") {
    (plan: QuickCard.Plan) -> QuickCard in try QuickCard(plan)
  }
}

/// `vbench __quick-allocations PLAN`: one run of the card, counted and not timed.
enum QuickAllocationJob {
  static let name = "__quick-allocations"

  static let command = JobCommand.make(name, "Counts the quick card's allocations.") {
    (plan: QuickCard.Plan) -> CountedAllocations.Answer in
    let windows = CountedAllocations.Windows()
    _ = try QuickCard(plan) { _, body in
      try windows.group {
        windows.open()
        defer { windows.close() }
        try body()
      }
    }
    return windows.answer
  }

  /// What each part allocates, in the order of the parts.
  static func count(
    _ plan: QuickCard.Plan, in folder: String
  ) throws -> [QuickCard.Part: CountedAllocations.Window] {
    let windows = try CountedAllocations.run(name, plan, in: folder)
    guard windows.count == QuickCard.Part.allCases.count else {
      throw Failure(.failed, "The counting process closed \(windows.count) windows of 4.")
    }
    return Dictionary(uniqueKeysWithValues: zip(QuickCard.Part.allCases, windows))
  }
}
