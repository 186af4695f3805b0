/// A wait for a lock, and whose stack let it go, if that was seen.
struct LockWait {
  let tid: Int32
  let waiter: NamedStack
  let releaser: StackID?
  let count: Int64
  let nanoseconds: Int64
}

/// Who lets the locks go.
///
/// When not every waking is recorded, a wait whose end nobody saw is shared out over those who were
/// seen letting the same lock go, by how long others had waited for them. Only for a lock that
/// nobody was seen with is the waiter left to bear it.
struct LockHolders {
  struct Part {
    let releaser: StackID?
    let count: Int64
    let nanoseconds: Int64
  }

  private var known: [String: [(releaser: StackID, nanoseconds: Int64)]] = [:]

  init(_ waits: [LockWait]) {
    var sums: [String: [StackID: Int64]] = [:]
    for wait in waits {
      guard let lock = wait.waiter.lock, let releaser = wait.releaser else { continue }
      sums[lock, default: [:]][releaser, default: 0] += wait.nanoseconds
    }
    known = sums.mapValues { holders in
      holders.sorted { ($1.value, $0.key.index) < ($0.value, $1.key.index) }
        .map { (releaser: $0.key, nanoseconds: $0.value) }
    }
  }

  /// The parts of a wait, whose sums are the wait's.
  func parts(of wait: LockWait) -> [Part] {
    guard wait.releaser == nil, let holders = wait.waiter.lock.flatMap({ known[$0] }) else {
      return [
        Part(releaser: wait.releaser, count: wait.count, nanoseconds: wait.nanoseconds)
      ]
    }
    let whole = holders.reduce(0.0) { $0 + Double($1.nanoseconds) }
    var (count, nanoseconds) = (wait.count, wait.nanoseconds)
    var parts: [Part] = []
    // The one with most comes first and gets what rounding leaves.
    for holder in holders.dropFirst() where whole > 0 {
      let share = Double(holder.nanoseconds) / whole
      let part = Part(
        releaser: holder.releaser, count: Int64(share * Double(wait.count)),
        nanoseconds: Int64(share * Double(wait.nanoseconds)))
      parts.append(part)
      count -= part.count
      nanoseconds -= part.nanoseconds
    }
    return [Part(releaser: holders[0].releaser, count: count, nanoseconds: nanoseconds)] + parts
  }
}
