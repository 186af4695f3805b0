import Vocabulary

/// How many requests a service has at a time, and what they are doing: sums of times over a window,
/// as far as its profiles have them.
package struct RequestStates: Codable, Sendable, Equatable {
  package var role: String
  /// In each replica, where there are several.
  package var isOfEach: Bool
  package var total: Double
  /// Largest first; what is less than half a percent of all is left out.
  package var parts: [Part]

  package struct Part: Codable, Sendable, Equatable {
    package var state: State
    package var requests: Double
  }

  package enum State: String, Codable, Sendable {
    case lock = "wait for a lock"
    case services = "wait for other services"
    case computing = "compute"
    case other = "wait for something else"
  }

  /// Nil where no request is known, or hardly any is there at a time.
  init?(_ role: RoleEvidence) {
    guard let waits = RequestWaits(role), let window = role.seconds(.block) else { return nil }
    let total = waits.whole / window / Double(max(1, role.members.count))
    guard total >= 0.01 else { return nil }
    let isLock = waits.isLock
    let elsewhere = waits.slice.contains(.downstream)
    let locks = waits.share(where: isLock).value
    let services = waits.share { !isLock($0) && elsewhere($0) }.value
    let cpu = waits.cpuSeconds / waits.whole
    let shares: [(State, Double)] = [
      (.lock, locks), (.services, services), (.computing, cpu),
      (.other, 1 - locks - services - cpu),
    ]
    self.role = role.name
    isOfEach = role.members.count > 1
    self.total = total
    parts = shares.filter { $0.1 >= 0.005 }.sorted { $0.1 > $1.1 }.map {
      Part(state: $0.0, requests: $0.1 * total)
    }
  }

  /// Of all roles of a run that nobody recorded, those with most requests first.
  static func all(_ evidence: Evidence) -> [RequestStates] {
    guard evidence.record == nil else { return [] }
    return evidence.roles.compactMap(RequestStates.init).sorted {
      ($1.total, $0.role) < ($0.total, $1.role)
    }
  }
}
