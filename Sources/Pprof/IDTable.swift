/// Where each wire id stands in its list.
///
/// Nearly every writer counts its ids from one; then a list answers, and else a dictionary.
struct IDTable {
  private var dense: [Int32] = []
  private var sparse: [UInt64: Int32] = [:]

  init(_ ids: [UInt64], _ what: String) throws(ProfileError) {
    let largest = ids.max() ?? 0
    let isDense = largest <= 4 * UInt64(ids.count) + 64
    if isDense {
      dense = [Int32](repeating: -1, count: Int(largest) + 1)
    } else {
      sparse.reserveCapacity(ids.count)
    }
    for (position, id) in ids.enumerated() {
      if id == 0 { throw .inconsistent("a \(what) has id 0") }
      if self[id] != nil { throw .inconsistent("two \(what)s have id \(id)") }
      if isDense { dense[Int(id)] = Int32(position) } else { sparse[id] = Int32(position) }
    }
  }

  subscript(id: UInt64) -> Int32? {
    if dense.isEmpty { return sparse[id] }
    guard id < UInt64(dense.count), dense[Int(id)] >= 0 else { return nil }
    return dense[Int(id)]
  }
}
