import Basics
import Findings
import Ledger
import Reporting
import RunRecords

/// What each verb of `vbench tracker` does.
struct TrackerVerbs {
  private let invocation: Invocation
  private let store: TrackerStore
  private let verb: String
  private let words: [String]

  init(_ invocation: Invocation) {
    self.invocation = invocation
    store = TrackerStore(path: invocation.text("file") ?? TrackerStore.standardPath)
    verb = invocation.operands[0]
    words = Array(invocation.operands.dropFirst())
  }

  private static let verbs = [
    "list", "add", "link", "defer", "accept", "done", "tried", "reopen", "render", "verify",
  ]

  func run() throws -> ExitStatus {
    switch verb {
    case "list": try list()
    case "add": try tell(try add())
    case "link", "defer", "accept", "reopen": try tell(try change(try only("ITEM")))
    case "done": try tell(try close(as: .done))
    case "tried": try tell(try close(as: .tried))
    case "render": try render()
    case "verify": return try TrackerVerification(invocation: invocation, store: store).run()
    default:
      throw usage(
        "vbench tracker cannot `\(verb)`." + Nearest.hint(verb, among: Self.verbs))
    }
    return .fine
  }

  private func usage(_ sentence: String) -> Failure { .usage(sentence, invocation.command) }

  private func only(_ name: String) throws -> String {
    guard words.count == 1 else { throw usage("vbench tracker \(verb) wants one \(name).") }
    return words[0]
  }

  private func reason() throws -> String {
    guard let reason = invocation.text("reason"), !TrackerText.sentence(reason).isEmpty else {
      throw usage("vbench tracker \(verb) wants a --reason.")
    }
    return reason
  }

  private static var today: String { String(LocalTime.iso(Clock.wall()).prefix(10)) }

  private func edit<Value>(
    _ change: (inout Tracker) throws(TrackerError) -> Value
  ) throws(TrackerError) -> Value {
    try store.change(document: { TrackerMarkdown.render($0) }, change)
  }

  // MARK: - Telling

  private func list() throws {
    if !words.isEmpty { throw usage("vbench tracker list takes no words; see --state.") }
    let wanted = invocation.list("state")
    let items = try store.read().items.filter { wanted?.contains($0.state.rawValue) ?? true }
    if invocation.has("json") { return try Terminal.print(try JSONText.of(items)) }
    if items.isEmpty {
      return try Terminal.print("Nothing of that kind is tracked in \(store.path).\n")
    }
    try Terminal.print(items.map(Self.line).joined(separator: "\n") + "\n")
  }

  private func tell(_ item: TrackedItem) throws {
    if invocation.has("json") { return try Terminal.print(try JSONText.of(item)) }
    try Terminal.print(Self.line(item) + "\n")
    if !invocation.has("quiet") { Terminal.note("Wrote \(store.path) and \(store.documentPath)") }
  }

  private static func line(_ item: TrackedItem) -> String {
    let claims = (item.proof?.claims ?? []).map {
      "\(TrackerText.harmless($0.metric)) \($0.verdict.rawValue) \($0.change.text)"
    }
    let details = [item.reason, claims.isEmpty ? nil : claims.joined(separator: ", ")]
      .compactMap(\.self)
    let state = item.state.rawValue + String(repeating: " ", count: 8 - item.state.rawValue.count)
    return "\(item.id)  \(state)  \(item.since)  \(item.title)"
      + (details.isEmpty ? "" : "  (\(details.joined(separator: "; ")))")
  }

  private func render() throws {
    if !words.isEmpty { throw usage("vbench tracker render takes no words.") }
    if !store.isThere {
      throw Failure(
        .badInput,
        "There is no tracker at \(store.path). Begin one with `vbench tracker add TITLE`.")
    }
    try edit { _ in }
    if invocation.has("json") { return try Terminal.print(try JSONText.of(store.documentPath)) }
    try Terminal.print("Wrote \(store.documentPath)\n")
  }

  // MARK: - Changing

