import Vocabulary

/// What the profiles of the other services say about the time that one waits for them.
///
/// Names do not tell who asks whom, so all others are taken together: what they have inside requests
/// is the most that can explain the wait.
struct ServicesBehind {
  private let names: [String]
  private let seen: Double

  init(_ scene: Scene) {
    let others = scene.evidence.roles.filter {
      $0.name != scene.role.name && $0.name != Role.client.rawValue
    }
    names = others.map(\.name)
    seen = others.reduce(0) { $0 + RequestWaits.time(of: $1) }
  }

  /// Part of the wait that no profile here can explain.
  private func unexplained(_ wait: Share) -> Double {
    wait.part > 0 ? max(0, 1 - seen / wait.part) : 0
  }

  func sentence(_ wait: Share) -> Prose? {
    guard !names.isEmpty else {
      return "No profile of a service behind it is here, so what it waits for cannot be told."
    }
    let part = unexplained(wait)
    guard part > 0 else { return nil }
    return
      "Of the other services here (\(Prose.list(names.map { "\(name: $0)" }))) the profiles have \(Wording.seconds(seen)) inside requests, waiting and computing: at least \(Wording.seconds(part * wait.part)) of the \(Wording.seconds(wait.part)) (\(Wording.percent(part))) is in none of them. System calls, the network, the wait for a core and services without a profile here can be that."
  }

  /// Where most of it is in no profile, nobody knows yet what to make faster.
  func advice(_ wait: Share) -> [Recommendation] {
    guard unexplained(wait) >= 0.5 else { return [] }
    return [
      Recommendation(
        "Time a call on both sides before changing anything: most of this wait is in no profile here",
        effort: .small, risk: "none")
    ]
  }
}
