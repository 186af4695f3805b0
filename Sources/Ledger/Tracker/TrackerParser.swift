import Findings

/// Reads a tracker file, and names every line that is wrong.
struct TrackerParser {
  private let path: String
  private var problems: [TrackerProblem] = []
  private var entries: [Tracker.Entry] = []
  private var open: Draft?
  /// Comments that belong to whatever comes next.
  private var comments: [String] = []

  /// An item as far as it is read.
  private struct Draft {
    var item: TrackedItem
    let line: Int
    var comments: [String]
    var lines: [String]
    var hasState = false
    var base: [Proof.Run] = []
    var new: [Proof.Run] = []
    var allowed: [String] = []
    var claims: [Proof.Claim] = []
  }

  static func parse(_ text: String, path: String) throws(TrackerError) -> Tracker {
    var parser = TrackerParser(path: path)
    return try parser.tracker(text)
  }

  private init(path: String) { self.path = path }

  private mutating func tracker(_ text: String) throws(TrackerError) -> Tracker {
    let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { bytes in
      String(Substring(bytes.last == 13 ? bytes.dropLast() : bytes))
    }
    guard let first = lines.firstIndex(where: { !Self.isBlank($0) }) else {
      throw .unknownVersion(path: path, found: "")
    }
    guard lines[first] == Tracker.firstLine else {
      throw .unknownVersion(path: path, found: String(lines[first].prefix(40)))
    }
    for (index, line) in lines.enumerated().dropFirst(first + 1) { read(line, number: index + 1) }
    close()
    if !problems.isEmpty { throw .malformed(path: path, problems) }
    return Tracker(entries: entries, tail: comments)
  }

  private static func isBlank(_ line: String) -> Bool {
    line.unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" }
  }

  private mutating func read(_ text: String, number: Int) {
    if Self.isBlank(text) { return }
    if text.hasPrefix("#") {
      // A comment between items speaks of the next one.
      comments.append(text)
      return
    }
    var line = TrackerLine(text, number: number)
    do throws(TrackerProblem) {
      let name = try line.word("a word such as item or state")
      if name == "item" {
        close()
        open = try draft(&line, number)
        comments = []
      } else {
        try fact(name, &line)
      }
      open?.lines += name == "item" ? [] : comments
      if name != "item" { comments = [] }
      open?.lines.append(text)
    } catch { problems.append(error) }
  }

  // MARK: - Items

  private func draft(_ line: inout TrackerLine, _ number: Int) throws(TrackerProblem) -> Draft {
    let id = try line.word("the name of the item, such as T1,")
    let digits = id.utf8.dropFirst()
    guard id.hasPrefix("T"), (1...7).contains(digits.count), digits.first != 48,
      digits.allSatisfy({ (48...57).contains($0) })
    else { throw line.problem("an item is called T1, T2 …, not \(id.prefix(20).debugDescription)") }
    if entries.contains(where: { $0.item.id == id }) || open?.item.id == id {
      throw line.problem("there are two items \(id)")
    }
    let title = try line.sentence("the title")
    return Draft(
      item: TrackedItem(id: id, title: title, since: ""), line: number, comments: comments,
      lines: [])
  }

  /// Ends the item that is open, if it is whole.
  private mutating func close() {
    guard var draft = open else { return }
    open = nil
    if !draft.base.isEmpty || !draft.new.isEmpty || !draft.claims.isEmpty || !draft.allowed.isEmpty
    {
      draft.item.proof = Proof(
        base: draft.base, new: draft.new, allowed: draft.allowed, claims: draft.claims)
    }
    if let what = Self.missing(draft) {
      problems.append(TrackerProblem(line: draft.line, column: 1, what: what))
    }
    entries.append(
      Tracker.Entry(
        item: draft.item, comments: draft.comments, source: (draft.item, draft.lines)))
  }

  /// What an item of this state must have and has not.
  private static func missing(_ draft: Draft) -> String? {
    let (item, id) = (draft.item, draft.item.id)
    if !draft.hasState { return "\(id) has no state" }
    let state = item.state
    if state.needsReason, item.reason == nil {
      return "\(id) is \(state.rawValue) without a reason"
    }
    guard state.needsProof else {
      return item.proof == nil
        ? nil
        : "\(id) is \(state.rawValue) and has a proof; only what is "
          + "done or tried has one"
    }
    guard let proof = item.proof, !proof.base.isEmpty, !proof.new.isEmpty, !proof.claims.isEmpty
    else { return "\(id) is \(state.rawValue) without base, new and claim" }
    let isBetter = proof.claims.contains { $0.verdict == .better }
    if state == .done, !isBetter { return "\(id) is done and claims nothing that is better" }
    if state == .tried, isBetter { return "\(id) was tried in vain and claims something better" }
    return nil
  }

  // MARK: - Facts

  private static let names = [
    "item", "state", "reason", "asked", "base", "new", "allow", "claim", "was",
  ]

