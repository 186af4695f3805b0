import RunRecords

/// In what the runs of two sides differ: between the sides, and within one.
struct SideDifferences {
  let base: [RunFolder]
  let new: [RunFolder]
  let options: ComparisonOptions

  /// Refusals first; each setting is told once, as the first pair of runs shows it.
  func differences() -> [SettingDifference] {
    let between = pairs(base, new).flatMap {
      Comparability(base: $0.0, new: $0.1, options: options).differences()
    }
    let all = between + within(base, "base") + within(new, "new")
    var told: Set<String> = []
    let once = all.filter { told.insert($0.name).inserted }
    let order: [SettingDifference.Standing] = [.refused, .allowed, .underTest, .noted]
    return order.flatMap { standing in once.filter { $0.standing == standing } }
  }

  /// The first of the base against every new run, then the other bases against the first new one.
  private func pairs(
    _ left: [RunFolder], _ right: [RunFolder]
  ) -> [(RunFolder, RunFolder)] {
    right.map { (left[0], $0) } + left.dropFirst().map { ($0, right[0]) }
  }

  /// What differs inside a side is no change under test: the side is a mixture.
  private func within(_ runs: [RunFolder], _ side: String) -> [SettingDifference] {
    runs.dropFirst().flatMap { run in
      Comparability(base: runs[0], new: run, options: options).differences().map { found in
        var found = found
        if found.standing == .underTest { found.standing = .noted }
        found.message =
          "Within the \(side) side, \(runs[0].name) and \(run.name): \(found.message)"
        return found
      }
    }
  }
}
