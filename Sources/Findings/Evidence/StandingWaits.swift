import Vocabulary

/// Stacks in which one thread waits for nearly all of the time that was watched.
///
/// A goroutine that receives in its own outermost function, under no request, and is found there for
/// the whole window in all, has nothing to do until something comes: the next tick, a message. The
/// sum says so, not the name of the function. Where the waits of a place are more or less than one
/// thread can have, nobody can tell how many threads there were, and nothing is concluded.
enum StandingWaits {
  /// What one thread has of the window, at least and at most, to count as always waiting.
  private static let oneThread = 0.95...1.05

  static func stacks(_ slice: ProfileSlice, window: Double?) -> Set<[Int32]> {
    guard let window, window > 0, slice.isTime else { return [] }
    var sums: [[Int32]: [Double]] = [:]
    for (index, samples) in slice.members.enumerated() {
      for sample in samples where isOutermostReceive(sample, slice) {
        var each = sums[sample.symbols] ?? Array(repeating: 0, count: slice.members.count)
        each[index] += Double(sample.value) / 1e9
        sums[sample.symbols] = each
      }
    }
    return Set(
      sums.filter { _, each in
        each.allSatisfy { $0 == 0 || oneThread.contains($0 / window) }
      }.keys)
  }

  /// A wait for something to come, with one function of the project and the runtime alone around it.
  private static func isOutermostReceive(_ sample: StackSample, _ slice: ProfileSlice) -> Bool {
    let symbols = sample.symbols.map { slice.table[$0] }
    guard sample.waitClass == nil, let leaf = symbols.first, leaf.groups.contains(.queueWait),
      !leaf.groups.contains(.handingOver),
      symbols.filter({ $0.layer == .project }).count == 1
    else { return false }
    return symbols.allSatisfy { symbol in
      symbol.layer == .project || symbol.name.hasPrefix("runtime.")
        || symbol.name.hasPrefix("sync.")
    }
  }
}
