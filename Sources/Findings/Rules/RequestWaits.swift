import Vocabulary

/// What requests of a service spend: their waits, by the stacks of its block profile under a request
/// handler, and their CPU.
///
/// Who waits idly elsewhere must not hide who waits in earnest; and a Go mutex profile tells who
/// made others wait, but counts one of several waiters, so that the weight of a lock is read here.
/// Waits inside system calls are in neither profile.
struct RequestWaits {
  let slice: ProfileSlice
  /// Whether a wait of the block profile is one of these.
  let belongs: @Sendable (StackSample) -> Bool
  /// CPU under a request handler; 0 where no profile of the same length tells.
  let cpuSeconds: Double
  /// How long the waits were watched; nil where nobody knows.
  private let window: Double?

  /// Nil where no wait under a request handler was noted, or so little that shares of it say nothing.
  init?(_ role: RoleEvidence) {
    guard let block = role.profiles[.block] else { return nil }
    let inHandler = block.contains(.requestHandler)
    belongs = { inHandler($0) && WaitReading.nature(of: $0, in: block) != .idle }
    slice = block.only(belongs)
    guard slice.total > 0 else { return nil }
    cpuSeconds = Self.cpu(role)
    window = role.seconds(.block)
    if let window, slice.total + cpuSeconds < Self.least * window { return nil }
  }

  /// All that the profiles of a role have under request handlers, idle or not.
  static func time(of role: RoleEvidence) -> Double {
    [ProfileKind.cpu, .block].reduce(0) { sum, kind in
      guard let slice = role.profiles[kind] else { return sum }
      return sum + ProfileSlice.seconds(slice.samples.filter(slice.contains(.requestHandler)))
    }
  }

  /// Requests at a time below which nobody need ask what they wait for.
  private static let least = 0.001

  private static func cpu(_ role: RoleEvidence) -> Double {
    guard let cpu = role.profiles[.cpu], let length = role.seconds(.cpu),
      let other = role.seconds(.block), abs(length - other) <= 0.05 * length
    else { return 0 }
    return ProfileSlice.seconds(cpu.samples.filter(cpu.contains(.requestHandler)))
  }

  var whole: Double { slice.total + cpuSeconds }

  /// What `share` is a share of, in words.
  var of: String { cpuSeconds > 0 ? "the time they wait or compute" : "their waiting" }

  /// Part of what requests spend; its interval is that of the waits counted.
  func share(where matches: (StackSample) -> Bool) -> Share {
    slice.waits(of: whole, where: matches)
  }

  /// Waiting for a lock, not on a condition or a queue.
  var isLock: @Sendable (StackSample) -> Bool {
    let inLock = slice.contains(.lockFrame)
    let onQueue = slice.contains(.queueWait)
    return { inLock($0) && !onQueue($0) }
  }

  /// Those of them that match, in the block profile as a whole.
  func footprint(where matches: @escaping @Sendable (StackSample) -> Bool) -> Footprint {
    let belongs = belongs
    return Footprint(kind: .block) { belongs($0) && matches($0) }
  }

  /// How many of them wait for a lock at a time, in one replica.
  func lockWaiters(_ role: RoleEvidence) -> Double? {
    guard let window = role.seconds(.block) else { return nil }
    let seconds = ProfileSlice.seconds(slice.samples.filter(isLock))
    return seconds / window / Double(max(1, slice.members.count))
  }

  /// The same waits in each replica, when a role has several.
  func perMember(
    _ scene: Scene, where matches: @escaping @Sendable (StackSample) -> Bool
  ) -> [EvidenceItem] {
    guard slice.members.count > 1 else { return [] }
    let source = scene.source(.block, where: footprint(where: matches).holds)
    return slice.members.enumerated().map { index, samples in
      EvidenceItem(
        "\(name: slice.files[index].role): \(Wording.seconds(ProfileSlice.seconds(samples.filter(matches))))",
        scene.commands.same(source, in: slice, member: index))
    }
  }

  /// How long one wait takes on average, and how many there are in a second: scaling keeps both.
  func each(_ share: Share) -> String {
    guard share.samples > 0 else { return "" }
    let rate = window.map { ", \(Wording.number(Double(share.samples) / $0)) a second" } ?? ""
    return "\(Wording.seconds(share.part / Double(share.samples))) each on average\(rate), "
  }

  /// `5.84 min of 9.6 min that requests waited or computed`.
  func amount(_ share: Share) -> String {
    "\(Wording.seconds(share.part)) of \(Wording.seconds(whole)) that requests waited"
      + (cpuSeconds > 0 ? " (\(Wording.seconds(slice.total))) or computed" : "")
  }
}
