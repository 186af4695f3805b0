/// The name a user gives a vector.
///
/// It outlives the slot the vector happens to lie in.
package struct VectorID: RawRepresentable, Hashable, Codable, Sendable, Comparable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package init(_ rawValue: UInt64) { self.rawValue = rawValue }

  package static func < (left: VectorID, right: VectorID) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// One answer of a search.
package struct Neighbor: Hashable, Codable, Sendable {
  package let id: VectorID
  package let distance: Float

  package init(id: VectorID, distance: Float) {
    self.id = id
    self.distance = distance
  }
}
