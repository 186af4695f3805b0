import Measurement
import RunRecords
import Vocabulary

/// The bound of several findings together.
///
/// It is over the union of their stacks, so that a stack with two faults counts once; bounds are
/// never multiplied and never added.
struct JointBound {
  let evidence: Evidence
  let limit: LimitingResource

  func of(_ heads: [FindingMaker.Ranked]) -> GainBound {
    let fired = heads.flatMap(\.all)
    guard limit.isCPU else { return .notBounded(reason: limit.reason) }
    let process = evidence.sampledCPUSeconds
    var low = 0.0
    var high = 0.0
    for role in evidence.roles {
      guard let whole = role.profiles[.cpu], process > 0 else { continue }
      let parts = fired.filter { isOfCPU($0) && $0.slice?.role == role.name }
      guard !parts.isEmpty else { continue }
      for (removable, share) in union(of: parts, in: whole) {
        low += removable * share.low * whole.total / process
        high += removable * share.high * whole.total / process
      }
    }
    guard high > 0 else {
      let isOpen = fired.contains { $0.finding.ceiling != nil }
      return .notBounded(
        reason: isOpen
          ? "how much can go is not known of any finding about CPU" : "no finding is about CPU")
    }
    return .bound(
      low: min(99, 1 / max(1e-9, 1 - low) - 1), high: min(99, 1 / max(1e-9, 1 - min(high, 1)) - 1),
      metric: "capacity", basis: "union of the stacks of all findings with a bound on CPU")
  }

  /// The stacks of all findings about CPU, with a bound or without, each once; nil where no finding
  /// is without.
  func ceiling(of heads: [FindingMaker.Ranked]) -> JointCeiling? {
    let told = heads.filter { $0.finding.severity > .info }.flatMap(\.all)
    let open = told.filter { $0.finding.ceiling != nil }
    let process = evidence.sampledCPUSeconds
    guard limit.isCPU, process > 0, !open.isEmpty else { return nil }
    let parts = told.filter { isOfCPU($0) || $0.finding.ceiling != nil }
    var sum = Ceiling(low: 0, value: 0, high: 0)
    for role in evidence.roles {
      guard let whole = role.profiles[.cpu] else { continue }
      let own = parts.filter { $0.slice?.role == role.name }
      let share = whole.share { sample in own.contains { isOf($0, sample) } }
      guard share.samples > 0 else { continue }
      let scale = whole.total / process
      sum.low += share.low * scale
      sum.value += share.value * scale
      sum.high += share.high * scale
    }
    sum.high = min(1, sum.high)
    return JointCeiling(open: open.map(\.finding.id), ceiling: sum)
  }

  private func isOf(_ part: FindingMaker.Ranked, _ sample: StackSample) -> Bool {
    (part.slice?.operation == nil || part.slice?.operation == sample.operation)
      && (part.matches?(sample) ?? false)
  }

  private static let steps = 4

  /// The stacks of all parts, each once, by how much of them could go at most.
  ///
  /// A stack that one finding would remove and another only make faster counts as removed.
  private func union(
    of parts: [FindingMaker.Ranked], in whole: ProfileSlice
  ) -> [(removable: Double, share: Share)] {
    func most(_ sample: StackSample) -> Double {
      parts.reduce(0) { most, part in
        isOf(part, sample) ? max(most, part.removable) : most
      }
    }
    return Set(parts.map(\.removable)).sorted().map { removable in
      (removable, whole.share { most($0) == removable })
    }
  }

  /// One finding after the other, in the order of their rank.
  func steps(_ fired: [FindingMaker.Ranked]) -> [ProjectionStep] {
    guard limit.isCPU else { return [] }
    let current = evidence.record?.result("capacity")?.estimate.value
    let useful = fired.filter { $0.all.contains(where: isOfCPU) && $0.finding.severity > .info }
    // One by one as far as a reader follows, then all together.
    let ends = useful.indices.prefix(Self.steps) + useful.indices.dropFirst(Self.steps).suffix(1)
    return ends.map { index in
      let together = Array(useful[...index])
      let bound = of(together)
      var step = ProjectionStep(
        findings: together.map(\.finding.id), added: useful[index].finding.title, bound: bound,
        current: current)
      if let current, case .bound(let low, let high, _, _) = bound {
        (step.low, step.high) = (current * (1 + low), current * (1 + high))
      }
      return step
    }
  }

  private func isOfCPU(_ ranked: FindingMaker.Ranked) -> Bool {
    ranked.slice?.kind == .cpu && ranked.finding.isBounded
  }
}
