/// A stack that was seen, by its place in the table.
struct StackID: Hashable, Sendable {
  let index: Int32
}

/// Every stack once: what a recorder keeps instead of samples.
struct StackTable {
  struct Stack: Hashable {
    var owner = OwnerID(index: 0)
    let kernel: [UInt64]
    /// Addresses in the common memory.
    let user: [UInt64]
    var isTruncated = false
    /// The word that a thread waits at, when it waits in a futex; zero elsewhere.
    var futex: UInt64 = 0
  }

  private(set) var stacks: [Stack] = []
  private var places: [Stack: StackID] = [:]

  mutating func place(_ stack: Stack) -> StackID {
    if let known = places[stack] { return known }
    let id = StackID(index: Int32(stacks.count))
    stacks.append(stack)
    places[stack] = id
    return id
  }

  subscript(id: StackID) -> Stack { stacks[Int(id.index)] }
}
