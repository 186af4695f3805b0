package import Pprof

/// What each function of a profile costs, for those who compute with it instead of printing it.
package struct FunctionCosts: Sendable, Equatable {
  package struct Cost: Sendable, Equatable {
    package let name: String
    package var flat: Int64
    package var cum: Int64
    /// Samples with the function at the leaf, and anywhere on the stack.
    package var flatCount: Int64
    package var cumCount: Int64
  }

  /// By name, the costliest first.
  package let costs: [Cost]
  package let total: Int64
  /// How many samples (or contentions) the total was made of.
  package let count: Int64
  private let positions: [String: Int]

  /// Counts the samples that `includes` lets through.
  ///
  /// - Parameters:
  ///   - profile: The profile to count in.
  ///   - sampleType: Which value; nil asks for the profile's default.
  ///   - includes: Which samples take part.
  /// - Throws: When the profile has no such value.
  package init(
    _ profile: Profile, sampleType: String? = nil,
    where includes: (Profile.Sample) -> Bool = { _ in true }
  ) throws(ViewError) {
    let index = try profile.sampleIndex(sampleType)
    let names = profile.locations.map { location in
      Granularity.functions.keys(of: location, in: profile, noInlines: false).map(\.text)
    }
    var found: [String: Cost] = [:]
    var (total, count): (Int64, Int64) = (0, 0)
    for sample in profile.samples where includes(sample) {
      let value = sample.values[index]
      let times = Self.count(of: sample, in: profile, index)
      total &+= value
      count &+= times
      var seen: Set<String> = []
      var isLeaf = true
      for name in sample.locations.lazy.flatMap({ names[Int($0)] }) {
        var cost =
          found[name] ?? Cost(name: name, flat: 0, cum: 0, flatCount: 0, cumCount: 0)
        if isLeaf {
          cost.flat &+= value
          cost.flatCount &+= times
          isLeaf = false
        }
        if seen.insert(name).inserted {
          cost.cum &+= value
          cost.cumCount &+= times
        }
        found[name] = cost
      }
    }
    self.init(found, total: total, count: count)
  }

  /// Adds up what several profiles cost.
  package init(summing parts: [FunctionCosts]) {
    if parts.count == 1 {
      self = parts[0]
      return
    }
    var found: [String: Cost] = [:]
    for cost in parts.lazy.flatMap(\.costs) {
      var sum =
        found[cost.name] ?? Cost(name: cost.name, flat: 0, cum: 0, flatCount: 0, cumCount: 0)
      sum.flat &+= cost.flat
      sum.cum &+= cost.cum
      sum.flatCount &+= cost.flatCount
      sum.cumCount &+= cost.cumCount
      found[cost.name] = sum
    }
    self.init(
      found, total: parts.reduce(0) { $0 &+ $1.total }, count: parts.reduce(0) { $0 &+ $1.count })
  }

  private init(_ found: [String: Cost], total: Int64, count: Int64) {
    costs = found.values.sorted { ($1.flat, $1.cum, $0.name) < ($0.flat, $0.cum, $1.name) }
    self.total = total
    self.count = count
    positions = Dictionary(
      uniqueKeysWithValues: costs.enumerated().map { ($0.element.name, $0.offset) })
  }

  package subscript(name: String) -> Cost? { positions[name].map { costs[$0] } }

  /// The first sample type counts events in every kind of profile that we know.
  private static func count(of sample: Profile.Sample, in profile: Profile, _ index: Int) -> Int64 {
    let first = profile.sampleTypes[0]
    return first.unit == "count" ? sample.values[0] : 1
  }
}
