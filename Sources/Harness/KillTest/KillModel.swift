package import VectorStore
import Vocabulary

/// What must be in the store after what was acknowledged, held against what is there.
package struct KillModel: Sendable {
  package let script: KillScript
  /// How many operations of each writer are known to be done.
  package private(set) var done: [Int]
  /// The operation that last wrote an id that lives.
  private var versions: [VectorID: Int] = [:]

  package init(_ script: KillScript) {
    self.script = script
    done = [Int](repeating: 0, count: script.writers)
  }

  package struct Verdict: Codable, Sendable, Equatable {
    package var vectors = 0
    /// Operations that were under way: found done, or not begun.
    package var wholeInFlight = 0
    package var absentInFlight = 0
    /// What is not as it must be, a sentence each.
    package var problems: [String] = []
  }

  /// Takes in that a writer's next operation was acknowledged.
  package mutating func acknowledge(_ writer: Int) {
    done[writer] += 1
    let operation = script.operation(writer, done[writer])
    for id in operation.ids {
      versions[id] = operation.change == .upsert ? done[writer] : nil
    }
  }

  /// Looks at everything in a reopened store, and takes over what was under way and is done.
  package mutating func verify(_ store: VectorStore) -> Verdict {
    var verdict = Verdict()
    for writer in 0..<script.writers { settle(writer, store, &verdict) }
    for (id, number) in versions.sorted(by: { $0.key < $1.key }) {
      verdict.vectors += 1
      check(id, number, store, &verdict)
    }
    let strangers = Set(store.ids()).subtracting(versions.keys)
    if let first = strangers.min() {
      verdict.problems.append(
        "\(strangers.count) ids are there that were deleted or never written, the first is "
          + "\(first.rawValue).")
    }
    verdict.problems += store.checkIndex().prefix(3)
    return verdict
  }

  /// An operation that was never acknowledged is done or not, but never half.
  private mutating func settle(_ writer: Int, _ store: VectorStore, _ verdict: inout Verdict) {
    let number = done[writer] + 1
    let operation = script.operation(writer, number)
    var (applied, missing) = (0, 0)
    for id in operation.ids {
      let found = store.vector(of: id)
      switch operation.change {
      case .upsert: if found == script.vector(id, number) { applied += 1 } else { missing += 1 }
      case .delete:
        if versions[id] == nil { continue }
        if found == nil { applied += 1 } else { missing += 1 }
      }
    }
    if applied > 0, missing > 0 {
      verdict.problems.append(
        "Operation \(number) of writer \(writer) is torn: \(applied) of its ids are changed and "
          + "\(missing) are not.")
    }
    if applied > 0 {
      verdict.wholeInFlight += 1
      acknowledge(writer)
    } else {
      verdict.absentInFlight += 1
    }
  }

  private func check(
    _ id: VectorID, _ number: Int, _ store: VectorStore, _ verdict: inout Verdict
  ) {
    let wanted = script.vector(id, number)
    let found = store.vector(of: id)
    if found == wanted { return }
    let writer = Int(id.rawValue) / script.idsOfWriter
    verdict.problems.append(
      "Id \(id.rawValue), written by operation \(number) of writer \(writer), is "
        + (found == nil ? "lost." : "there with another vector."))
  }
}
