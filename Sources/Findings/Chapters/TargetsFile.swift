import Measurement

/// What somebody expects of a run: one line a metric, each with where the expectation comes from.
///
/// ```
/// # metric             bound     value      optional                  who says so
/// search.response.p99  at most   10 ms      stretch 5 ms  by month    source: promise to the shop, 2026-01
/// capacity             at least  1500/s                               source: twice the peak of last year
/// ```
///
/// A line begins with the name of a result in `run.json`. `<=` and `>=` stand for the two bounds.
/// `by` is `week`, `month` or `quarter`. A target without a source is refused: a gap to a number
/// that nobody can defend is no finding.
package struct TargetsFile: Sendable {
  package struct Target: Sendable {
    package var metric: Word
    package var bound: TargetRow.Bound
    package var value: Quantity
    package var stretch: Quantity?
    package var horizon: String?
    package var source: String
    var line: Int
  }

  /// A word with the column it begins in, counted from 1.
  package struct Word: Sendable {
    package var text: String
    package var column: Int
  }

  package struct Quantity: Sendable {
    var value: Double
    /// Nil for a bare number.
    var unit: MetricUnit?
    var word: Word
  }

  package let name: String
  package let targets: [Target]

  static let horizons = ["week", "month", "quarter"]
  private static let longestSource = 300
  private static let mostTargets = 1_000

  /// - Parameters:
  ///   - text: The content of the file.
  ///   - name: What errors call it.
  /// - Throws: `badTargets` with line and column.
  package init(_ text: String, name: String) throws(FindingsError) {
    self.name = name
    var targets: [Target] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      var parser = TargetLine(line, file: name, line: index + 1)
      guard let target = try parser.target() else { continue }
      if let known = targets.first(where: { $0.metric.text == target.metric.text }) {
        throw parser.error(
          target.metric, "\(target.metric.text) has a target on line \(known.line) already")
      }
      guard target.source.count <= Self.longestSource else {
        throw parser.error(
          target.metric, "the source has more than \(Self.longestSource) letters; name it shorter")
      }
      targets.append(target)
      guard targets.count <= Self.mostTargets else {
        throw parser.error(target.metric, "there are more than \(Self.mostTargets) targets")
      }
    }
    guard !targets.isEmpty else {
      throw .badTargets(
        file: name, line: 1, column: 1,
        sentence:
          "the file holds no target; write a line such as `capacity at least 1500/s source: who says so`"
      )
    }
    self.targets = targets
  }
}

/// One line of a targets file, read word by word.
private struct TargetLine {
  private var words: [TargetsFile.Word] = []
  private var source: TargetsFile.Word?
  private let file: String
  private let line: Int
  private let end: Int
  private var position = 0

  init(_ text: Substring, file: String, line: Int) {
    self.file = file
    self.line = line
    let letters = Array(text)
    end = letters.count + 1
    var index = 0
    while index < letters.count {
      if letters[index].isWhitespace {
        index += 1
        continue
      }
      let start = index
      while index < letters.count, !letters[index].isWhitespace { index += 1 }
      let word = String(letters[start..<index])
      if words.isEmpty && word.hasPrefix("#") { break }
      if word.hasPrefix("source:") {
        let rest = String(letters[(start + "source:".count)...])
        source = .init(text: Self.trimmed(rest), column: start + 1)
        break
      }
      words.append(.init(text: word, column: start + 1))
    }
  }

  private static func trimmed(_ text: String) -> String {
    let body = text.drop(while: \.isWhitespace)
    return String(body.reversed().drop(while: \.isWhitespace).reversed())
  }

  func error(_ word: TargetsFile.Word?, _ sentence: String) -> FindingsError {
    .badTargets(file: file, line: line, column: word?.column ?? end, sentence: sentence)
  }

  private mutating func next() -> TargetsFile.Word? {
    guard position < words.count else { return nil }
    position += 1
    return words[position - 1]
  }

  private func peek() -> String? { position < words.count ? words[position].text : nil }

  /// Nil for an empty line or a comment.
  mutating func target() throws(FindingsError) -> TargetsFile.Target? {
    guard let metric = next() else {
      if let source { throw error(source, "a line begins with the name of a metric") }
      return nil
    }
    let bound = try bound()
    let value = try quantity()
    var stretch: TargetsFile.Quantity?
    var horizon: String?
    while let word = next() {
      switch word.text {
      case "stretch" where stretch == nil: stretch = try quantity()
      case "by" where horizon == nil: horizon = try self.horizon()
      default:
        throw error(
          word, "\(word.text) is not understood here; `stretch`, `by` or `source:` may follow")
      }
    }
    guard let source, !source.text.isEmpty else {
      throw error(
        source,
        "the target of \(metric.text) names no source; end the line with `source: who says so`"
      )
    }
    try check(value, stretch, bound)
    return TargetsFile.Target(
      metric: metric, bound: bound, value: value, stretch: stretch, horizon: horizon,
      source: source.text, line: line)
  }

