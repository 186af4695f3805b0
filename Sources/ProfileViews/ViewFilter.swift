package import Pprof

/// Which samples and frames of a profile a view shows, with pprof's words and meaning.
package struct ViewFilter: Sendable {
  package var focus: NamePattern?
  package var ignore: NamePattern?
  package var hide: NamePattern?
  package var show: NamePattern?
  package var showFrom: NamePattern?
  package var tagFocus: TagPattern?
  package var tagIgnore: TagPattern?

  package init() {}

  package var isEmpty: Bool { descriptions.isEmpty }

  /// One line for each filter at work, as the header of a view lists them.
  package var descriptions: [String] {
    [
      ("focus", focus?.source), ("ignore", ignore?.source), ("hide", hide?.source),
      ("show", show?.source), ("show_from", showFrom?.source), ("tagfocus", tagFocus?.source),
      ("tagignore", tagIgnore?.source),
    ].compactMap { name, source in source.map { "\(name)=\($0)" } }
  }

  /// The profile with only what the filters let through.
  package func apply(to profile: Profile) -> Profile {
    if isEmpty { return profile }
    var result = profile
    filterNames(&result)
    filterFromTop(&result)
    if let tagFocus { result.samples.removeAll { !tagFocus.matches($0) } }
    if let tagIgnore { result.samples.removeAll { tagIgnore.matches($0) } }
    return result
  }

  private func filterNames(_ profile: inout Profile) {
    var isFocused = [Bool](repeating: focus == nil, count: profile.locations.count)
    var isIgnored = [Bool](repeating: false, count: profile.locations.count)
    var isHidden = isIgnored
    for index in profile.locations.indices {
      if let ignore, matches(profile.locations[index], ignore, profile) {
        isIgnored[index] = true
      } else if let focus {
        isFocused[index] = matches(profile.locations[index], focus, profile)
      }
      let before = profile.locations[index].lines
      if let hide {
        keepLines(&profile, index) {
          !$0
        } matching: {
          hide.matches($0)
        }
      }
      if let show {
        keepLines(&profile, index) {
          $0
        } matching: {
          show.matches($0)
        }
      }
      let isEmpty = profile.locations[index].lines.isEmpty
      isHidden[index] = isEmpty && (show != nil || !before.isEmpty && hide != nil)
      if hide != nil, before.isEmpty, mappingMatches(profile.locations[index], hide, profile) {
        isHidden[index] = true
      }
      if show != nil, before.isEmpty, mappingMatches(profile.locations[index], show, profile) {
        isHidden[index] = true
      }
    }
    profile.samples = profile.samples.compactMap { sample in
      let stack = sample.locations
      if stack.contains(where: { isIgnored[Int($0)] }) { return nil }
      if !stack.contains(where: { isFocused[Int($0)] }) { return nil }
      let kept = stack.filter { !isHidden[Int($0)] }
      if kept.isEmpty, kept.count != stack.count { return nil }
      return Profile.Sample(locations: kept, values: sample.values, labels: sample.labels)
    }
  }

  /// Drops the lines of a location whose match does not satisfy `keep`; a mapping that matches by
  /// its file stands for all its lines.
  private func keepLines(
    _ profile: inout Profile, _ index: Int, _ keep: (Bool) -> Bool,
    matching: (String) -> Bool
  ) {
    let location = profile.locations[index]
    if let mapping = location.mapping, matching(profile.mappings[Int(mapping)].filename) {
      if !keep(true) { profile.locations[index].lines = [] }
      return
    }
    profile.locations[index].lines = location.lines.filter { line in
      let function = profile.functions[Int(line.function)]
      return keep(matching(function.name) || matching(function.filename))
    }
  }

  private func filterFromTop(_ profile: inout Profile) {
    guard let showFrom else { return }
    var isStart = [Bool](repeating: false, count: profile.locations.count)
    for (index, location) in profile.locations.enumerated() {
      if mappingMatches(location, showFrom, profile) {
        isStart[index] = true
        continue
      }
      let last = location.lines.lastIndex { line in
        let function = profile.functions[Int(line.function)]
        return showFrom.matches(function.name) || showFrom.matches(function.filename)
      }
      guard let last else { continue }
      isStart[index] = true
      profile.locations[index].lines = Array(location.lines[...last])
    }
    profile.samples = profile.samples.compactMap { sample in
      guard let top = sample.locations.lastIndex(where: { isStart[Int($0)] }) else { return nil }
      return Profile.Sample(
        locations: Array(sample.locations[...top]), values: sample.values, labels: sample.labels)
    }
  }

  private func matches(
    _ location: Profile.Location, _ pattern: NamePattern, _ profile: Profile
  ) -> Bool {
    let inLines = location.lines.contains { line in
      let function = profile.functions[Int(line.function)]
      return pattern.matches(function.name) || pattern.matches(function.filename)
    }
    return inLines || mappingMatches(location, pattern, profile)
  }

  private func mappingMatches(
    _ location: Profile.Location, _ pattern: NamePattern?, _ profile: Profile
  ) -> Bool {
    guard let pattern, let mapping = location.mapping else { return false }
    return pattern.matches(profile.mappings[Int(mapping)].filename)
  }
}
