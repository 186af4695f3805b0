package import Pprof

/// What `-tagfocus` and `-tagignore` take: `key=pattern,pattern`, or patterns over `key:value`.
///
/// With a key any of the patterns may match one of its values; without, each must match some tag.
package struct TagPattern: Sendable {
  package let source: String
  private let key: String?
  private let patterns: [NamePattern]

  package init(_ source: String) throws(NamePattern.Invalid) {
    self.source = source
    let parts = source.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    key = parts.count == 2 ? String(parts[0]) : nil
    var patterns: [NamePattern] = []
    for part in parts[parts.count - 1].split(separator: ",", omittingEmptySubsequences: false) {
      patterns.append(try NamePattern(String(part)))
    }
    self.patterns = patterns
  }

  package func matches(_ sample: Profile.Sample) -> Bool {
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