  private mutating func bound() throws(FindingsError) -> TargetRow.Bound {
    let word = next()
    switch word?.text {
    case "<=": return .atMost
    case ">=": return .atLeast
    case "at":
      switch peek() {
      case "most":
        position += 1
        return .atMost
      case "least":
        position += 1
        return .atLeast
      default: throw error(word, "after `at` comes `most` or `least`")
      }
    default: throw error(word, "after the metric comes `at most` or `at least`")
    }
  }

  private mutating func horizon() throws(FindingsError) -> String {
    guard let word = next(), TargetsFile.horizons.contains(word.text) else {
      throw error(
        position > 0 ? words[position - 1] : nil,
        "after `by` comes \(TargetsFile.horizons.joined(separator: ", "))")
    }
    return word.text
  }

  private mutating func quantity() throws(FindingsError) -> TargetsFile.Quantity {
    guard let word = next() else { throw error(nil, "a value is missing") }
    // No number is longer, and to try each beginning of a very long one would take hours.
    let digits = word.text.prefix(40).prefix { "0123456789.+-eE_,".contains($0) }
    var number = digits
    // `10e` of a unit that begins with e would be no number; nor has any such unit.
    while !number.isEmpty, Double(number) == nil { number.removeLast() }
    guard let value = Double(number), value.isFinite else {
      throw error(word, "\(word.text) is not a number with a unit, such as 10 ms or 1500/s")
    }
    guard value >= 0 else { throw error(word, "\(word.text) is below zero") }
    var unit = String(word.text.dropFirst(number.count))
    if unit.isEmpty, let more = peek(), TargetUnit.named(more) != nil {
      position += 1
      unit = more
    }
    if unit.isEmpty { return .init(value: value, unit: nil, word: word) }
    guard let known = TargetUnit.named(unit) else {
      throw error(word, "\(unit) is no unit; \(TargetUnit.all) are")
    }
    guard (value * known.factor).isFinite else { throw error(word, "\(word.text) is too large") }
    return .init(value: value * known.factor, unit: known.unit, word: word)
  }

  /// A stretch is harder than the target, or it is none.
  private func check(
    _ value: TargetsFile.Quantity, _ stretch: TargetsFile.Quantity?, _ bound: TargetRow.Bound
  ) throws(FindingsError) {
    guard let stretch else { return }
    guard stretch.unit == value.unit else {
      throw error(stretch.word, "target and stretch are in units of different kinds")
    }
    let isHarder =
      bound == .atMost ? stretch.value < value.value : stretch.value > value.value
    if !isHarder { throw error(stretch.word, "the stretch is not harder than the target") }
  }
}

/// The units of a targets file.
enum TargetUnit {
  private static let units: [(name: String, unit: MetricUnit, factor: Double)] = [
    ("ns", .seconds, 1e-9), ("us", .seconds, 1e-6), ("µs", .seconds, 1e-6),
    ("μs", .seconds, 1e-6), ("ms", .seconds, 1e-3), ("s", .seconds, 1), ("min", .seconds, 60),
    ("/s", .perSecond, 1), ("k/s", .perSecond, 1e3), ("M/s", .perSecond, 1e6),
    ("%", .ratio, 0.01),
    ("B", .bytes, 1), ("kB", .bytes, 1e3), ("MB", .bytes, 1e6), ("GB", .bytes, 1e9),
    ("KiB", .bytes, 1_024), ("MiB", .bytes, 1_048_576), ("GiB", .bytes, 1_073_741_824),
  ]

  static func named(_ name: String) -> (unit: MetricUnit, factor: Double)? {
    units.first { $0.name == name }.map { ($0.unit, $0.factor) }
  }

  static var all: String {
    units.filter { $0.name != "μs" }.map(\.name).joined(separator: ", ")
  }

  /// `a time`, with what it may be written in.
  static func kind(_ unit: MetricUnit) -> (noun: String, units: String) {
    switch unit {
    case .seconds: ("a time", "ns, µs, ms, s or min")
    case .perSecond: ("a rate", "/s, k/s or M/s")
    case .ratio: ("a share", "%, or a bare number such as 0.95")
    case .bytes: ("an amount of memory", "B, KiB, MiB, GiB, kB, MB or GB")
    case .count: ("a count", "a bare number")
    }
  }
}
