/// What a finding is called from run to run: `C1 engine/insert`.
///
/// `F3` is a rank and changes with every run; rule, role and operation stay, so a tracker can say
/// which item answers which finding.
package struct FindingKey: Codable, Sendable, Hashable, CustomStringConvertible {
  package var rule: String
  package var role: String
  package var operation: String?

  package init(rule: String, role: String, operation: String? = nil) {
    self.rule = rule
    self.role = role
    self.operation = operation
  }

  /// The role, and the operation where there is one: `engine/insert`.
  package var place: String { operation.map { "\(role)/\($0)" } ?? role }

  package var description: String { "\(rule) \(place)" }
}

/// An item of the tracker that answers a finding.
package struct TrackerNote: Codable, Sendable, Equatable {
  package var item: String
  package var state: String
  package var title: String

  package init(item: String, state: String, title: String) {
    self.item = item
    self.state = state
    self.title = title
  }
}

extension Finding {
  package var key: FindingKey { FindingKey(rule: rule, role: role, operation: operation) }
}
