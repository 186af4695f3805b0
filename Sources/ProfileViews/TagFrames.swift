import Pprof

/// Labels as frames, at the root of every stack or at its leaf (`-tagroot`, `-tagleaf`).
struct TagFrames {
  private var profile: Profile
  private var known: [Frame: Int32] = [:]
  private let unit: String

  private struct Frame: Hashable {
    let name: String
    let key: String
  }

  /// The profile with a frame for each key; where a sample has no such label, the frame has no
  /// name.
  static func added(
    to profile: Profile, root: [String], leaf: [String], unit: String
  ) -> Profile {
    if root.isEmpty, leaf.isEmpty { return profile }
    var frames = TagFrames(profile, unit: unit)
    frames.add(root: root, leaf: leaf)
    return frames.profile
  }

  private init(_ profile: Profile, unit: String) {
    self.profile = profile
    self.unit = unit
  }

  private mutating func add(root: [String], leaf: [String]) {
    for index in profile.samples.indices {
      let tags = SampleTags(profile.samples[index])
      // The first key is nearest to the root, the last nearest to the leaf.
      let roots = root.reversed().map { location($0, tags) }
      let leaves = leaf.reversed().map { location($0, tags) }
      profile.samples[index].locations = leaves + profile.samples[index].locations + roots
    }
  }

  private mutating func location(_ key: String, _ tags: SampleTags) -> Int32 {
    let frame = Frame(name: texts(key, tags).joined(separator: ","), key: key)
    if let position = known[frame] { return position }
    let position = Int32(profile.locations.count)
    profile.functions.append(Profile.Function(name: frame.name, filename: key))
    profile.locations.append(
      Profile.Location(lines: [Profile.Line(function: Int32(profile.functions.count - 1))]))
    known[frame] = position
    return position
  }

  private func texts(_ key: String, _ tags: SampleTags) -> [String] {
    let texts = tags.texts.first { $0.key == key }?.values ?? []
    guard let numbers = tags.numbers.first(where: { $0.key == key }) else { return texts }
    return texts
      + numbers.values.enumerated().map { index, value in
        numbers.units.isEmpty
          ? UnitScale.text(value, from: "", to: "")
          : UnitScale.text(value, from: numbers.units[index], to: unit)
      }
  }
}
