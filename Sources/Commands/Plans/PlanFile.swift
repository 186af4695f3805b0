/// A plan: several workload runs in one file, in a small part of TOML.
///
/// ```
/// [all]                      # for every run
/// dataset = "20k"
/// trials = 6
///
/// [runs.reads]               # a run, and what it is called
/// workload = "search-only"
/// concurrency = [8, 32]      # a list makes a run for each value
///
/// [runs.writes]
/// workload = "write-only"
/// durability = "relaxed"
/// ```
/// Keys are the workload's long flags. A value is a string in quotes, a word or number without
/// blanks, true or false, or a list of these. `#` begins a comment. There is nothing else.
struct PlanFile: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    let key: String
    /// As it would stand behind the flag; the values of a list with commas between them.
    let value: String
    let line: Int
  }

  struct Run: Sendable, Equatable {
    let name: String
    let line: Int
    var entries: [Entry]
  }

  private(set) var shared: [Entry] = []
  private(set) var runs: [Run] = []

  struct Problem: Error, Equatable {
    let line: Int
    let sentence: String
  }

  private enum Place { case nowhere, shared, run }

  init(_ text: String) throws(Problem) {
    var place = Place.nowhere
    for (index, row) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = index + 1
      let content = Self.withoutComment(row)
      if content.isEmpty { continue }
      if content.hasPrefix("[") {
        place = try begin(content, line)
      } else {
        try add(try Self.entry(content, line), to: place)
      }
    }
    if runs.isEmpty {
      throw Problem(line: 1, sentence: "the plan names no run; a run begins with [runs.NAME].")
    }
  }

  private mutating func begin(_ content: String, _ line: Int) throws(Problem) -> Place {
    guard content.hasSuffix("]") else {
      throw Problem(line: line, sentence: "`\(content)` has no closing bracket.")
    }
    let title = Self.trimmed(content.dropFirst().dropLast())
    if title == "all" { return .shared }
    let parts = title.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      .map(Self.trimmed)
    guard parts.count == 2, parts[0] == "runs", !parts[1].isEmpty else {
      let meant = parts.count == 2 ? " Did you mean [runs.\(parts[1])]?" : ""
      throw Problem(
        line: line,
        sentence: "[\(title)] is no part of a plan; there are [all] and [runs.NAME]."
          + (Nearest.word(to: parts[0], among: ["runs", "run"]) == nil ? "" : meant))
    }
    if runs.contains(where: { $0.name == parts[1] }) {
      throw Problem(line: line, sentence: "there is a run `\(parts[1])` already.")
    }
    runs.append(Run(name: parts[1], line: line, entries: []))
    return .run
  }

  private mutating func add(_ entry: Entry, to place: Place) throws(Problem) {
    let present = place == .run ? runs[runs.count - 1].entries : shared
    if let other = present.first(where: { $0.key == entry.key }) {
      throw Problem(
        line: entry.line, sentence: "`\(entry.key)` stands in line \(other.line) already.")
    }
    switch place {
    case .nowhere:
      throw Problem(
        line: entry.line,
        sentence: "`\(entry.key)` belongs to nothing; begin with [all] or [runs.NAME].")
    case .shared: shared.append(entry)
    case .run: runs[runs.count - 1].entries.append(entry)
    }
  }

  // MARK: - Lines

  private static func entry(_ content: String, _ line: Int) throws(Problem) -> Entry {
    guard let sign = content.firstIndex(of: "=") else {
      throw Problem(line: line, sentence: "`\(content)` is no `key = value`.")
    }
    let key = trimmed(content[..<sign])
    let text = trimmed(content[content.index(after: sign)...])
    guard !key.isEmpty, !key.contains(where: \.isWhitespace) else {
      throw Problem(line: line, sentence: "`\(content)` has no key in front of its `=`.")
    }
    if text.hasPrefix("[") {
      guard text.hasSuffix("]") else {
        throw Problem(line: line, sentence: "the list behind `\(key)` does not end in this line.")
      }
      var values: [String] = []
      for part in text.dropFirst().dropLast().split(separator: ",") {
        values.append(try value(trimmed(part), key, line))
      }
      return Entry(key: key, value: values.joined(separator: ","), line: line)
    }
    return Entry(key: key, value: try value(text, key, line), line: line)
  }

  private static func value(_ text: String, _ key: String, _ line: Int) throws(Problem) -> String {
    for quote in ["\"", "'"] where text.hasPrefix(quote) {
      let inner = text.dropFirst().dropLast()
      guard text.count >= 2, text.hasSuffix(quote), !inner.contains(quote) else {
        throw Problem(line: line, sentence: "the text behind `\(key)` is not closed.")
      }
      return String(inner)
    }
    if text.isEmpty || text.contains(where: { $0.isWhitespace || $0 == "\"" }) {
      throw Problem(
        line: line, sentence: "behind `\(key)` comes a number, a word, or a text in quotes.")
    }
    return text
  }

  private static func withoutComment(_ row: Substring) -> String {
    var quote: Character?
    var kept = ""
    for letter in row {
      if let open = quote {
        if letter == open { quote = nil }
      } else if letter == "#" {
        break
      } else if letter == "\"" || letter == "'" {
        quote = letter
      }
      kept.append(letter)
    }
    return trimmed(kept)
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = text[...]
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    return String(text)
  }
}
