/// Cost by function, by owner, by system call: the tables that rules and role cards read.
///
/// A function is counted once for a stack, however often it recurs in it.
struct CostRow: Sendable {
  let name: String
  let seconds: Double
  let samples: Int
}

extension ProfileSlice {
  var flat: [CostRow] { rows { sample in sample.symbols.first.map { [table[$0].short] } ?? [] } }

  /// Cumulative cost of project functions; runtime frames and thread roots would only crowd it.
  var cumulativeOfProject: [CostRow] {
    rows { sample in
      Set(sample.symbols.filter { table[$0].layer == .project }.map { table[$0].short })
    }
  }

  /// Cost of the stacks that match, charged to their owners.
  func owners(where matches: (StackSample) -> Bool) -> [CostRow] {
    rows { sample in matches(sample) ? [owner(of: sample) ?? Self.noOwner] : [] }
  }

  static let noOwner = "(no project frame)"

  /// Largest first, then by name, so that the order never depends on a hash.
  func rows(_ names: (StackSample) -> some Sequence<String>) -> [CostRow] {
    var sums: [String: (value: Double, count: Int)] = [:]
    for sample in samples {
      for name in names(sample) {
        sums[name, default: (0, 0)].value += Double(sample.value)
        sums[name, default: (0, 0)].count += Int(clamping: sample.count)
      }
    }
    return sums.map {
      CostRow(name: $0.key, seconds: $0.value.value / 1e9, samples: $0.value.count)
    }
    .sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }
  }
}
