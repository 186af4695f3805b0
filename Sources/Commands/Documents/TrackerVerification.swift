import Ledger
import Reporting

/// `vbench tracker verify`: every claim again, and what did not hold.
struct TrackerVerification {
  let invocation: Invocation
  let store: TrackerStore

  func run() throws -> ExitStatus {
    if invocation.operands.count > 1 {
      throw Failure.usage("vbench tracker verify takes no words.", invocation.command)
    }
    if !store.isThere {
      throw Failure(
        .badInput,
        "There is no tracker at \(store.path). Begin one with `vbench tracker add TITLE`.")
    }
    let tracker = try store.read()
    let check = TrackerVerifier().check(
      tracker, file: store.path, document: try store.document(),
      rendered: TrackerMarkdown.render(tracker))
    try Terminal.print(
      invocation.has("json") ? try JSONText.of(check) : Self.text(check))
    return Self.status(check)
  }

  /// The worst of what was found: the opposite, then what is wrong, then what cannot be tested.
  static func status(_ check: TrackerCheck) -> ExitStatus {
    let kinds = Set(check.problems.map(\.kind))
    if kinds.contains(.reversed) { return .regression }
    let untested: Set<TrackerCheck.Kind> = [.vanished, .unreadable, .notComparable]
    if !kinds.subtracting(untested).isEmpty || check.document != nil { return .failed }
    if kinds.contains(.notComparable) { return .notComparable }
    return kinds.isEmpty ? .fine : .badInput
  }

  static func text(_ check: TrackerCheck) -> String {
    var lines: [String] = []
    for item in check.items {
      for problem in item.problems {
        lines.append("FAIL  \(item.id)  \(TrackerText.harmless(problem.message))")
      }
      if item.problems.isEmpty, item.holding > 0 {
        let claims = "\(item.holding) claim\(item.holding == 1 ? "" : "s")"
        let hold = item.holding == 1 ? "holds" : "hold"
        lines.append("ok    \(item.id)  \(claims) \(hold): \(item.title)")
      }
      lines += item.notes.map { "note  \(item.id)  \(TrackerText.harmless($0))" }
    }
    if let problem = check.document { lines.append("FAIL  \(problem)") }
    let proven = check.items.filter { $0.state.needsProof }
    let broken = proven.filter { !$0.problems.isEmpty }.count
    lines.append(
      check.holds
        ? "All claims of \(proven.count) proven of \(check.items.count) items hold."
        : "\(broken) of \(proven.count) proven items do not hold"
          + (check.document == nil ? "." : ", and the document is out of date."))
    return lines.joined(separator: "\n") + "\n"
  }
}
