import Comparison
import RunRecords

/// Makes the proof with which an item is closed, or says why there is none.
package struct ProofMaker {
  private let shelf: RunShelf

  package init(shelf: RunShelf = .disk) { self.shelf = shelf }

  /// Compares the runs and takes the rows that bear the claim.
  ///
  /// Without `metrics` these are the headline results. Whatever a done item claims, the headline
  /// results that became worse are claimed with it: a gain is not told without its price.
  package func proof(
    of id: String, as state: TrackedItem.State, base: [String], new: [String],
    metrics: [String] = [], allowed: [String] = []
  ) throws(TrackerError) -> Proof {
    let sides = (try open(base), try open(new))
    let comparison: RunComparison
    do throws(ComparisonError) {
      comparison = try ProofComparison.make(
        base: sides.0, new: sides.1, allowed: allowed)
    } catch { throw .notComparable(item: id, reason: "\(error)") }
    if let refusal = comparison.refusals.first(where: { $0.scope == .everything }) {
      throw .notComparable(item: id, reason: refusal.message)
    }
    let rows = try rows(metrics, comparison, id)
    let claims = try state == .done ? gains(rows, comparison, id) : vain(rows, comparison, id)
    return Proof(
      base: try runs(base), new: try runs(new), allowed: allowed, claims: claims)
  }

  private func open(_ paths: [String]) throws(TrackerError) -> [RunFolder] {
    do { return try paths.map(shelf.open) } catch { throw .evidence(reason: "\(error)") }
  }

  private func runs(_ paths: [String]) throws(TrackerError) -> [Proof.Run] {
    do { return try paths.map { Proof.Run(path: $0, digest: try shelf.digest($0)) } } catch {
      throw .evidence(reason: "\(error)")
    }
  }

  /// The rows that were named, or the headline.
  private func rows(
    _ metrics: [String], _ comparison: RunComparison, _ id: String
  ) throws(TrackerError) -> [ResultRow] {
    if metrics.isEmpty { return comparison.results.filter(\.isHeadline) }
    var rows: [ResultRow] = []
    for name in metrics {
      guard let row = comparison.results.first(where: { $0.name == name }) else {
        throw .refused(
          item: id,
          reason: "the comparison has no tested result \(name); it has "
            + comparison.results.map(\.name).joined(separator: ", "))
      }
      if !rows.contains(row) { rows.append(row) }
    }
    return rows
  }

  private func gains(
    _ rows: [ResultRow], _ comparison: RunComparison, _ id: String
  ) throws(TrackerError) -> [Proof.Claim] {
    let named = rows.filter { $0.change.verdict == .better }
    let isByDefault = rows == comparison.results.filter(\.isHeadline)
    if let row = rows.first(where: { $0.change.verdict != .better }), !isByDefault {
      throw .refused(
        item: id, reason: "\(row.name) is \(ProofComparison.words(row)): \(comparison.headline)")
    }
    let prices = comparison.results.filter { row in
      row.isHeadline && row.change.verdict == .worse && !named.contains(row)
    }
    let claims = (named + prices).compactMap(ProofComparison.claim)
    guard claims.contains(where: { $0.verdict == .better }) else {
      throw .refused(
        item: id, reason: "no headline result is surely better: \(comparison.headline)")
    }
    return claims
  }

  private func vain(
    _ rows: [ResultRow], _ comparison: RunComparison, _ id: String
  ) throws(TrackerError) -> [Proof.Claim] {
    let gained = (rows + comparison.results.filter(\.isHeadline)).first {
      $0.change.verdict == .better
    }
    if let gained {
      throw .refused(
        item: id, reason: "\(gained.name) is better, so it was not tried in vain; say done")
    }
    let claims = rows.compactMap(ProofComparison.claim)
    if claims.isEmpty {
      throw .refused(
        item: id, reason: "the comparison cannot tell, which is no answer: \(comparison.headline)")
    }
    return claims
  }
}
