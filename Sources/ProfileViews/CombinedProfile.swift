package import Pprof

/// Several profiles as the one that is shown, or their difference from a base.
///
/// What every view does first, in pprof's order: add up, take the base away, name functions as
/// people read them, and cut off the frames that the profile itself calls uninteresting.
package struct CombinedProfile: Sendable {
  package let profile: Profile

  /// How a base takes part.
  package enum Base: Sendable {
    /// It is an earlier state of the same process: what came since is everything there is.
    case earlier
    /// It is another run: percentages are of the base.
    case compared
  }

  package init(_ owned: consuming Profile) {
    var profile = owned
    Self.clean(&profile)
    self.profile = Self.readied(StackMerge.merge([profile]))
  }

  /// Adds up the sources and takes the bases away.
  ///
  /// Profiles that nobody else holds are worked in, instead of being copied.
  ///
  /// - Parameters:
  ///   - sources: At least one profile.
  ///   - bases: What to subtract; may be empty.
  ///   - kind: What the bases are.
  ///   - normalizes: Whether the sources are first scaled to the total of the bases.
  /// - Throws: When the profiles count different things.
  package init(
    _ sources: consuming [Profile], bases: consuming [Profile] = [], as kind: Base = .earlier,
    normalizes: Bool = false
  ) throws(ViewError) {
    let hasBases = !bases.isEmpty
    var sum = try Self.sum(sources)
    if hasBases {
      var base = try Self.sum(bases)
      if kind == .compared { base.mark("pprof::base", "true") }
      if normalizes { sum = try Self.normalized(sum, to: base) }
      let negative = base.scaled(by: base.sampleTypes.map { _ in -1 })
      sum = StackMerge.merge(try CommonUnits.align([sum, negative]))
    }
    profile = Self.readied(sum)
  }

  private static func sum(_ owned: consuming [Profile]) throws(ViewError) -> Profile {
    var profiles = owned
    for index in profiles.indices { clean(&profiles[index]) }
    return StackMerge.merge(try CommonUnits.align(profiles))
  }

  private static func readied(_ profile: consuming Profile) -> Profile {
    var result = FramePruning.prune(DisplayName.applied(to: profile))
    for index in result.mappings.indices
    where result.mappings[index].buildID.isEmpty && isAddress(result.mappings[index].filename) {
      result.mappings[index].filename = ""
    }
    return result
  }

  /// A mapping without a build ID may be named by where its profile was fetched, `http:…`.
  private static func isAddress(_ name: String) -> Bool {
    guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let scheme = name.utf8[..<colon]
    guard let first = scheme.first, isLetter(first) else { return false }
    return scheme.allSatisfy { isLetter($0) || "0123456789+-.".utf8.contains($0) }
      && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  private static func isLetter(_ letter: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter | 0x20)
  }

  private static func normalized(
    _ profile: Profile, to base: Profile
  ) throws(ViewError) -> Profile {
    guard profile.sampleTypes == base.sampleTypes else {
      throw .differentTypes(
        profile.sampleTypes.map(\.type).joined(separator: " "),
        base.sampleTypes.map(\.type).joined(separator: " "))
    }
    let (own, other) = (profile.sums, base.sums)
    return profile.scaled(
      by: own.indices.map { own[$0] == 0 ? 0 : Double(other[$0]) / Double(own[$0]) })
  }

  /// Labels that say nothing are dropped, and the others stand in the order of their keys.
  private static func clean(_ profile: inout Profile) {
    if profile.mappings.isEmpty {
      profile.mappings = [
        Profile.Mapping(
          start: 0, limit: 0, offset: 0, filename: "", buildID: "", hasFunctions: false)
      ]
      for index in profile.locations.indices { profile.locations[index].mapping = 0 }
    }
    // Samples with equal labels share one list, and still do afterwards.
    var known: [[Profile.Label]: [Profile.Label]] = [:]
    for index in profile.samples.indices {
      let labels = profile.samples[index].labels
      if SampleTags.areOrdered(labels) { continue }
      if known[labels] == nil { known[labels] = SampleTags.ordered(labels) }
      profile.samples[index].labels = known[labels] ?? labels
    }
  }
}

extension Profile {
  fileprivate var sums: [Int64] {
    samples.reduce(into: [Int64](repeating: 0, count: sampleTypes.count)) { sums, sample in
      for index in sums.indices { sums[index] &+= sample.values[index] }
    }
  }

  fileprivate mutating func mark(_ key: String, _ text: String) {
    for index in samples.indices {
      let others = samples[index].labels.filter { $0.key != key || $0.isNumber }
      samples[index].labels = SampleTags.ordered(others + [Label(key, text)])
    }
  }
}
