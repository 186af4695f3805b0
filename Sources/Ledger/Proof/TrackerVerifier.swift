import Comparison
import Findings
import RunRecords

/// Tests every claim of a tracker again, from the runs that it names.
///
/// Nothing is taken from the file on trust: the runs are digested, the comparison is made again,
/// and each claimed figure is held against the one that comes out.
package struct TrackerVerifier {
  private let shelf: RunShelf

  package init(shelf: RunShelf = .disk) { self.shelf = shelf }

  /// Tests all items, and holds TRACKER.md as it lies there (nil when it does not) against what it
  /// should be.
  package func check(
    _ tracker: Tracker, file: String, document: String?, rendered: String
  ) -> TrackerCheck {
    TrackerCheck(
      file: file, items: tracker.items.map(check),
      document: Self.difference(document, rendered))
  }

  private static func difference(_ document: String?, _ rendered: String) -> String? {
    guard let document else {
      return "TRACKER.md is not there; make it with `vbench tracker render`."
    }
    if document == rendered { return nil }
    let pairs = zip(lines(document), lines(rendered)).enumerated()
    let line = pairs.first { $0.element.0 != $0.element.1 }?.offset
    let place = line.map { " from line \($0 + 1) on" } ?? ""
    return "TRACKER.md does not say what the tracker says\(place); "
      + "make it again with `vbench tracker render`."
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  private func check(_ item: TrackedItem) -> TrackerCheck.Item {
    var checked = TrackerCheck.Item(
      id: item.id, title: item.title, state: item.state, holding: 0, problems: [],
      notes: item.asked.compactMap(note))
    guard let proof = item.proof else { return checked }
    checked.problems = runs(of: proof)
    if checked.problems.contains(where: { $0.kind == .vanished || $0.kind == .unreadable }) {
      return checked
    }
    switch compared(proof) {
    case .failure(let problem): checked.problems.append(problem)
    case .success(let comparison):
      let answers = proof.claims.map { answer($0, comparison) }
      checked.holding = answers.count { $0 == nil }
      checked.problems += answers.compactMap(\.self) + concealed(item, proof, comparison)
    }
    return checked
  }

  /// Whether the finding that asked still stands in its run; its loss breaks no claim.
  private func note(_ asked: TrackedItem.Asked) -> String? {
    guard shelf.isThere(asked.run) else {
      return "The run \(asked.run), whose \(asked.key) asked for it, is not here."
    }
    guard let run = try? shelf.open(asked.run), let report = try? FindingsEngine.report(on: run)
    else { return "\(asked.run) cannot be reported on, so \(asked.key) was not looked for." }
    if report.allFindings.contains(where: { $0.key == asked.key }) { return nil }
    return "\(asked.key) is no longer among the findings of \(asked.run)."
  }

  // MARK: - Runs

  private func runs(of proof: Proof) -> [TrackerCheck.Problem] {
    var problems: [TrackerCheck.Problem] = []
    for run in proof.base + proof.new {
      guard shelf.isThere(run.path) else {
        problems.append(.init(.vanished, "The run \(run.path) is not there."))
        continue
      }
      do {
        if try shelf.digest(run.path) != run.digest {
          problems.append(.init(.changed, "The files of \(run.path) are not what was compared."))
        }
      } catch { problems.append(.init(.unreadable, "\(run.path) cannot be read: \(error)")) }
    }
    return problems
  }

  private func compared(_ proof: Proof) -> Result<RunComparison, Refusal> {
    do {
      let base = try proof.base.map { try shelf.open($0.path) }
      let new = try proof.new.map { try shelf.open($0.path) }
      let comparison = try ProofComparison.make(base: base, new: new, allowed: proof.allowed)
      if let refusal = comparison.refusals.first(where: { $0.scope == .everything }) {
        return .failure(Refusal(.notComparable, refusal.message))
      }
      return .success(comparison)
    } catch let error as ComparisonError {
      return .failure(Refusal(.notComparable, "\(error)"))
    } catch { return .failure(Refusal(.unreadable, "\(error)")) }
  }

  // MARK: - Claims

  /// What is wrong with a claim; nil when the comparison says the same, to the digit.
  private func answer(
    _ claim: Proof.Claim, _ comparison: RunComparison
  ) -> TrackerCheck.Problem? {
    let name = claim.metric
    guard let row = comparison.results.first(where: { $0.name == name }) else {
      return .init(.missing, "The comparison has no result \(name) any more.")
    }
    guard let now = ProofComparison.claim(row) else {
      return .init(
        .notSignificant, "\(name) is \(ProofComparison.words(row)) and was \(claim.words).")
    }
    if now.verdict != claim.verdict {
      let isOpposite = now.verdict != .unseen && claim.verdict != .unseen
      return .init(
        isOpposite || (claim.verdict == .unseen && now.verdict == .worse)
          ? .reversed : .notSignificant,
        "\(name) was claimed to be \(claim.words) and is \(now.words).")
    }
    if now == claim { return nil }
    return .init(
      .otherFigures, "\(name) was claimed to be \(claim.words); the comparison says \(now.words).")
  }

  private func concealed(
    _ item: TrackedItem, _ proof: Proof, _ comparison: RunComparison
  ) -> [TrackerCheck.Problem] {
    guard item.state == .done else { return [] }
    let told = Set(proof.claims.map(\.metric))
    return comparison.results.filter {
      $0.isHeadline && $0.change.verdict == .worse && !told.contains($0.name)
    }.map {
      .init(.concealed, "\($0.name) became worse, and \(item.id) does not say so.")
    }
  }
}

/// A problem as the failure of a result.
private typealias Refusal = TrackerCheck.Problem

extension TrackerCheck.Problem: Error {}

extension Proof.Claim {
  /// `better by +3.00% (+2.00% .. +4.00%)`.
  var words: String {
    "\(verdict.rawValue) by \(change.signed) (\(low.signed) .. \(high.signed))"
      + (detectable.map { ", seeing \($0.magnitude)" } ?? "")
  }
}
