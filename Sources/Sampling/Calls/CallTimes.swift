/// How long calls took, counted in buckets that grow with what they hold.
///
/// Sixteen buckets for each doubling, so a time read back is off by three percent at most.
package struct CallTimes: Sendable, Equatable {
  private var counts: [UInt32] = []
  private(set) var total = 0
  private(set) var longest: UInt64 = 0

  mutating func add(_ nanoseconds: UInt64) {
    let bucket = Self.bucket(of: nanoseconds)
    if bucket >= counts.count {
      counts += Array(repeating: 0, count: bucket + 1 - counts.count)
    }
    counts[bucket] &+= 1
    total += 1
    longest = max(longest, nanoseconds)
  }

  mutating func add(_ other: CallTimes) {
    if other.counts.count > counts.count {
      counts += Array(repeating: 0, count: other.counts.count - counts.count)
    }
    for (bucket, count) in other.counts.enumerated() { counts[bucket] &+= count }
    total += other.total
    longest = max(longest, other.longest)
  }

  /// The time that this share of the calls did not exceed, in nanoseconds; nil without calls.
  package func quantile(_ share: Double) -> UInt64? {
    guard total > 0 else { return nil }
    let rank = max(1, Int((share * Double(total)).rounded(.up)))
    var seen = 0
    for (bucket, count) in counts.enumerated() {
      seen += Int(count)
      if seen >= rank { return min(Self.middle(of: bucket), longest) }
    }
    return longest
  }

  private static func bucket(of value: UInt64) -> Int {
    guard value >= 32 else { return Int(value) }
    let shift = 59 - value.leadingZeroBitCount
    return (shift + 1) * 16 + Int(value >> UInt64(shift)) - 16
  }

  private static func middle(of bucket: Int) -> UInt64 {
    guard bucket >= 32 else { return UInt64(bucket) }
    let shift = UInt64(bucket / 16 - 1)
    let low = UInt64(bucket % 16 + 16) << shift
    return low + (1 << shift) / 2
  }
}
