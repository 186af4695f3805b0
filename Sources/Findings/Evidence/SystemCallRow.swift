package import RunRecords
import Vocabulary

/// A system call, for which operation, and the function of the project that asked for it.
package struct SystemCallRow: Codable, Sendable, Equatable {
  package var role: String
  package var operation: String?
  package var call: String
  package var owner: String
  package var cpuSeconds: Double
  package var cpuSamples: Int
  /// Time inside the call in which the thread did not run, the wait for a core left out.
  package var waitSeconds: Double
  package var waits: Int
  /// Of a row that stands for all behind the dearest: how many there are.
  package var rows: Int? = nil

  private struct Key: Hashable {
    let operation: String?
    let call: String
    let owner: String
  }

  /// The calls of every role of a run, by its CPU and block profiles.
  package static func rows(of run: RunFolder) -> [SystemCallRow] {
    EvidenceReader.read(run, thresholds: .standard).roles
      .flatMap { rows(of: $0, limit: .max) }.sorted(by: precedes)
  }

  /// The calls of a role that cost most, CPU and waiting together.
  static func rows(of role: RoleEvidence, limit: Int = 8) -> [SystemCallRow] {
    var rows: [Key: SystemCallRow] = [:]
    for kind in [ProfileKind.cpu, .block] {
      guard let slice = role.profiles[kind] else { continue }
      for sample in slice.samples where kind == .cpu || !isWithoutCore(sample) {
        // A page fault or an interrupt is in the kernel too, but nobody called for it.
        guard let call = SystemCall.name(of: sample, table: slice.table), isCall(call) else {
          continue
        }
        let key = Key(
          operation: sample.operation, call: call,
          owner: slice.owner(of: sample) ?? ProfileSlice.noOwner)
        var row = rows[key] ?? SystemCallRow(role: role.name, key)
        row.add(sample, kind)
        rows[key] = row
      }
    }
    let sorted = rows.values.sorted(by: precedes)
    return Array(sorted.prefix(limit)) + rest(sorted.dropFirst(limit))
  }

  /// The others as one row, so that the sums stay whole.
  private static func rest(_ rows: ArraySlice<SystemCallRow>) -> [SystemCallRow] {
    guard rows.count > 1, var sum = rows.first else { return Array(rows) }
    for row in rows.dropFirst() {
      sum.cpuSeconds += row.cpuSeconds
      sum.cpuSamples += row.cpuSamples
      sum.waitSeconds += row.waitSeconds
      sum.waits += row.waits
    }
    (sum.call, sum.owner, sum.operation, sum.rows) = ("", "", nil, rows.count)
    return [sum]
  }

  private init(role: String, _ key: Key) {
    self.role = role
    (operation, call, owner) = (key.operation, key.call, key.owner)
    (cpuSeconds, cpuSamples, waitSeconds, waits) = (0, 0, 0, 0)
  }

  private mutating func add(_ sample: StackSample, _ kind: ProfileKind) {
    let seconds = Double(sample.value) / 1e9
    let count = Int(clamping: sample.count)
    if kind == .cpu {
      cpuSeconds += seconds
      cpuSamples += count
    } else {
      waitSeconds += seconds
      waits += count
    }
  }

  private static func isWithoutCore(_ sample: StackSample) -> Bool {
    ["runnable", "runqueue", "preempted"].contains(sample.waitClass ?? "")
  }

  private static func isCall(_ name: String) -> Bool {
    name != "page fault" && name != "interrupt" && !name.contains(" (")
  }

  private static func precedes(_ left: SystemCallRow, _ right: SystemCallRow) -> Bool {
    let costs = (left.cpuSeconds + left.waitSeconds, right.cpuSeconds + right.waitSeconds)
    if costs.0 != costs.1 { return costs.0 > costs.1 }
    return [left.call, left.owner, left.operation ?? ""]
      .lexicographicallyPrecedes([right.call, right.owner, right.operation ?? ""])
  }
}
