import Vocabulary

/// The same waits for locks, as a mutex profile and a block profile have them.
///
/// Go's mutex profile is made where a lock is given back, and before Go 1.22 it counts one waiter of
/// the lock at a time; its block profile is made where each waiter goes on. With ten waiters the one
/// says a tenth of what the other does, and neither is wrong. Each may also keep one event of
/// several, which their files do not say.
struct DelayMeasures {
  private let given: ProfileSlice
  let waited: ProfileSlice

  /// Nil where one of the profiles is missing or has no wait for a lock.
  init?(_ role: RoleEvidence) {
    guard let mutex = role.profiles[.mutex], let block = role.profiles[.block], mutex.total > 0
    else { return nil }
    let isLock = block.contains(.lockFrame)
    let onQueue = block.contains(.queueWait)
    // A recorder that tells what a wait is for knows better than the functions on its stack: who
    // loses the core inside a lock does not wait for it.
    let waits = block.only { sample in
      sample.waitClass.map { $0 == "lock" } ?? (isLock(sample) && !onQueue(sample))
    }
    guard waits.total > 0 else { return nil }
    (given, waited) = (mutex, waits)
  }

  /// A sentence for a place where both are told; nil where they are about the same.
  var note: Prose? {
    let ratio = waited.total / given.total
    guard !(0.8...1.25).contains(ratio) else { return nil }
    return
      "The mutex profile has \(amount(given)) for what the block profile has \(amount(waited)) for: never hold a time or a share of the one against the other. \(reason)"
  }

  private func amount(_ slice: ProfileSlice) -> String {
    "\(Wording.seconds(slice.total)) in \(Wording.counted(slice.sampleCount, "wait"))"
  }

  private var reason: String {
    let leaf = given.flat.first?.name ?? ""
    guard leaf.hasPrefix("sync.") || leaf.hasPrefix("internal/sync.") else {
      return
        "The one counts where a lock is given back, the other where a waiter goes on, each as far as its events were recorded."
    }
    return
      "Go's mutex profile counts one waiter of a lock at a time before Go 1.22, its block profile each of them; how many events stand for one in either (`SetMutexProfileFraction`, `SetBlockProfileRate`) is not in the files."
  }
}
