package import Measurement
import Pprof
package import ProfileViews
package import RunRecords
package import Vocabulary

/// The call trees of both sides as one, for a picture: a role's CPU, lock, block time or allocation.
///
/// Costs are spread over all operations together, not over those of their own kind as in the table,
/// for only then do the parts add up to the whole.
package struct DifferentialFlame: Sendable {
  package let role: Role
  package let kind: ProfileKind
  package let basis: FunctionTable.Basis
  package let unit: MetricUnit
  package let tree: DifferenceTree
}

extension Comparer {
  /// The trees of all profiles that both sides have.
  package static func flames(
    base: [RunFolder], new: [RunFolder], options: ComparisonOptions = ComparisonOptions()
  ) -> [DifferentialFlame] {
    let outcome = SliceReader(base: base, new: new, options: options).read()
    let grouped = Dictionary(grouping: outcome.slices) { [$0.role.rawValue, $0.kind.rawValue] }
    return grouped.values.compactMap { flame($0, outcome.basis) }
      .sorted { ($0.role, $0.kind.rank) < ($1.role, $1.kind.rank) }
  }

  /// Each slice holds the same profiles, of which it looks at one operation.
  private static func flame(
    _ slices: [ProfileSlice], _ basis: FunctionTable.Basis
  ) -> DifferentialFlame? {
    guard let widest = slices.max(by: { $0.trialCount < $1.trialCount }) else { return nil }
    let (factor, unit) = CostUnit.scale(widest.type, basis)
    let sides = widest.sides.map { trials -> [DifferenceTree.Part] in
      let exposure = trials.reduce(0) { $0 + $1.wholeExposure }
      return trials.flatMap(\.profiles).map {
        DifferenceTree.Part($0, sampleType: widest.type.type, scale: factor / exposure)
      }
    }
    let hasOperations = slices.contains { $0.operation != nil }
    return DifferentialFlame(
      role: widest.role, kind: widest.kind, basis: basis, unit: unit,
      tree: DifferenceTree(
        base: sides[0], new: sides[1],
        groupingByLabel: hasOperations ? LabelKey.operation : nil))
  }
}

extension ProfileSlice {
  fileprivate var trialCount: Int { base.count + new.count }
}

extension ProfileKind {
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
}
