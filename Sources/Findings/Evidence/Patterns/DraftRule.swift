/// A project rule while its lines are read.
struct DraftRule {
  var rule: ProjectRule
  private let id: RulesLine.Word
  private let line: RulesLine
  private var seen: [String: Int] = [:]
  private var advice: String?
  private var effort: Effort?
  private var risk: String?

  static let keys = [
    "title", "kind", "op", "threshold", "means", "advice", "effort", "risk",
  ]

  init(id: RulesLine.Word, line: RulesLine) {
    rule = ProjectRule(id: id.text)
    (self.id, self.line) = (id, line)
  }

  mutating func set(
    _ key: RulesLine.Word, _ value: RulesLine.Word, _ line: RulesLine
  ) throws(RulesFileError) {
    guard Self.keys.contains(key.text) else {
      throw line.error(
        key, "a rule has no `\(key.text)`; there are \(Self.keys.joined(separator: ", ")).")
    }
    if let other = seen[key.text] {
      throw line.error(key, "`\(key.text)` stands in line \(other) already.")
    }
    seen[key.text] = line.number
    if value.isEmpty { throw line.error(value, "behind `\(key.text) =` stands nothing.") }
    try take(key.text, value, line)
  }

  private mutating func take(
    _ key: String, _ value: RulesLine.Word, _ line: RulesLine
  ) throws(RulesFileError) {
    switch key {
    case "title": rule.title = value.text
    case "op": rule.operation = value.text
    case "means": rule.means = value.text
    case "advice": advice = value.text
    case "risk": risk = value.text
    case "threshold": rule.threshold = try Self.share(value, line)
    case "kind":
      guard let kind = ProjectRule.Kind(rawValue: value.text) else {
        throw line.error(value, "`\(value.text)` is no kind; there are cpu, mutex and block.")
      }
      rule.kind = kind
    default:
      guard let found = Effort(rawValue: value.text) else {
        throw line.error(value, "`\(value.text)` is no effort; there are S, M and L.")
      }
      effort = found
    }
  }

  /// `5 %` or `0.05`.
  private static func share(
    _ value: RulesLine.Word, _ line: RulesLine
  ) throws(RulesFileError) -> Double {
    let isPercent = value.text.hasSuffix("%")
    let digits = value.text.prefix { $0 != "%" && $0 != " " }
    let rest = value.text.dropFirst(digits.count)
    guard rest.allSatisfy({ $0 == " " || $0 == "%" }), rest.filter({ $0 == "%" }).count <= 1,
      let number = Double(digits), number.isFinite
    else {
      throw line.error(value, "`\(value.text)` is no share; write one like 5 % or 0.05.")
    }
    let share = isPercent ? number / 100 : number
    guard share > 0, share <= 1 else {
      throw line.error(
        value, "the threshold `\(value.text)` is not above 0 and at most 1 (or 100 %).")
    }
    return share
  }

  func finished() throws(RulesFileError) -> ProjectRule {
    func missing(_ what: String) -> RulesFileError {
      line.error(id, "the rule `\(id.text)` has no \(what).")
    }
    if rule.title.isEmpty { throw missing("`title`") }
    if rule.threshold == 0 { throw missing("`threshold`") }
    if rule.patterns.isEmpty { throw missing("frame pattern; write one in a line of its own") }
    guard let advice else {
      guard effort == nil, risk == nil else {
        throw missing("`advice`, to which its effort and risk would belong")
      }
      return rule
    }
    guard let effort else { throw missing("`effort` (S, M or L) for its advice") }
    guard let risk else { throw missing("`risk` for its advice") }
    var whole = rule
    whole.advice = Recommendation(advice, effort: effort, risk: risk)
    return whole
  }
}
