import Vocabulary

/// How much of what requests wait for is some lock, by the block profile of the same role.
struct RequestWeight {
  let share: Share
  let evidence: [EvidenceItem]
  let footprint: Footprint
  private let of: String

  static let reason =
    "nobody timed the requests: a share of their waiting, or of a lock's delay, is not one of their time"

  /// Nil where there is no block profile, or no such wait in it.
  init?(_ scene: Scene, where belongs: (ProfileSlice) -> @Sendable (StackSample) -> Bool) {
    guard let waits = RequestWaits(scene.role) else { return nil }
    let slice = waits.slice
    let isLock = waits.isLock
    let isOurs = belongs(slice)
    let share = waits.share { isLock($0) && isOurs($0) }
    guard share.low >= scene.thresholds.lockWait else { return nil }
    let names = slice.owners { isLock($0) && isOurs($0) }.map(\.name)
    self.share = share
    let footprint = waits.footprint { isLock($0) && isOurs($0) }
    self.footprint = footprint
    of = waits.of
    evidence = [
      EvidenceItem(
        "Waiting for it: \(waits.amount(share)), \(waits.each(share))\(SampleText.counts(share))",
        scene.source(
          .block, focus: names.filter { $0 != ProfileSlice.noOwner }, where: footprint.holds))
    ]
  }

  var words: Prose { "requests wait for it for \(Wording.share(share)) of \(of)" }
}
