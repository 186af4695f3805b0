import Measurement
import RunRecords
import Vocabulary

/// Who uses the CPU: each operation of each role, and what is none.
///
/// The first thing to know before any share of an operation: 60 % of an operation that has 4 % of the
/// CPU is little. Shares and seconds are rounded so that the printed rows add up.
package struct CPUUse: Codable, Sendable, Equatable {
  package var rows: [Row]
  /// Of all rows together.
  package var seconds: Double
  package var samples: Int
  /// Vectors in one insert and in one delete; nil where it is one, or not known.
  package var batch: Int?
  /// Operations that are the second half of another one; nil where there are none.
  package var followers: [String]? = nil

  package struct Row: Codable, Sendable, Equatable {
    package var role: String
    package var operation: String?
    /// Hundredths of a second.
    package var hundredths: Int
    /// Tenths of a percent of all.
    package var tenths: Int
    package var samples: Int
    /// Seconds for one operation, where they were counted.
    package var each: Double?
  }
}

extension CPUUse {
  init?(_ evidence: Evidence) {
    let parts = evidence.roles.flatMap { Self.parts(of: $0) }.sorted {
      ($1.seconds, $0.role, $0.operation ?? "") < ($0.seconds, $1.role, $1.operation ?? "")
    }
    let total = parts.reduce(0) { $0 + $1.seconds }
    guard parts.contains(where: { $0.operation != nil }), total > 0 else { return nil }
    let shares = TimeTree.split(1_000, parts.map(\.seconds))
    let hundredths = TimeTree.split(Int((total * 100).rounded()), parts.map(\.seconds))
    rows = parts.indices.map { index in
      let part = parts[index]
      let count = part.operation.map(evidence.operations) ?? 0
      return Row(
        role: part.role, operation: part.operation, hundredths: hundredths[index],
        tenths: shares[index], samples: part.samples,
        each: count > 0 ? part.seconds / Double(count) : nil)
    }
    seconds = total
    samples = parts.reduce(0) { $0 + $1.samples }
    batch = evidence.record?.setting("write-batch").flatMap { Int($0) }.flatMap {
      $0 > 1 ? $0 : nil
    }
    followers = evidence.record.map(\.followers).flatMap { $0.isEmpty ? nil : $0 }
  }

  private struct Part {
    let role: String
    let operation: String?
    let seconds: Double
    let samples: Int
  }

  /// The operations of a role, and what has no label.
  private static func parts(of role: RoleEvidence) -> [Part] {
    guard let whole = role.profiles[.cpu], whole.isTime else { return [] }
    let names: [String?] = role.operations(.cpu).map(Optional.some) + [nil]
    return names.compactMap { name in
      let samples = whole.samples.filter { $0.operation == name }
      guard !samples.isEmpty else { return nil }
      return Part(
        role: role.name, operation: name, seconds: ProfileSlice.seconds(samples),
        samples: samples.reduce(0) { $0 + Int(clamping: $1.count) })
    }
  }

  /// `: insert uses 59.6 % of all CPU, delete 33.5 % and search 3.7 %`, for the first line of all.
  var clause: Prose {
    let known = rows.filter { $0.operation != nil }.prefix(4)
    guard let first = known.first else { return "" }
    let rest = known.dropFirst().map {
      "\(name: $0.operation ?? "") \(Self.percent($0.tenths))" as Prose
    }
    let leading: Prose =
      "\(name: first.operation ?? "") uses \(Self.percent(first.tenths)) of all CPU"
    return "; " + Prose.list([leading] + rest)
  }

  /// `59.6 %`.
  package static func percent(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10) %" }
}
