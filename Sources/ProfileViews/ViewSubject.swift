package import Pprof

/// What a view shows: the profile behind all filters, which of its values, and how to print them.
package struct ViewSubject: Sendable {
  package let profile: Profile
  package let options: ViewOptions
  package let type: Profile.ValueType
  /// What 100 % is: the sum of magnitudes, in a comparison that of the base alone.
  package let total: Int64
  let index: Int
  let weights: [FrameGraph.Weight]
  let tagUnits: TagUnits

  /// Prepares a profile for a view.
  ///
  /// - Throws: When the profile has no such value, or values that no sum can hold.
  package init(_ combined: CombinedProfile, _ options: ViewOptions) throws(ViewError) {
    if options.divideBy == 0 { throw .noDivisor }
    let index = try combined.profile.sampleIndex(options.sampleIndex)
    try combined.profile.checkSums(of: options.isMean ? [0, index] : [index])
    let units = TagUnits(combined.profile)
    let rooted = TagFrames.added(
      to: combined.profile, root: options.tagRoot, leaf: options.tagLeaf, unit: options.unit)
    var filtered = rooted
    options.filter.apply(toNamed: &filtered, units: units)
    // A stack without frames is in the total and nowhere else. A closure, because a key path of two
    // steps is walked anew for each sample.
    if filtered.samples.contains(where: { $0.locations.isEmpty }) {
      filtered.samples.removeAll { $0.locations.isEmpty }
    }
    total = Self.total(
      options.isRelative ? filtered : rooted, index, dividing: options.isMean)
    profile = filtered
    weights = filtered.samples.map { sample in
      FrameGraph.Weight(
        value: sample.values[index], divisor: options.isMean ? sample.values[0] : 0)
    }
    var type = combined.profile.sampleTypes[index]
    if options.isMean { type.type = "mean_\(type.type)" }
    self.type = type
    self.index = index
    self.options = options
    tagUnits = units
  }

  /// A value in a unit, divided as the user asked.
  package func text(_ value: Int64, in unit: String) -> String {
    UnitScale.text(divided(value), from: type.unit, to: unit)
  }

  /// Does what `text` does, for a whole table of values.
  func texts(in unit: String) -> (Int64) -> String {
    let conversion = UnitScale.Conversion(from: type.unit, to: unit)
    return { conversion.text(divided($0)) }
  }

  func divided(_ value: Int64) -> Int64 {
    let ratio = 1 / options.divideBy
    return ratio > 0 && ratio != 1 ? Int64(clamping: Double(value) * ratio) : value
  }

  func graph(keepingBinaries: Bool = false) -> FrameGraph {
    FrameGraph(
      profile, weights: weights,
      keys: KeyMaker(
        options.granularity, noInlines: options.noInlines, keepsBinaries: keepingBinaries,
        paths: options.sourcePaths))
  }

  /// Nodes that cost something, and are not negative where those are not wanted.
  func live(_ nodes: [FrameGraph.Node]) -> [FrameGraph.Node] {
    nodes.filter { node in
      if node.cum == 0, node.flat == 0 { return false }
      return !(options.dropsNegative && node.isNegative)
    }
  }

  private static func total(_ profile: Profile, _ index: Int, dividing: Bool) -> Int64 {
    var all = FrameGraph.Weight(value: 0, divisor: 0)
    var base = all
    for sample in profile.samples {
      let size = Int64(clamping: sample.values[index].magnitude)
      let divisor = dividing ? sample.values[0] : 0
      all.value += size
      all.divisor += divisor
      guard sample.isOfBase else { continue }
      base.value += size
      base.divisor += divisor
    }
    let chosen = base.value > 0 ? base : all
    return FrameGraph.Weight.shown(chosen.value, chosen.divisor)
  }
}

extension Profile {
  /// Where all magnitudes together fit, so does every sum that a view makes.
  func checkSums(of indices: [Int]) throws(ViewError) {
    for index in indices {
      var sum: UInt64 = 0
      for sample in samples {
        let (next, overflow) = sum.addingReportingOverflow(sample.values[index].magnitude)
        if overflow || next > UInt64(Int64.max) { throw .tooLarge }
        sum = next
      }
    }
  }
}

extension Profile.Sample {
  fileprivate var isOfBase: Bool {
    labels.contains { $0.key == "pprof::base" && $0.value == .text("true") }
  }
}
