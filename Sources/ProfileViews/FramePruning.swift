import Pprof

/// Takes away the frames that a profile itself calls uninteresting (`drop_frames`, `keep_frames`).
///
/// Go's heap profiles name their allocator that way. Everything from a dropped frame down to the
/// leaf goes; the cost stays with the caller.
enum FramePruning {
  static func prune(_ profile: Profile) -> Profile {
    guard !profile.dropFrames.isEmpty,
      let drop = try? NamePattern("^(?:\(profile.dropFrames))$")
    else { return profile }
    let keep =
      profile.keepFrames.isEmpty ? nil : try? NamePattern("^(?:\(profile.keepFrames))$")
    var result = profile
    var prunes = [Bool](repeating: false, count: profile.locations.count)
    var prunesBelow = prunes
    for (index, location) in profile.locations.enumerated() {
      let match = location.lines.lastIndex { line in
        let name = simple(profile.functions[Int(line.function)].name)
        return !name.isEmpty && drop.matches(name) && !(keep?.matches(name) ?? false)
      }
      guard let match else { continue }
      prunesBelow[index] = true
      if match == location.lines.count - 1 {
        prunes[index] = true
      } else {
        result.locations[index].lines = Array(location.lines[(match + 1)...])
      }
    }
    for index in result.samples.indices {
      cut(&result.samples[index].locations, prunes, prunesBelow)
    }
    return result
  }

  /// Cuts at the frame nearest the root that prunes, but only below the first that does not.
  private static func cut(_ stack: inout [Int32], _ prunes: [Bool], _ prunesBelow: [Bool]) {
    var foundUser = false
    for position in stack.indices.reversed() {
      let location = Int(stack[position])
      if !prunes[location], !prunesBelow[location] {
        foundUser = true
        continue
      }
      if !foundUser { continue }
      let first = prunes[location] ? position + 1 : position
      stack.removeSubrange(..<first)
      return
    }
  }

  /// The name up to its argument list.
  private static func simple(_ name: String) -> String {
    let trimmed = name.hasPrefix(".") ? String(name.dropFirst()) : name
    guard !trimmed.contains("(anonymous namespace)"), !trimmed.contains("operator()") else {
      return trimmed
    }
    return String(trimmed.prefix { $0 != "(" })
  }
}
