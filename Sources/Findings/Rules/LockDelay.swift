import Vocabulary

/// How much waiting for locks there is at all: shares of next to nothing are no findings.
enum LockDelay {
  /// Threads that wait on average, at most; nil where no length of time is known.
  static func waitingThreads(_ scene: Scene) -> Double? {
    let window = scene.role.seconds(.mutex) ?? scene.evidence.window(of: scene.role)
    guard let window, window > 0 else { return nil }
    return scene.slice.total / window / Double(max(1, scene.slice.members.count))
  }

  /// What to say where nobody waits for long enough to look into it.
  static func tooLittle(_ scene: Scene) -> Prose? {
    guard scene.slice.total > 0 else { return "\(scene.place): nobody waited for a lock" }
    guard let waiting = waitingThreads(scene), waiting < scene.thresholds.anyLockWait else {
      return nil
    }
    return
      "\(scene.place): \(Wording.seconds(scene.slice.total)) of lock delay in all is too little to look into"
  }
}
