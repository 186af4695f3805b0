/// Adds profiles up: equal stacks, by names and lines and labels, become one sample.
///
/// Addresses differ between processes, so they do not take part; what is known of a function is
/// its name and file. Times: the earliest start, the sum of the durations.
package enum ProfileMerge {
  package static func merge(_ profiles: [Profile]) throws(ProfileError) -> Profile {
    guard let first = profiles.first else { throw .incompatible("there is nothing to merge") }
    var builder = ProfileBuilder(
      sampleTypes: first.sampleTypes, periodType: first.periodType, period: first.period,
      defaultSampleType: first.defaultSampleType)
    for profile in profiles {
      guard profile.sampleTypes == first.sampleTypes else {
        throw .incompatible(
          "sample types \(names(profile)) against \(names(first))")
      }
      guard profile.periodType == first.periodType else {
        throw .incompatible("the period types differ")
      }
      add(profile, to: &builder)
    }
    builder.setTime(
      startNanoseconds: profiles.map(\.timeNanoseconds).filter { $0 != 0 }.min() ?? 0,
      durationNanoseconds: profiles.reduce(0) { $0 &+ $1.durationNanoseconds })
    var seen: Set<String> = []
    for comment in profiles.flatMap(\.comments) where seen.insert(comment).inserted {
      builder.addComment(comment)
    }
    return builder.profile
  }

  private static func names(_ profile: Profile) -> String {
    profile.sampleTypes.map { "\($0.type)/\($0.unit)" }.joined(separator: " ")
  }

  private static func add(_ profile: Profile, to builder: inout ProfileBuilder) {
    let places = profile.locations.map { location in
      builder.location(of: frame(location, in: profile))
    }
    for sample in profile.samples {
      builder.add(
        locations: sample.locations.map { places[Int($0)] }, values: sample.values,
        labels: sample.labels)
    }
  }

  /// The frame without its address, unless the address is all that is known of it.
  private static func frame(
    _ location: Profile.Location, in profile: Profile
  ) -> ProfileBuilder.Frame {
    var mapping = location.mapping.map { profile.mappings[Int($0)] }
    if !location.lines.isEmpty {
      mapping?.start = 0
      mapping?.limit = 0
      mapping?.offset = 0
    }
    return ProfileBuilder.Frame(
      address: location.lines.isEmpty ? location.address : 0, mapping: mapping,
      lines: location.lines.map { (profile.functions[Int($0.function)], $0.line) })
  }
}
