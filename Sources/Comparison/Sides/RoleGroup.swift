import RunRecords
import Vocabulary

/// Roles that are replicas of one service: `worker1`, `worker2` and `worker-3` are `worker`.
///
/// Only names that end in digits are taken together, and only where one run has two of them, so
/// that a lone `http2` stays what it is; what was pooled is always said.
struct RoleGroup: Equatable {
  /// What the group is called; a role of its own name when it is alone.
  let role: Role
  let members: Set<Role>

  var isPooled: Bool { members.count > 1 || !members.contains(role) }

  func members(of runs: [RunFolder]) -> [Role] {
    Set(runs.flatMap(\.roles)).intersection(members).sorted()
  }

  /// Every role of these runs, in one group each.
  static func groups(of runs: [RunFolder]) -> [RoleGroup] {
    let roles = Set(runs.flatMap(\.roles))
    let replicated = Set(
      runs.flatMap { run in
        Dictionary(grouping: run.roles) { stem(of: $0) }.filter { $0.value.count > 1 }.keys
      })
    let grouped = Dictionary(grouping: roles) { role -> Role in
      let stem = stem(of: role)
      return replicated.contains(stem) ? stem : role
    }
    return grouped.map { RoleGroup(role: $0.key, members: Set($0.value)) }
      .sorted { $0.role < $1.role }
  }

  private static func stem(of role: Role) -> Role {
    var name = Substring(role.rawValue)
    while let last = name.utf8.last, (0x30...0x39).contains(last) { name.removeLast() }
    if name.utf8.count < role.rawValue.utf8.count, let last = name.last, "-_.".contains(last) {
      name.removeLast()
    }
    return name.isEmpty ? role : Role(rawValue: String(name))
  }
}
