import ForeignProfiles
import RunRecords
import Sampling

/// What one process did beyond another: the counts of the calls that it made more.
struct CountDifference {
  let counts: SimulatedCache.Counts
  /// By the linker's name.
  let functions: [String: SimulatedCache.Counts]

  /// What stands in a count, and the sum of which events of cachegrind it is.
  private static let sources: [(SimulatedCache.Counts.Field, [String])] = [
    (\.instructions, ["Ir"]), (\.dataAccesses, ["Dr", "Dw"]), (\.l1DataMisses, ["D1mr", "D1mw"]),
    (\.l1InstructionMisses, ["I1mr"]), (\.lastLevelDataMisses, ["DLmr", "DLmw"]),
    (\.lastLevelInstructionMisses, ["ILmr"]), (\.branches, ["Bc", "Bi"]),
    (\.branchMisses, ["Bcm", "Bim"]),
  ]

  /// - Throws: Which event one of the files lacks.
  init(from low: CachegrindFile, to high: CachegrindFile, version: String) throws(Failure) {
    let (before, after) = (try Table(low, version), try Table(high, version))
    counts = after.counts(high.summary) - before.counts(low.summary)
    var functions: [String: SimulatedCache.Counts] = [:]
    for (name, row) in high.functions {
      let earlier = low.functions[name].map(before.counts) ?? SimulatedCache.Counts()
      let difference = after.counts(row) - earlier
      if difference != SimulatedCache.Counts() { functions[name] = difference }
    }
    for (name, row) in low.functions where high.functions[name] == nil {
      functions[name] = SimulatedCache.Counts() - before.counts(row)
    }
    self.functions = functions
  }

  /// The columns of one file.
  private struct Table {
    private var columns: [(SimulatedCache.Counts.Field, [Int])] = []

    init(_ file: CachegrindFile, _ version: String) throws(Failure) {
      for (field, events) in sources {
        var places: [Int] = []
        for event in events {
          guard let place = file.column(event) else {
            throw Failure(
              .failed,
              "What valgrind \(version) left has no column \(event), so nothing can be said about "
                + "the caches; try another version of valgrind.")
          }
          places.append(place)
        }
        columns.append((field, places))
      }
    }

    func counts(_ row: [Int]) -> SimulatedCache.Counts {
      var counts = SimulatedCache.Counts()
      for (field, places) in columns {
        counts[keyPath: field] = places.reduce(0) { $0 &+ row[$1] }
      }
      return counts
    }
  }

  // MARK: - The functions that matter

  private static let kept = 10

  /// The first ten by instructions, by misses of either cache and by wrong guesses, once each.
  func top(_ demangler: Demangler) -> [SimulatedCache.Function] {
    let named = merged(demangler)
    let orders: [KeyPath<SimulatedCache.Counts, Int>] = [
      \.instructions, \.lastLevelDataMisses, \.l1DataMisses, \.branchMisses,
    ]
    let chosen = orders.reduce(into: Set<String>()) { names, order in
      let ranked = named.filter { $0.counts[keyPath: order] > 0 }.sorted { left, right in
        let (a, b) = (left.counts[keyPath: order], right.counts[keyPath: order])
        return a == b ? left.name < right.name : a > b
      }
      names.formUnion(ranked.prefix(Self.kept).map(\.name))
    }
    return named.filter { chosen.contains($0.name) }
  }

  /// Two names of the linker's can be one for people; the most instructions first.
  private func merged(_ demangler: Demangler) -> [SimulatedCache.Function] {
    var sums: [String: SimulatedCache.Counts] = [:]
    for (name, counts) in functions {
      let known = name == "???" ? "[unknown]" : demangler.name(name)
      sums[known] = (sums[known] ?? SimulatedCache.Counts()) + counts
    }
    return sums.map { SimulatedCache.Function(name: $0.key, counts: $0.value) }.sorted {
      ($1.counts.instructions, $0.name) < ($0.counts.instructions, $1.name)
    }
  }
}
