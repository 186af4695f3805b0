import Pprof
import ProfileViews

/// Who calls a function at the leaf of the stacks, as shares of its own cost.
struct LeafCallers {
  private var amounts: [String: [String: Double]] = [:]

  /// Looks at the leaves with one of these names.
  init(_ names: Set<String>, _ slice: ProfileSlice, _ side: [ProfileSlice.Trial]) {
    for profile in side.lazy.flatMap(\.profiles) {
      guard let index = try? profile.sampleIndex(slice.type.type) else { continue }
      for sample in profile.samples where slice.includes(sample) {
        guard let (leaf, caller) = Self.leaf(of: sample, profile), names.contains(leaf) else {
          continue
        }
        amounts[leaf, default: [:]][caller, default: 0] += abs(Double(sample.values[index]))
      }
    }
  }

  /// The caller of most of it, when that is at least half.
  func main(of name: String) -> String? {
    shares(of: name).filter { $0.value >= 0.5 }.min {
      ($1.value, $0.key) < ($0.value, $1.key)
    }?.key
  }

  /// How much of the callers of a name are the callers of another, 0 … 1.
  func overlap(_ name: String, with others: LeafCallers, _ other: String) -> Double {
    let (left, right) = (shares(of: name), others.shares(of: other))
    return left.reduce(0) { $0 + min($1.value, right[$1.key] ?? 0) }
  }

  private func shares(of name: String) -> [String: Double] {
    let callers = amounts[name] ?? [:]
    let total = callers.values.reduce(0, +)
    return total > 0 ? callers.mapValues { $0 / total } : [:]
  }

  /// The leaf and the first frame above it with another name.
  private static func leaf(of sample: Profile.Sample, _ profile: Profile) -> (String, String)? {
    let names = sample.locations.lazy.flatMap { profile.locations[Int($0)].lines }
      .map { profile.functions[Int($0.function)].name }
    guard let leaf = names.first, let caller = names.first(where: { $0 != leaf }) else {
      return nil
    }
    return (leaf, caller)
  }
}
