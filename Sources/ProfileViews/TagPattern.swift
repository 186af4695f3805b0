package import Pprof

/// What `-tagfocus` and `-tagignore` take: `key=pattern,pattern`, patterns over `key:value`, or a
/// range of numbers.
///
/// With a key any of the patterns may match one of its values; without, each must match some tag.
package struct TagPattern: Sendable {
  package let source: String
  private let key: String?
  private let wanted: Wanted

  private enum Wanted {
    case text([NamePattern])
    case range(NumberRange)
  }

  package init(_ source: String) throws(NamePattern.Invalid) {
    self.source = source
    let parts = source.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    key = parts.count == 2 ? String(parts[0]) : nil
    let value = parts[parts.count - 1]
    if let range = NumberRange(value) {
      wanted = .range(range)
      return
    }
    var patterns: [NamePattern] = []
    for part in value.split(separator: ",", omittingEmptySubsequences: false) {
      patterns.append(try NamePattern(String(part)))
    }
    wanted = .text(patterns)
  }

  /// Whether a sample's tags are wanted; `units` says in what each number is counted.
  package func matches(_ sample: Profile.Sample, units: TagUnits) -> Bool {
    switch wanted {
    case .text(let patterns): matches(sample, patterns)
    case .range(let range):
      sample.labels.contains { label in
        guard case .number(let number, _) = label.value, key == nil || key == label.key else {
          return false
        }
        return range.contains(number, units[label.key])
      }
    }
  }

  private func matches(_ sample: Profile.Sample, _ patterns: [NamePattern]) -> Bool {
    let tags = sample.labels.compactMap { label -> (key: String, text: String)? in
      guard case .text(let text) = label.value else { return nil }
      return (label.key, text)
    }
    guard let key else {
      return patterns.allSatisfy { pattern in
        tags.contains { pattern.matches("\($0.key):\($0.text)") }
      }
    }
    return tags.contains { tag in
      tag.key == key && patterns.contains { $0.matches(tag.text) }
    }
  }
}

/// The unit of each numeric tag: the first that the profile gives, or what pprof supposes.
package struct TagUnits: Sendable {
  private var units: [String: String] = [:]

  package init(_ profile: Profile) {
    for sample in profile.samples {
      for label in sample.labels {
        guard case .number(_, let unit) = label.value, !unit.isEmpty else { continue }
        if units[label.key] == nil { units[label.key] = unit }
      }
    }
  }

  subscript(key: String) -> String {
    units[key] ?? (key == "alignment" || key == "request" ? "bytes" : key)
  }
}
