import Vocabulary

/// What a finding could free at most, as a part of all there is: what findings are ordered by.
///
/// A share of one operation says little while nobody knows how much of everything that operation is:
/// 60 % of what has 5 % of the CPU is 3 % of it. CPU is weighed against all CPU that was sampled,
/// waits against the time inside all operations, or of the requests of the role that has most of it,
/// which is where requests come in.
package struct Weight: Codable, Sendable, Equatable {
  /// The low end of its interval.
  package var low: Double
  package var value: Double
  package var of: Whole
  /// Whose requests they are; nil for the other wholes.
  package var role: String? = nil
  /// Its counts were scaled up, so that no low end can be told; nil where it can.
  package var isWithoutInterval: Bool? = nil

  package enum Whole: String, Codable, Sendable {
    case cpu = "all CPU"
    case operations = "the time inside operations"
    case requests = "the time of requests"
  }
}

/// What waits are weighed against, and whose it is; nil stands for the operations of a run.
struct TimeOfRequests {
  let seconds: Double
  let role: String?
}

extension Evidence {
  /// Seconds that all operations or requests took, waiting and computing; nil where nobody knows.
  var timeOfRequests: TimeOfRequests? {
    if let activeSeconds { return TimeOfRequests(seconds: activeSeconds, role: nil) }
    return roles.compactMap { role in
      RequestWaits(role).map { TimeOfRequests(seconds: $0.whole, role: role.name) }
    }.max { $0.seconds < $1.seconds }
  }
}

extension FindingMaker {
  func weight(_ seen: Observation, _ slice: ProfileSlice) -> Weight? {
    guard let share = seen.share else { return nil }
    if seen.isOfTime {
      guard let all = timeOfRequests, all.seconds > 0 else { return nil }
      let scale = min(1, share.whole / all.seconds)
      return weight(share, scale, of: all.role == nil ? .operations : .requests, role: all.role)
    }
    guard let part = partOfAllCPU(seen, slice) else { return nil }
    let removable = seen.gain.removable
    return Weight(low: part.low * removable, value: part.value * removable, of: .cpu)
  }

  private func weight(
    _ share: Share, _ scale: Double, of whole: Weight.Whole, role: String? = nil
  ) -> Weight {
    Weight(
      low: share.low * scale, value: share.value * scale, of: whole, role: role,
      isWithoutInterval: share.hasInterval ? nil : true)
  }
}

extension Observation {
  /// Whether its share is one of the time that requests or operations take.
  fileprivate var isOfTime: Bool {
    if case .ofTime = gain { return true }
    return isOfRequests || isOfWaiting
  }
}
