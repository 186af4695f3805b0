import Pprof

/// A function of the project that a cost is charged to, and where it was written.
package struct CodeLocation: Codable, Sendable, Equatable {
  package var function: String
  /// The last two parts of its path; nil without debug information.
  package var file: String?
  /// The line that costs most, inside the function.
  package var line: Int?
  /// In the unit of the profile: seconds, or billions of bytes.
  package var amount: Double
  /// Of what was asked about.
  package var share: Double
  /// The same of its hottest line alone; nil where no line is known.
  package var lineShare: Double? = nil
  package var samples: Int
  /// Where sources were asked for and the file is as old as the run.
  package var excerpt: SourceExcerpt? = nil

  /// `VectorIndex/GraphSearch.swift:120`.
  package var place: String? {
    file.map { name in line.map { "\(name):\($0)" } ?? name }
  }
}

/// Charges stacks to the first project frame above their leaf, with its file and hottest line.
enum CodeLocations {
  private struct Tally {
    var value = 0.0
    var count = 0
    var lines: [Int32: Double] = [:]
  }

  /// Where nothing much is charged to a function, its source tells nothing.
  private static let leastShareForExcerpt = 0.1

  static func of(
    _ slice: ProfileSlice, where matches: (StackSample) -> Bool, sources: SourceExcerpts? = nil
  ) -> [CodeLocation] {
    var tallies: [Int32: Tally] = [:]
    var total = 0.0
    for sample in slice.samples where matches(sample) {
      let value = Double(sample.value) / 1e9
      total += value
      guard let owner = sample.symbols.first(where: { slice.table[$0].layer == .project }) else {
        continue
      }
      tallies[owner, default: Tally()].value += value
      tallies[owner, default: Tally()].count += Int(clamping: sample.count)
      if sample.ownerLine > 0 {
        tallies[owner, default: Tally()].lines[sample.ownerLine, default: 0] += value
      }
    }
    return tallies.map { location($0.key, $0.value, slice, total, sources) }.sorted {
      ($1.amount, $0.function, $0.file ?? "") < ($0.amount, $1.function, $1.file ?? "")
    }
  }

  private static func location(
    _ owner: Int32, _ tally: Tally, _ slice: ProfileSlice, _ total: Double,
    _ sources: SourceExcerpts?
  ) -> CodeLocation {
    let hottest = tally.lines.min { ($1.value, $0.key) < ($0.value, $1.key) }
    let file = slice.table.files[owner]
    var location = CodeLocation(
      function: slice.table[owner].short, file: file.map(shortened),
      line: hottest.map { Int($0.key) }, amount: tally.value,
      share: total > 0 ? tally.value / total : 0, samples: tally.count)
    location.lineShare = total > 0 ? hottest.map { $0.value / total } : nil
    if let sources, let file, let line = location.line, location.share >= leastShareForExcerpt {
      let shares = tally.lines.map { (Int($0.key), $0.value / max(total, 1e-12)) }
      location.excerpt = sources.excerpt(
        file, around: line, shares: Dictionary(uniqueKeysWithValues: shares))
    }
    return location
  }

  /// Enough to find the file, and nothing of the machine that it was built on.
  static func shortened(_ path: String) -> String {
    let parts = path.split(separator: "/")
    return parts.suffix(parts.count > 3 ? 2 : 1).joined(separator: "/")
  }
}
