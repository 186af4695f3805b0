import Pprof

/// Samples with one stack and one set of labels as one sample.
///
/// The total of a view is a sum of magnitudes, so in a difference it matters that what cancels out
/// within a stack has done so before. Without negative values nothing changes and nothing is done.
enum EqualSamples {
  private struct Key: Hashable {
    let locations: [Int32]
    let labels: [Profile.Label: Int]
  }

  static func merged(_ profile: Profile, _ index: Int) -> Profile {
    guard profile.samples.contains(where: { $0.values[index] < 0 }) else { return profile }
    var result = profile
    result.samples = []
    var positions: [Key: Int] = [:]
    for sample in profile.samples {
      let labels = Dictionary(sample.labels.map { ($0, 1) }, uniquingKeysWith: +)
      let key = Key(locations: sample.locations, labels: labels)
      guard let position = positions[key] else {
        positions[key] = result.samples.count
        result.samples.append(sample)
        continue
      }
      for value in sample.values.indices {
        result.samples[position].values[value] &+= sample.values[value]
      }
    }
    return result
  }
}
