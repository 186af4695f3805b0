/// The position of a vector in the arena; given to another vector after a removal.
package struct SlotID: Hashable, Codable, Sendable {
  package let raw: UInt32

  package init(raw: UInt32) { self.raw = raw }
}

/// One answer of a search.
///
/// Smaller distances are nearer, whatever the metric.
package struct IndexHit: Hashable, Sendable {
  package let slot: SlotID
  package let distance: Float

  package init(slot: SlotID, distance: Float) {
    self.slot = slot
    self.distance = distance
  }
}
