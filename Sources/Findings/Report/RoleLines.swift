import Pprof
import Vocabulary

/// What can be told of each service although nobody recorded throughput: one line for each role.
///
/// Requests in flight are a sum of times over a window; of what they wait for, only what the block
/// profile has is in it, and what Go's leaves out is said once, here, before the first such share.
struct RoleLines {
  let evidence: Evidence

  /// Empty for a run that vbench made: its record says more.
  var lines: [Prose] {
    guard evidence.record == nil else { return [] }
    let roles = evidence.roles.sorted {
      (inFlight($1), cores($1) ?? -1, $0.name) < (inFlight($0), cores($0) ?? -1, $1.name)
    }
    return roles.compactMap(line) + leftOut
  }

  /// What all roles compute together, as a sentence to be added to another.
  var allCPU: Prose {
    let all = evidence.roles.compactMap { role in
      role.seconds(.cpu).flatMap { window in role.profiles[.cpu].map { $0.total / window } }
    }
    let windows = evidence.roles.compactMap { $0.seconds(.cpu) }
    guard evidence.record == nil, !all.isEmpty, let window = windows.max() else { return "" }
    return
      " All CPU together is \(ofACore(all.reduce(0, +))) (\(Wording.seconds(evidence.sampledCPUSeconds)) in \(Wording.seconds(window)))."
  }

  private func inFlight(_ role: RoleEvidence) -> Double { RequestStates(role)?.total ?? -1 }

  private func line(_ role: RoleEvidence) -> Prose? {
    let parts = [requests(role), core(role)].compactMap { $0 }
    guard let first = parts.first else { return nil }
    return "\(name: role.name): " + parts.dropFirst().reduce(first) { $0 + "; " + $1 } + "."
  }

  // MARK: Requests

  /// `14.3 requests at a time are seen: 8.7 wait for a lock, 5.5 for other services`.
  private func requests(_ role: RoleEvidence) -> Prose? {
    guard let states = RequestStates(role) else { return nil }
    let parts = states.parts.map { part -> Prose in
      "\(Wording.number(part.requests)) \(part.state.rawValue)"
        + (part.state == .lock ? place(of: role) : "")
    }
    return
      "\(Wording.number(states.total)) requests at a time\(each(role)) are seen: \(Prose.list(parts))"
  }

  /// The function in which nearly all of them wait for a lock, if it is one.
  private func place(of role: RoleEvidence) -> Prose {
    guard let waits = RequestWaits(role) else { return "" }
    let rows = waits.slice.owners(where: waits.isLock)
    let all = rows.reduce(0) { $0 + $1.seconds }
    guard let first = rows.first, first.name != ProfileSlice.noOwner, first.seconds >= 0.95 * all
    else { return "" }
    return " in \(name: first.name)"
  }

  private func each(_ role: RoleEvidence) -> String {
    role.members.count > 1 ? " in each replica" : ""
  }

  // MARK: CPU

  private func cores(_ role: RoleEvidence) -> Double? {
    guard let cpu = role.profiles[.cpu], let window = role.seconds(.cpu) else { return nil }
    return cpu.total / window / Double(max(1, role.members.count))
  }

  private func core(_ role: RoleEvidence) -> Prose? {
    guard let cores = cores(role), let cpu = role.profiles[.cpu] else { return nil }
    let isIdle = cores < evidence.thresholds.idleCores
    guard !isIdle, cpu.sampleCount >= evidence.thresholds.samplesForAnyClaim,
      let most = CostCategory.largest(in: cpu).first
    else { return "\(isIdle ? "idle, " : "")\(ofACore(cores))\(each(role))" }
    return
      "\(ofACore(cores))\(each(role)), \(Wording.percent(most.share)) of it \(most.name)"
  }

  private func ofACore(_ cores: Double) -> String {
    cores < 1 ? "\(Wording.number(cores)) of a core" : "\(Wording.number(cores)) cores"
  }

  // MARK: What Go leaves out

  private var leftOut: [Prose] {
    let blocks = evidence.roles.compactMap { $0.profiles[.block] }
    guard blocks.contains(where: \.isGoWaits) else { return [] }
    return [
      "Waits here are those of Go's block profile: locks, channels, conditions. Blocking system calls (`fsync`, `write`), the network poller and `time.Sleep` are not in it, so \"the time they wait or compute\" is without them, in this whole report."
    ]
  }
}