  private mutating func fact(_ name: String, _ line: inout TrackerLine) throws(TrackerProblem) {
    guard Self.names.contains(name) else {
      throw TrackerProblem(
        line: line.number, column: 1,
        what: "\(name.prefix(20).debugDescription) is none of \(Self.names.joined(separator: ", "))"
      )
    }
    guard open != nil else {
      throw TrackerProblem(line: line.number, column: 1, what: "\(name) stands before any item")
    }
    switch name {
    case "state": try state(&line)
    case "reason":
      let reason = try line.sentence("the reason")
      open?.item.reason = reason
    case "was":
      let past = try line.sentence("what it was")
      open?.item.history.append(past)
    case "asked":
      let asked = try asked(&line)
      open?.item.asked.append(asked)
    default: try proof(name, &line)
    }
  }

  /// A line of the proof; its name is known to be one.
  private mutating func proof(_ name: String, _ line: inout TrackerLine) throws(TrackerProblem) {
    switch name {
    case "base":
      let run = try run(&line)
      open?.base.append(run)
    case "new":
      let run = try run(&line)
      open?.new.append(run)
    case "allow":
      let setting = try line.word("the name of a setting")
      try line.end()
      open?.allowed.append(setting)
    default:
      let claim = try claim(&line)
      open?.claims.append(claim)
    }
  }

  private mutating func state(_ line: inout TrackerLine) throws(TrackerProblem) {
    let word = try line.word("the state")
    guard let state = TrackedItem.State(rawValue: word) else {
      let known = TrackedItem.State.allCases.map(\.rawValue).joined(separator: ", ")
      throw line.problem("a state is one of \(known), not \(word.prefix(20).debugDescription)")
    }
    let day = try line.word("the day, such as 2026-11-21,")
    guard Self.isDay(day) else { throw line.problem("a day is written as 2026-11-21") }
    try line.end()
    open?.item.state = state
    open?.item.since = day
    open?.hasState = true
  }

  private static func isDay(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: 45, omittingEmptySubsequences: false)
    return parts.map(\.count) == [4, 2, 2]
      && parts.joined().allSatisfy { (48...57).contains($0) }
  }

  private func asked(_ line: inout TrackerLine) throws(TrackerProblem) -> TrackedItem.Asked {
    let run = try line.word("the run")
    let rule = try line.word("the rule")
    let place = try line.word("the role, or role/operation,")
    // By bytes: a mark that joins the slash must not hide it.
    let parts = place.utf8.split(separator: 47, maxSplits: 1, omittingEmptySubsequences: false)
    let operation = parts.count == 2 ? String(Substring(parts[1])) : nil
    return TrackedItem.Asked(
      run: run,
      key: FindingKey(rule: rule, role: String(Substring(parts[0])), operation: operation),
      title: try line.sentence("what the finding said"))
  }

  private func run(_ line: inout TrackerLine) throws(TrackerProblem) -> Proof.Run {
    let path = try line.word("the run directory")
    let digest = try line.word("the digest of its files")
    guard digest.hasPrefix("sha256:"), digest.utf8.count == 71,
      digest.utf8.dropFirst(7).allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { throw line.problem("a digest is sha256: and 64 hexadecimal digits") }
    try line.end()
    return Proof.Run(path: path, digest: digest)
  }

  private func claim(_ line: inout TrackerLine) throws(TrackerProblem) -> Proof.Claim {
    let metric = try line.word("the name of the result")
    let word = try line.word("better, worse or unseen")
    guard let verdict = Proof.Verdict(rawValue: word) else {
      throw line.problem(
        "a claim is better, worse or unseen, not \(word.prefix(20).debugDescription)")
    }
    let change = try percent(&line, "the change")
    let low = try percent(&line, "the low end of the interval", opening: "(")
    guard try line.word("..") == ".." else {
      throw line.problem("an interval is (+1.00% .. +2.00%)")
    }
    let high = try percent(&line, "the high end of the interval", closing: ")")
    guard low.hundredths <= high.hundredths else {
      throw line.problem("the interval is upside down")
    }
    var claim = Proof.Claim(metric: metric, verdict: verdict, change: change, low: low, high: high)
    if let next = try line.word() {
      guard next == "sees" else { throw line.problem("only `sees 3.00%` may follow the interval") }
      claim.detectable = try percent(&line, "what could be seen")
    }
    try line.end()
    return claim
  }

  private func percent(
    _ line: inout TrackerLine, _ name: String, opening: String = "", closing: String = ""
  ) throws(TrackerProblem) -> Percent {
    var word = try line.word(name)
    guard word.hasPrefix(opening), word.hasSuffix(closing) else {
      throw line.problem("an interval is (+1.00% .. +2.00%)")
    }
    word = String(word.dropFirst(opening.count).dropLast(closing.count))
    guard let percent = Percent(word) else {
      throw line.problem(
        "\(name) is a percentage such as +3.20%, not \(word.prefix(20).debugDescription)")
    }
    return percent
  }
}
