package import Findings

/// The list of what could be done, what was, and what it brought.
///
/// It is a value: reading and writing is the store's work, comparing is the verifier's. Every
/// change goes through the verbs below, which keep the rules: an open item may be closed, a closed
/// one must be reopened first, and nothing is done without a proof.
package struct Tracker: Sendable, Equatable {
  static let firstLine = "vbench-tracker 1"

  /// An item, and the lines it was read from with the comments in front of it.
  ///
  /// What nobody changed is written as it was found, so that a hand-made file stays as its author
  /// laid it out.
  struct Entry: Sendable, Equatable {
    var item: TrackedItem
    var comments: [String]
    var source: (item: TrackedItem, lines: [String])?

    static func == (left: Entry, right: Entry) -> Bool {
      left.item == right.item && left.comments == right.comments
    }
  }

  var entries: [Entry]
  /// Comments behind the last item.
  var tail: [String]

  package init() { (entries, tail) = ([], []) }

  init(entries: [Entry], tail: [String]) { (self.entries, self.tail) = (entries, tail) }

  package var items: [TrackedItem] { entries.map(\.item) }

  package func items(_ state: TrackedItem.State) -> [TrackedItem] {
    items.filter { $0.state == state }
  }

  package func item(_ id: String) throws(TrackerError) -> TrackedItem {
    try entries[index(id)].item
  }

  // MARK: - Verbs

  /// Adds a pending item and returns it.
  package mutating func add(
    _ title: String, asked: TrackedItem.Asked? = nil, on day: String
  ) throws(TrackerError) -> TrackedItem {
    let title = TrackerText.sentence(title)
    if title.isEmpty { throw .refused(item: "The tracker", reason: "an item wants a title") }
    let numbers = items.compactMap { Int($0.id.dropFirst()) }
    let item = TrackedItem(
      id: "T\((numbers.max() ?? 0) + 1)", title: title, since: day,
      asked: asked.map { [$0] } ?? [])
    entries.append(Entry(item: item, comments: []))
    return item
  }

  /// Says that a finding asked for an item; the same finding of the same run counts once.
  package mutating func link(
    _ id: String, to asked: TrackedItem.Asked
  ) throws(TrackerError) -> TrackedItem {
    try change(id) { item in
      item.asked.removeAll { $0.run == asked.run && $0.key == asked.key }
      item.asked.append(asked)
    }
  }

  package mutating func deferItem(
    _ id: String, because reason: String, on day: String
  ) throws(TrackerError) -> TrackedItem {
    try move(id, to: .deferred, reason: reason, proof: nil, on: day)
  }

  package mutating func accept(
    _ id: String, because reason: String, on day: String
  ) throws(TrackerError) -> TrackedItem {
    try move(id, to: .accepted, reason: reason, proof: nil, on: day)
  }

  /// Closes an item with a proof that was made a moment ago; see `ProofMaker`.
  package mutating func close(
    _ id: String, as state: TrackedItem.State, proof: Proof, on day: String
  ) throws(TrackerError) -> TrackedItem {
    precondition(state.needsProof, "\(state.rawValue) is not closed by a proof")
    return try move(id, to: state, reason: nil, proof: proof, on: day)
  }

  /// Makes a closed item pending again; what it claimed stays as a line of its history.
  package mutating func reopen(
    _ id: String, because reason: String, on day: String
  ) throws(TrackerError) -> TrackedItem {
    if try item(id).state == .pending { throw .alreadyOpen(item: id) }
    let reason = TrackerText.sentence(reason)
    if reason.isEmpty { throw .refused(item: id, reason: "reopening wants a reason") }
    return try change(id) { item in
      item.history.append(Self.past(of: item) + "; reopened on \(day): \(reason)")
      (item.state, item.since, item.reason, item.proof) = (.pending, day, nil, nil)
    }
  }

  private mutating func move(
    _ id: String, to state: TrackedItem.State, reason: String?, proof: Proof?, on day: String
  ) throws(TrackerError) -> TrackedItem {
    let before = try item(id)
    if !before.state.isOpen { throw .closed(item: id, state: before.state.rawValue) }
    let reason = reason.map(TrackerText.sentence)
    if state.needsReason, reason?.isEmpty ?? true {
      throw .refused(item: id, reason: "\(state.rawValue) wants a reason (--reason)")
    }
    return try change(id) { item in
      if item.state == .deferred { item.history.append(Self.past(of: item)) }
      (item.state, item.since, item.reason, item.proof) = (state, day, reason, proof)
    }
  }

  /// What an item was, in a line.
  private static func past(of item: TrackedItem) -> String {
    let claims = (item.proof?.claims ?? []).map { "\($0.metric) \($0.change.signed)" }
    let why = item.reason.map { ": \($0)" } ?? ""
    return TrackerText.sentence(
      "\(item.state.rawValue) on \(item.since)" + why
        + (claims.isEmpty ? "" : " (\(claims.joined(separator: ", ")))"))
  }

  private func index(_ id: String) throws(TrackerError) -> Int {
    guard let index = entries.firstIndex(where: { $0.item.id == id }) else {
      throw .unknownItem(id, known: items.map(\.id))
    }
    return index
  }

  private mutating func change(
    _ id: String, _ edit: (inout TrackedItem) -> Void
  ) throws(TrackerError) -> TrackedItem {
    let index = try index(id)
    edit(&entries[index].item)
    return entries[index].item
  }

  // MARK: - Findings

  /// The items that answer a finding, whatever run it is seen in.
  package func notes(on key: FindingKey) -> [TrackerNote] {
    items.filter { item in item.asked.contains { $0.key == key } }.map {
      TrackerNote(item: $0.id, state: $0.state.rawValue, title: $0.title)
    }
  }

  /// The report with, at each finding, the items that answer it.
  package func noting(_ report: FindingsReport) -> FindingsReport {
    var report = report
    for index in report.findings.indices {
      let notes = notes(on: report.findings[index].key)
      report.findings[index].tracker = notes.isEmpty ? nil : notes
      for place in (report.findings[index].joined ?? []).indices {
        guard let key = report.findings[index].joined?[place].finding.key else { continue }
        let notes = self.notes(on: key)
        report.findings[index].joined?[place].finding.tracker = notes.isEmpty ? nil : notes
      }
    }
    return report
  }
}
