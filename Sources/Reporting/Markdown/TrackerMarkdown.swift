package import Findings
package import Ledger

/// TRACKER.md: what is pending, what was put off, what was tried, and what is done, with its proof.
///
/// Equal trackers give equal text, to the byte; that is how `tracker verify` sees an edited page.
package enum TrackerMarkdown {
  ///
  /// Beside a report it also says under which load that run was, and which of its findings nobody
  /// has taken up.
  package static func render(_ tracker: Tracker, beside report: FindingsReport? = nil) -> String {
    let chapters =
      [title(tracker), report.map(TrackerContext.load) ?? ""]
      + [
        section("Pending", tracker.items(.pending), pending),
        section("Deferred", tracker.items(.deferred), withReason),
        section("Done", tracker.items(.done), proven),
        section("Tried Without Gain", tracker.items(.tried), proven),
        section("Accepted As It Is", tracker.items(.accepted), withReason),
        report.map { TrackerContext.open(tracker, $0) } ?? "", footer(tracker),
      ]
    return chapters.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func title(_ tracker: Tracker) -> String {
    let counts = TrackedItem.State.allCases.map { ($0, tracker.items($0).count) }
      .filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }
    let days = tracker.items.map(\.since).max().map { " Last change: \($0)." } ?? ""
    let summary =
      counts.isEmpty ? "Nothing is tracked yet." : "\(counts.joined(separator: ", ")).\(days)"
    return "# Performance Optimization Tracker\n\n\(summary)"
  }

  private static func section(
    _ heading: String, _ items: [TrackedItem], _ block: (TrackedItem) -> String
  ) -> String {
    guard !items.isEmpty else { return "" }
    let blocks = items.map(block)
    let isList = items.allSatisfy { !$0.state.needsProof }
    return "## \(heading)\n\n" + blocks.joined(separator: isList ? "\n" : "\n\n")
  }

  // MARK: - Items

  private static func pending(_ item: TrackedItem) -> String {
    ([line(item, " ")] + asked(item).map { "  - \($0)" } + past(item).map { "  - \($0)" })
      .joined(separator: "\n")
  }

  private static func withReason(_ item: TrackedItem) -> String {
    let reason = item.reason.map { "  - why: \(MarkdownText.sentence($0))" }
    let box = item.state.isOpen ? " " : "x"
    return
      ([line(item, box)] + [reason].compactMap(\.self) + asked(item).map { "  - \($0)" }
      + past(item).map { "  - \($0)" }).joined(separator: "\n")
  }

  /// A closed item with every claim and the way to see it again.
  private static func proven(_ item: TrackedItem) -> String {
    var parts = ["### \(item.id) \(MarkdownText.sentence(item.title))"]
    let facts = asked(item) + ["\(item.state.rawValue) on \(item.since)"] + past(item)
    parts.append(facts.map { "- \($0)" }.joined(separator: "\n"))
    if let proof = item.proof { parts += [claims(proof), runs(proof)] }
    return parts.joined(separator: "\n\n")
  }

  private static func line(_ item: TrackedItem, _ box: String) -> String {
    "- [\(box)] **\(item.id)** \(MarkdownText.sentence(item.title)) (\(item.since))"
  }

  private static func asked(_ item: TrackedItem) -> [String] {
    item.asked.map {
      "asked for by \(MarkdownText.code($0.key.description)) of \(MarkdownText.code($0.run)): "
        + MarkdownText.sentence($0.title)
    }
  }

  private static func past(_ item: TrackedItem) -> [String] {
    item.history.map { "was \(MarkdownText.sentence($0))" }
  }

  // MARK: - Proof

  private static func claims(_ proof: Proof) -> String {
    var table = DocumentTable(
      "What the comparison says", ["Result", "Change", "95 % interval", "Verdict"])
    for claim in proof.claims {
      table.add(
        "\(name: claim.metric)", Prose(claim.change.text),
        Prose("\(claim.low.text) … \(claim.high.text)"), Prose(verdict(claim)))
    }
    return DocumentMarkdown.table(table)
  }

  private static func verdict(_ claim: Proof.Claim) -> String {
    switch claim.verdict {
    case .better: "better"
    case .worse: "worse"
    case .unseen:
      "no difference seen" + (claim.detectable.map { "; ±\($0.magnitude) would show" } ?? "")
    }
  }

  private static func runs(_ proof: Proof) -> String {
    let sides = [("base", proof.base), ("new", proof.new)].flatMap { name, runs in
      runs.map { "- \(name): \(MarkdownText.code($0.path)) \(MarkdownText.code($0.digest))" }
    }
    return sides.joined(separator: "\n") + "\n\n" + MarkdownText.fenced([proof.command])
  }

  private static func footer(_ tracker: Tracker) -> String {
    guard tracker.items.contains(where: { $0.proof != nil }) else { return "" }
    return """
      ---

      Changes are new over base. `vbench tracker verify` digests the runs and makes each comparison again.
      """
  }
}
