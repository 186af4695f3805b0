/// A stack that was seen, by its place in the table.
struct StackID: Hashable, Sendable {
  let index: Int32
}

/// Every stack once: what a recorder keeps instead of samples.
struct StackTable {
  struct Stack: Hashable {
    let kernel: [UInt64]
    let user: [UInt64]
    var isTruncated = false
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
