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
  /// Which labels are seen at all, by key.
  package var tagShow: NamePattern?
  package var tagHide: NamePattern?
  /// Stacks end at the match nearest to the leaf.
  package var pruneFrom: NamePattern?

  package init() {}

  package var isEmpty: Bool { descriptions.isEmpty && pruneFrom == nil }

  /// One line for each filter at work, as the header of a view lists them.
  package var descriptions: [String] {
    [
      ("focus", focus?.source), ("ignore", ignore?.source), ("hide", hide?.source),
      ("show", show?.source), ("show_from", showFrom?.source), ("tagfocus", tagFocus?.source),
      ("tagignore", tagIgnore?.source), ("tagshow", tagShow?.source), ("taghide", tagHide?.source),
    ].compactMap { name, source in source.map { "\(name)=\($0)" } }
  }

  /// The profile with only what the filters let through.
  package func apply(to profile: Profile) -> Profile {
    if isEmpty { return profile }
    var result = DisplayName.applied(to: profile)
    apply(toNamed: &result, units: TagUnits(profile))
    return result
  }

  /// Filters a profile whose functions have the names that are shown, in pprof's order.
  func apply(toNamed profile: inout Profile, units: TagUnits) {
    filterNames(&profile)
    filterFromTop(&profile)
    if let tagFocus { profile.samples.removeAll { !tagFocus.matches($0, units: units) } }
    if let tagIgnore { profile.samples.removeAll { tagIgnore.matches($0, units: units) } }
    filterLabels(&profile)
    if let pruneFrom { FramePruning.prune(&profile, from: pruneFrom) }
  }

  private func filterLabels(_ profile: inout Profile) {
    if tagShow == nil, tagHide == nil { return }
    for index in profile.samples.indices {
      profile.samples[index].labels.removeAll { label in
        !(tagShow?.matches(label.key) ?? true) || tagHide?.matches(label.key) ?? false
      }
    }
  }

  private func filterNames(_ profile: inout Profile) {
    let focused = focus.map { FrameMatches($0, profile) }
    let ignored = ignore.map { FrameMatches($0, profile) }
    let hidden = hide.map { FrameMatches($0, profile) }
    let shown = show.map { FrameMatches($0, profile) }
    if focused == nil, ignored == nil, hidden == nil, shown == nil { return }
    var isFocused = [Bool](repeating: focus == nil, count: profile.locations.count)
    var isIgnored = [Bool](repeating: false, count: profile.locations.count)
    var isHidden = isIgnored
    for (index, location) in profile.locations.enumerated() {
      isIgnored[index] = ignored?.matches(location) ?? false
      if let focused { isFocused[index] = !isIgnored[index] && focused.matches(location) }
      var left = location
      if let hidden, hidden.matches(left) {
        left.lines = hidden.mappingMatches(left) ? [] : left.lines.filter { !hidden.matches($0) }
        isHidden[index] = left.lines.isEmpty
      }
      if let shown {
        if !shown.mappingMatches(left) { left.lines = left.lines.filter { shown.matches($0) } }
        if left.lines.isEmpty { isHidden[index] = true }
      }
      profile.locations[index] = left
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

  private func filterFromTop(_ profile: inout Profile) {
    guard let matches = showFrom.map({ FrameMatches($0, profile) }) else { return }
    var isStart = [Bool](repeating: false, count: profile.locations.count)
    for (index, location) in profile.locations.enumerated() {
      isStart[index] = matches.matches(location)
      if !isStart[index] || matches.mappingMatches(location) { continue }
      let last = location.lines.lastIndex { matches.matches($0) } ?? 0
      profile.locations[index].lines = Array(location.lines[...last])
    }
    profile.samples = profile.samples.compactMap { sample in
      guard let top = sample.locations.lastIndex(where: { isStart[Int($0)] }) else { return nil }
      return Profile.Sample(
        locations: Array(sample.locations[...top]), values: sample.values, labels: sample.labels)
    }
  }
}

/// Where a pattern matches, asked once for each function and each text, and not for each frame.
private struct FrameMatches {
  private let functions: [Bool]
  private let mappings: [Bool]

  init(_ pattern: NamePattern, _ profile: Profile) {
    var known: [String: Bool] = [:]
    func ask(_ text: String) -> Bool {
      if let answer = known[text] { return answer }
      let answer = pattern.matches(text)
      known[text] = answer
      return answer
    }
    functions = profile.functions.map { ask($0.filename) || ask($0.name) }
    mappings = profile.mappings.map { ask($0.filename) }
  }

  func matches(_ line: Profile.Line) -> Bool { functions[Int(line.function)] }

  func mappingMatches(_ location: Profile.Location) -> Bool {
    location.mapping.map { mappings[Int($0)] } ?? false
  }

  func matches(_ location: Profile.Location) -> Bool {
    mappingMatches(location) || location.lines.contains { matches($0) }
  }
}