  private func add() throws -> TrackedItem {
    let title = words.joined(separator: " ")
    if TrackerText.sentence(title).isEmpty { throw usage("vbench tracker add wants a TITLE.") }
    let asked = try asked()
    return try edit { tracker throws(TrackerError) in
      try tracker.add(title, asked: asked, on: Self.today)
    }
  }

  private func change(_ id: String) throws -> TrackedItem {
    let asked = try verb == "link" ? asked() : nil
    if verb == "link", asked == nil {
      throw usage("vbench tracker link wants --run and --finding.")
    }
    let reason = try verb == "link" ? "" : reason()
    return try edit { tracker throws(TrackerError) in
      switch (verb, asked) {
      case ("link", let asked?): try tracker.link(id, to: asked)
      case ("defer", _): try tracker.deferItem(id, because: reason, on: Self.today)
      case ("accept", _): try tracker.accept(id, because: reason, on: Self.today)
      default: try tracker.reopen(id, because: reason, on: Self.today)
      }
    }
  }

  /// The comparison is made before the lock is taken, for it takes its time.
  private func close(as state: TrackedItem.State) throws -> TrackedItem {
    guard let id = words.first, words.count > 1 else {
      throw usage("vbench tracker \(verb) wants ITEM BASE NEW.")
    }
    let before = try store.read().item(id)
    if !before.state.isOpen {
      throw TrackerError.closed(item: id, state: before.state.rawValue)
    }
    let (base, new) = try sides()
    let proof = try ProofMaker().proof(
      of: id, as: state, base: base, new: new, metrics: invocation.list("metric") ?? [],
      allowed: invocation.list("allow") ?? [])
    return try edit { tracker throws(TrackerError) in
      try tracker.close(id, as: state, proof: proof, on: Self.today)
    }
  }

  private func sides() throws -> (base: [String], new: [String]) {
    var base = Array(words.dropFirst())
    var new = invocation.words(behind: "against")
    if new.isEmpty {
      guard base.count == 2 else {
        throw usage("vbench tracker \(verb) wants a base and a new run; for more, use --against.")
      }
      new = [base.removeLast()]
    }
    let paths = (try base.map { try shared($0) }, try new.map { try shared($0) })
    for side in [paths.0, paths.1] where Set(side).count < side.count {
      throw usage("A run stands twice on one side.")
    }
    return paths
  }

  /// The run's path from this folder on.
  private func shared(_ word: String) throws -> String {
    let profiles = invocation.text("profiles") ?? "Profiles"
    let path = try RunSource.open(word, profiles: profiles).path
    guard let here = RealPath.of("."), let there = RealPath.of(path), there != here,
      there.hasPrefix(here == "/" ? here : here + "/")
    else {
      throw Failure(
        .badInput,
        "\(path) lies outside of this folder, so the proof could not travel with the tracker. "
          + "Copy the run below this folder first.")
    }
    return String(there.dropFirst(here == "/" ? 1 : here.count + 1))
  }

  // MARK: - Findings

  private func asked() throws -> TrackedItem.Asked? {
    switch (invocation.text("run"), invocation.text("finding")) {
    case (nil, nil): return nil
    case (let path?, let name?): return try asked(shared(path), name)
    default: throw usage("--run and --finding belong together.")
    }
  }

  private func asked(_ path: String, _ name: String) throws -> TrackedItem.Asked {
    let report: FindingsReport
    do { report = try FindingsEngine.report(on: try RunSource.open(path)) } catch {
      throw Failure(.badInput, "\(error)")
    }
    let found = report.allFindings.first {
      $0.id == name || "\($0.key.rule):\($0.key.place)" == name || $0.key.description == name
    }
    guard let found else {
      let known = report.allFindings.map { "\($0.id) (\($0.key.rule):\($0.key.place))" }
      throw Failure(
        .badInput,
        "\(path) has no finding \(name). "
          + (known.isEmpty ? "It has none at all." : "It has \(known.joined(separator: ", "))."))
    }
    return TrackedItem.Asked(run: path, key: found.key, title: found.title.plain)
  }
}
