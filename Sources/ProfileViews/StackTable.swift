import Pprof

/// Finds the sample with the same stack and labels among those that are there already.
///
/// A dictionary would keep every stack a second time, as a key; here is only where the sample
/// stands. Slots are tried one after another, and hold the number of a sample plus one.
struct StackTable {
  private var slots = [Int32](repeating: 0, count: 64)
  /// One for each sample, in the order of the samples.
  private var hashes: [UInt64] = []
  /// Nobody who makes up a profile knows which stacks meet.
  private let seed = UInt64.random(in: 1...UInt64.max)

  /// The position of the sample that equals this one; nil when it is new, and is appended next.
  mutating func position(
    of sample: Profile.Sample, in samples: [Profile.Sample]
  ) -> Int? {
    let hash = hash(sample)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let position = Int(slots[slot]) - 1
      if hashes[position] == hash, samples[position].hasPlace(of: sample) { return position }
      slot = (slot + 1) & (slots.count - 1)
    }
    hashes.append(hash)
    slots[slot] = Int32(hashes.count)
    if hashes.count * 2 > slots.count { grow() }
    return nil
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for (position, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(position + 1)
    }
  }

  private func hash(_ sample: Profile.Sample) -> UInt64 {
    var hash = seed
    for location in sample.locations {
      hash = (hash ^ UInt64(truncatingIfNeeded: location)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    if sample.labels.isEmpty { return hash }
    var labels = Hasher()
    labels.combine(sample.labels)
    hash = (hash ^ UInt64(truncatingIfNeeded: labels.finalize())) &* 0x9E37_79B9_7F4A_7C15
    return hash ^ hash >> 32
  }
}

extension Profile.Sample {
  fileprivate func hasPlace(of other: Profile.Sample) -> Bool {
    locations == other.locations && labels == other.labels
  }
}
