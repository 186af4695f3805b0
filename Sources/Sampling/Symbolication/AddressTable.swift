/// Who an address belongs to, when the ranges of some lie inside the ranges of others.
///
///     ranges   A ├───────────────────┤      table   A   B   A   C   A  –
///              B     ├────┤                         ├───┼────┼──┼──┼──┤
///              C             ├──┤
///
/// The innermost wins. Ranges that overlap without one holding the other occur in damaged files
/// only; there the one that begins later wins.
struct AddressTable {
  struct Range {
    let start: UInt64
    let end: UInt64
    let owner: Int32
  }

  /// Where an owner's part begins; it ends where the next one begins.
  private var starts: [UInt64] = []
  private var owners: [Int32] = []
  private static let nobody: Int32 = -1

  /// Of equal ranges the later one is inside the earlier.
  init(_ ranges: [Range]) {
    let order = ranges.indices.sorted {
      (ranges[$0].start, ranges[$1].end, $0) < (ranges[$1].start, ranges[$0].end, $1)
    }
    var open: [Range] = []
    for index in order where ranges[index].start < ranges[index].end {
      close(&open, upTo: ranges[index].start)
      open.append(ranges[index])
      begin(ranges[index].owner, at: ranges[index].start)
    }
    close(&open, upTo: .max)
  }

  /// Ends the ranges that reach no further than an address; what they lay in goes on.
  private mutating func close(_ open: inout [Range], upTo limit: UInt64) {
    while let last = open.last, last.end <= limit {
      while let next = open.last, next.end <= last.end { open.removeLast() }
      begin(open.last?.owner ?? Self.nobody, at: last.end)
    }
  }

  private mutating func begin(_ owner: Int32, at start: UInt64) {
    if starts.last == start {
      owners[owners.count - 1] = owner
    } else if owners.last != owner {
      starts.append(start)
      owners.append(owner)
    }
  }

  func owner(of address: UInt64) -> Int32? {
    let next = starts.firstIndex(ofSorted: { $0 > address })
    guard next > 0, owners[next - 1] != Self.nobody else { return nil }
    return owners[next - 1]
  }
}

extension Array {
  /// The first position for which a condition holds that, once it holds, holds to the end.
  func firstIndex(ofSorted condition: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
