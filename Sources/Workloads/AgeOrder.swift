/// Numbers in the order in which they came, with the n-th of those still there found quickly.
///
/// A Fenwick tree counts who is left: position i (from one) holds the count of the positions
/// (i − lowest bit of i, i]. Coming, going and finding take as many steps as the count has bits.
struct AgeOrder: Sendable {
  /// Who came, oldest first, those gone among them.
  private var arrived: [UInt32] = []
  /// `tree[i - 1]` belongs to position i.
  private var tree: [UInt32] = []
  /// Number → position, zero for those who are not there.
  private var positions: [UInt32] = []
  private(set) var count = 0

  mutating func append(_ number: UInt32) {
    precondition(!contains(number), "a number is there once")
    while positions.count <= Int(number) { positions.append(0) }
    push(number)
    count += 1
  }

  private mutating func push(_ number: UInt32) {
    arrived.append(number)
    let position = arrived.count
    positions[Int(number)] = UInt32(position)
    var sum: UInt32 = 1
    var step = 1
    while step < position & -position {
      sum += tree[position - step - 1]
      step <<= 1
    }
    tree.append(sum)
  }

  func contains(_ number: UInt32) -> Bool {
    Int(number) < positions.count && positions[Int(number)] > 0
  }

  mutating func remove(_ number: UInt32) {
    precondition(contains(number), "only who is there can go")
    var position = Int(positions[Int(number)])
    positions[Int(number)] = 0
    while position <= tree.count {
      tree[position - 1] -= 1
      position += position & -position
    }
    count -= 1
    if arrived.count > 2 * count + 1_024 { forgetGone() }
  }

  /// The one with `rank` older ones before it.
  func oldest(_ rank: Int) -> UInt32 {
    precondition(rank >= 0 && rank < count)
    var position = 0
    var rest = UInt32(rank)
    var step = 1 << (Int.bitWidth - 1 - tree.count.leadingZeroBitCount)
    while step > 0 {
      let next = position + step
      if next <= tree.count, tree[next - 1] <= rest {
        position = next
        rest -= tree[next - 1]
      }
      step >>= 1
    }
    return arrived[position]
  }

  private mutating func forgetGone() {
    let left = arrived.enumerated().filter { index, number in
      Int(positions[Int(number)]) == index + 1
    }
    arrived.removeAll(keepingCapacity: true)
    tree.removeAll(keepingCapacity: true)
    for (_, number) in left { push(number) }
  }
}
