import Vocabulary

/// Whether the function that gives a contended lock back syncs or writes while it holds it.
///
/// A profile of delays says who gave the lock back, not what was done before, and a wait inside a
/// system call is in no profile of Go. So the samples under that function are looked at, and the
/// lines of three profiles are laid side by side: where others wait to take the lock, where the call
/// is made, where the lock is given back. Without such lines nobody can tell, and it is said so.
struct HeldAcross {
  let holder: String
  /// `fsync`, `write`.
  let call: String
  /// Of the time seen under the holder.
  let share: Share
  let proof: Proof
  let footprints: [Footprint]
  /// Whether the call syncs; else it writes.
  let isSync: Bool
  /// Whether any profile has what the call waits; Go's have none of it.
  private let seesWaits: Bool
  /// Where the holder was written, as far as that is known.
  private let file: String?
  private let source: EvidenceItem.Source

  enum Proof: Equatable {
    case lines(taken: Int32, called: Int32, given: Int32)
    case cannotTell
  }

  /// Nil where the holder hardly syncs or writes, and where it does so without the lock.
  init?(_ scene: Scene, holder: String) {
    guard let cpu = scene.role.profiles[.cpu], holder != ProfileSlice.noOwner,
      !Self.callsEverything(holder, cpu)
    else { return nil }
    let under = cpu.contains(function: holder)
    let seen = Self.seen(scene.role, cpu, under)
    guard seen.sampleCount >= scene.thresholds.samplesUnderLock,
      let (group, share) = Self.largest(seen, scene.thresholds)
    else { return nil }
    let isCall = cpu.contains(group)
    guard let proof = Self.proof(scene, holder, seen.samples.filter(isCall)) else { return nil }
    self.holder = holder
    self.share = share
    self.proof = proof
    call = Self.name(group, seen, isCall)
    isSync = group == .storageSync
    let waits = scene.role.profiles[.block]?.samples ?? []
    seesWaits = waits.contains { under($0) && isCall($0) }
    let files = cpu.table.files.filter { cpu.table[$0.key].short == holder }.values.sorted()
    file = files.first.flatMap { $0.split(separator: "/").last.map(String.init) }
    footprints = [ProfileKind.cpu, .block].map { kind in
      Footprint(kind: kind) { under($0) && isCall($0) }
    }
    source = scene.commands.top(cpu, focus: [holder])
  }

  /// What stands between the network and the handlers has all of them below it, lock or no lock.
  private static func callsEverything(_ holder: String, _ slice: ProfileSlice) -> Bool {
    let wide = SymbolGroups([.middleware, .requestHandler])
    return slice.table.symbols.contains { $0.short == holder && !$0.groups.isDisjoint(with: wide) }
  }

  /// CPU under the holder, and its waits but for those to take a lock, where both were watched
  /// equally long.
  private static func seen(
    _ role: RoleEvidence, _ cpu: ProfileSlice, _ under: @escaping (StackSample) -> Bool
  ) -> ProfileSlice {
    let work = cpu.only(under)
    guard let block = role.profiles[.block], let length = role.seconds(.cpu),
      let other = role.seconds(.block), abs(length - other) <= 0.05 * length
    else { return work }
    let isLock = block.contains(.lockFrame)
    let waits = block.samples.filter {
      under($0) && !isLock($0) && !["lock", "runnable", "preempted"].contains($0.waitClass ?? "")
    }
    return work.with(waits)
  }

  private static func largest(
    _ seen: ProfileSlice, _ thresholds: Thresholds
  ) -> (SymbolGroup, Share)? {
    let shares = [SymbolGroup.storageSync, .writing].map { group in
      (group, seen.share(where: seen.contains(group)))
    }
    return shares.first { $0.1.low >= thresholds.heldAcross }
  }

  private static func name(
    _ group: SymbolGroup, _ seen: ProfileSlice, _ isCall: @escaping (StackSample) -> Bool
  ) -> String {
    let known = seen.only(isCall).systemCalls.map(\.name).filter { !$0.contains(" ") }
    return known.first ?? (group == .storageSync ? "sync" : "write")
  }

  // MARK: Lines

  private static func proof(_ scene: Scene, _ holder: String, _ calls: [StackSample]) -> Proof? {
    let mutex = scene.slice
    let isLock = mutex.contains(.lockFrame)
    let waits = (scene.role.profiles[.block]?.samples ?? []).filter {
      isLock($0) && mutex.owner(of: $0) == holder && $0.ownerLine > 0
    }
    func dearest(_ samples: [StackSample]) -> Int32? {
      let own = samples.filter { mutex.owner(of: $0) == holder && $0.ownerLine > 0 }
      let sums = own.reduce(into: [Int32: Int64]()) { $0[$1.ownerLine, default: 0] += $1.value }
      return sums.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
    guard let taken = waits.map(\.ownerLine).min(), let called = dearest(calls),
      let given = dearest(mutex.samples)
    else { return .cannotTell }
    return taken <= called && called <= given
      ? .lines(taken: taken, called: called, given: given) : nil
  }

  /// What is proven to be done under a lock says why others wait for it.
  var depth: Depth? { proof == .cannotTell ? nil : .work }

  // MARK: Words

  /// For a title; empty where it is not proven.
  var title: Prose {
    across == "" ? "" : "; it is held" + across
  }

  /// ` across fsync`, for a title that says what is held.
  var across: Prose {
    guard case .lines = proof else { return "" }
    return " across \(name: call)"
  }

  var evidence: EvidenceItem {
    switch proof {
    case .lines(let taken, let called, let given):
      let place: Prose = file.map { " of \(name: $0)" } ?? ""
      return EvidenceItem(
        "Held across \(name: call): it takes the lock in line \(Int(taken))\(place), comes to \(name: call) from line \(Int(called)) and gives the lock back in line \(Int(given)); \(amount)",
        source)
    case .cannotTell:
      return EvidenceItem(
        "Perhaps held across \(name: call): \(amount); whether it has the lock then cannot be told without the lines of all three",
        source)
    }
  }

  /// What the share is of, and what it is not.
  private var amount: Prose {
    let samples = Wording.count(share.samplesOfWhole)
    guard !seesWaits else {
      return
        "\(Wording.share(share)) of the time seen under \(name: holder) is in it (\(samples) samples and waits)"
    }
    return
      "\(Wording.share(share)) of the CPU under \(name: holder) is in it (\(samples) samples), and how long it blocks there is in no profile, so neither is how long the lock is held"
  }

  /// What to do about it first; `things` are what is written, such as lines.
  func advice(about things: String = "changes") -> [Recommendation] {
    guard case .lines = proof else { return [] }
    return isSync
      ? [
        Recommendation(
          "Take the sync out of the lock: one sync for a group of \(things), by one thread, after the lock is given back",
          effort: .small, risk: "medium; the last \(things) are lost in a crash")
      ]
      : [
        Recommendation(
          "Take the write out of the lock: fill a buffer under it, and write that after",
          effort: .small, risk: "low; what is not written yet is lost in a crash")
      ]
  }
}
