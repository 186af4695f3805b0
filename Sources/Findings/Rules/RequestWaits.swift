import Vocabulary

/// What requests of a service wait for: the stacks of its block profile under a request handler.
///
/// Who waits idly elsewhere must not hide who waits in earnest; and a Go mutex profile tells who
/// made others wait, but counts one of several waiters, so that the weight of a lock is read here.
struct RequestWaits {
  let slice: ProfileSlice

  /// Nil where no wait under a request handler was noted.
  init?(_ role: RoleEvidence) {
    guard let block = role.profiles[.block] else { return nil }
    let inHandler = block.contains(.requestHandler)
    slice = block.only { inHandler($0) && WaitReading.nature(of: $0, in: block) != .idle }
    guard slice.total > 0 else { return nil }
  }

  /// Waiting for a lock, not on a condition or a queue.
  static func isLock(_ slice: ProfileSlice) -> @Sendable (StackSample) -> Bool {
    let inLock = slice.contains(.lockFrame)
    let onQueue = slice.contains(.queueWait)
    return { inLock($0) && !onQueue($0) }
  }

  /// How many of them wait for a lock at a time, in one replica.
  func lockWaiters(_ role: RoleEvidence) -> Double? {
    guard let window = role.seconds(.block) else { return nil }
    let seconds = ProfileSlice.seconds(slice.samples.filter(Self.isLock(slice)))
    return seconds / window / Double(max(1, slice.members.count))
  }
}

extension ProfileSlice {
  /// The slice with some of its stacks alone.
  func only(_ keepIt: @escaping (StackSample) -> Bool) -> ProfileSlice {
    let keep = { (samples: [StackSample]) in samples.filter(keepIt) }
    return ProfileSlice(
      role: role, kind: kind, operation: operation, sampleType: sampleType, isTime: isTime,
      files: files, table: table, samples: keep(samples), trials: trials.map(keep),
      members: members.map(keep), isOfIdleRole: isOfIdleRole)
  }
}
