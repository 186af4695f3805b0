import Pprof

/// Takes away the frames that a profile itself calls uninteresting (`drop_frames`, `keep_frames`).
///
/// Go's heap profiles name their allocator that way. Everything from a dropped frame down to the
/// leaf goes; the cost stays with the caller.
enum FramePruning {
  static func prune(_ owned: consuming Profile) -> Profile {
    var profile = owned
    guard !profile.dropFrames.isEmpty,
      let drop = try? NamePattern("^(?:\(profile.dropFrames))$")
    else { return profile }
    let keep =
      profile.keepFrames.isEmpty ? nil : try? NamePattern("^(?:\(profile.keepFrames))$")
    var prunes = [Bool](repeating: false, count: profile.locations.count)
    var prunesBelow = prunes
    let functions = profile.functions
    for index in profile.locations.indices {
      let location = profile.locations[index]
      let match = location.lines.lastIndex { line in
        let name = simple(functions[Int(line.function)].name)
        return !name.isEmpty && drop.matches(name) && !(keep?.matches(name) ?? false)
      }
      guard let match else { continue }
      prunesBelow[index] = true
      if match == location.lines.count - 1 {
        prunes[index] = true
      } else {
        profile.locations[index].lines = Array(location.lines[(match + 1)...])
      }
    }
    for index in profile.samples.indices {
      cut(&profile.samples[index].locations, prunes, prunesBelow)
    }
    return profile
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

  /// Cuts each stack below the match nearest its leaf (`-prune_from`); the match itself stays.
  static func prune(_ profile: inout Profile, from pattern: NamePattern) {
    let matches = profile.functions.map { function in
      let name = simple(function.name)
      return !function.name.isEmpty && pattern.matches(name)
    }
    var isEnd = [Bool](repeating: false, count: profile.locations.count)
    for (index, location) in profile.locations.enumerated() {
      guard let line = location.lines.firstIndex(where: { matches[Int($0.function)] }) else {
        continue
      }
      isEnd[index] = true
      profile.locations[index].lines = Array(location.lines[line...])
    }
    for index in profile.samples.indices {
      let stack = profile.samples[index].locations
      guard let end = stack.firstIndex(where: { isEnd[Int($0)] }), end > 0 else { continue }
      profile.samples[index].locations = Array(stack[end...])
    }
  }

  /// The name up to its argument list; what looks like one and is a part of the name stays.
  private static func simple(_ name: String) -> String {
    let letters = Array(name.hasPrefix(".") ? name.utf8.dropFirst() : name.utf8[...])
    let kept = ["(anonymous namespace)", "operator()"].map { Array($0.utf8) }
    var position = 0
    while position < letters.count {
      if let part = kept.first(where: { letters[position...].starts(with: $0) }) {
        position += part.count
      } else if letters[position] == UInt8(ascii: "(") {
        break
      } else {
        position += 1
      }
    }
    return String(decoding: letters[..<position], as: UTF8.self)
  }
}
