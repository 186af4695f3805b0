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
    return Array(rows.values.sorted(by: precedes).prefix(limit))
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
