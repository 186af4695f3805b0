import Measurement

/// Reads a file of rules line by line, and says of the first thing wrong where it stands.
struct RulesReader {
  private var file = RulesFile()
  private let isStandard: Bool
  private var section = Section.none
  private var patternCount = 0

  private enum Section {
    case none
    case group(Int)
    case rule(DraftRule)
  }

  static func read(_ bytes: [UInt8], isStandard: Bool) throws(RulesFileError) -> RulesFile {
    guard bytes.count <= RulesFile.byteLimit else {
      throw RulesFileError(
        1, 1,
        "the file has \(NumberText.bytes(Double(bytes.count))); a file of rules may have "
          + "\(NumberText.bytes(Double(RulesFile.byteLimit))).")
    }
    var reader = RulesReader(isStandard: isStandard)
    for (index, row) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      try reader.take(try RulesLine(row, number: index + 1))
    }
    try reader.endSection()
    return reader.file
  }

  private init(isStandard: Bool) { self.isStandard = isStandard }

  private mutating func take(_ line: RulesLine) throws(RulesFileError) {
    let text = line.content
    if text.isEmpty || text.text.hasPrefix("#") { return }
    if text.text.hasPrefix("[") { return try begin(line) }
    if let (key, value) = line.keyAndValue { return try set(key, value, line) }
    for pattern in line.patterns { try add(pattern, line) }
  }

  // MARK: Sections

  private mutating func begin(_ line: RulesLine) throws(RulesFileError) {
    try endSection()
    guard let (kind, name) = line.heading else {
      throw line.error(
        line.content, "a section begins with [group NAME] or [rule ID] in a line of its own.")
    }
    switch kind.text {
    case "group": try beginGroup(name, line)
    case "rule": try beginRule(name, line)
    default:
      throw line.error(kind, "there is no section `\(kind.text)`; there are `group` and `rule`.")
    }
  }

  private mutating func beginGroup(_ name: RulesLine.Word, _ line: RulesLine)
    throws(RulesFileError)
  {
    let group = try Self.group(name, line)
    if let other = file.groups.first(where: { $0.group == group }) {
      throw line.error(name, "the group `\(name.text)` stands in line \(other.line) already.")
    }
    file.groups.append(RulesFile.Group(group: group, line: line.number))
    section = .group(file.groups.count - 1)
  }

  private static func group(_ name: RulesLine.Word, _ line: RulesLine)
    throws(RulesFileError) -> SymbolGroup
  {
    if let group = SymbolGroup(rawValue: name.text) { return group }
    let names = SymbolGroup.allCases.map(\.rawValue)
    let near = names.first { $0.lowercased().hasPrefix(name.text.lowercased().prefix(4)) }
    throw line.error(
      name,
      "there is no group `\(name.text)`."
        + (near.map { " Did you mean `\($0)`?" } ?? " There are: \(names.joined(separator: ", ")).")
    )
  }

  private mutating func beginRule(_ id: RulesLine.Word, _ line: RulesLine)
    throws(RulesFileError)
  {
    if let first = id.text.first,
      !first.isASCII || !first.isLowercase
        || !id.text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) })
        || id.text.count > 40
    {
      throw line.error(
        id,
        "`\(id.text)` cannot name a rule: use up to 40 letters, digits, dots and dashes, beginning "
          + "with a small letter (capitals are vbench's own rules).")
    }
    if let other = file.rules.firstIndex(where: { $0.id == id.text }) {
      throw line.error(
        id, "there is a rule `\(id.text)` already, the \(other + 1). of this file.")
    }
    guard file.rules.count < RulesFile.ruleLimit else {
      throw line.error(id, "a file may hold \(RulesFile.ruleLimit) rules, and this is one more.")
    }
    section = .rule(DraftRule(id: id, line: line))
  }

  private mutating func endSection() throws(RulesFileError) {
    switch section {
    case .none: break
    case .group(let index):
      let group = file.groups[index]
      if group.patterns.isEmpty && group.includes.isEmpty {
        throw RulesFileError(
          group.line, 1, "the group `\(group.group.rawValue)` has no pattern; write one in a line.")
      }
    case .rule(let draft): file.rules.append(try draft.finished())
    }
    section = .none
  }

  // MARK: Lines of a section

  private mutating func set(
    _ key: RulesLine.Word, _ value: RulesLine.Word, _ line: RulesLine
  ) throws(RulesFileError) {
    switch section {
    case .none:
      throw line.error(
        key, "`\(key.text)` belongs to nothing; begin with [group NAME] or [rule ID].")
    case .group(let index): try setGroup(index, key, value, line)
    case .rule(var draft):
      try draft.set(key, value, line)
      section = .rule(draft)
    }
  }

  private mutating func setGroup(
    _ index: Int, _ key: RulesLine.Word, _ value: RulesLine.Word, _ line: RulesLine
  ) throws(RulesFileError) {
    guard isStandard else {
      throw line.error(
        key, "a group of your own file takes patterns alone, and `\(key.text) =` is none.")
    }
    switch key.text {
    case "label": file.groups[index].label = value.text
    case "with":
      for name in value.parts(separatedBy: ",") {
        file.groups[index].includes.append(try Self.group(name, line))
      }
    case "only" where value.text == "own code": file.groups[index].isOwnCodeOnly = true
    default: throw line.error(key, "a group has no `\(key.text) = \(value.text)`.")
    }
  }

  private mutating func add(_ pattern: RulesLine.Word, _ line: RulesLine) throws(RulesFileError) {
    guard !pattern.isEmpty else {
      throw line.error(pattern, "the pattern before or behind this `|` is empty.")
    }
    if Glob(pattern.text).isEverything {
      throw line.error(pattern, "`\(pattern.text)` would match every function; say more.")
    }
    patternCount += 1
    guard patternCount <= RulesFile.patternLimit else {
      throw line.error(
        pattern, "a file may hold \(RulesFile.patternLimit) patterns, and this is one more.")
    }
    switch section {
    case .none:
      throw line.error(
        pattern, "`\(pattern.text)` belongs to nothing; begin with [group NAME] or [rule ID].")
    case .group(let index): file.groups[index].patterns.append(pattern.text)
    case .rule(var draft):
      draft.rule.patterns.append(pattern.text)
      section = .rule(draft)
    }
  }
}
