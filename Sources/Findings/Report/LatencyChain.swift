import Measurement
import RunRecords
import Vocabulary

/// Follows an operation from its arrival to its answer, or a request through its services.
struct LatencyChain {
  let evidence: Evidence
  let roles: [RoleReport]
  let limit: LimitingResource
  let splits: [TimeSplit]

  var sentences: [Prose] {
    let chain = splits.flatMap(operation) + (beginning.map { [$0] } ?? [])
    return chain.isEmpty ? services : chain
  }

  private func operation(_ split: TimeSplit) -> [Prose] {
    let name = split.operation
    var sentences: [Prose] = []
    if let response = evidence.record?.result("\(name).response.mean")?.estimate.value {
      let queued = max(0, response - split.service)
      let before: Prose = queued < 1e-9 ? "none" : "\(Wording.seconds(queued))"
      sentences.append(
        "\(name: name): \(Wording.seconds(response)) from the intended start to the answer on average; \(before) of it before it began."
      )
    }
    let sum = split.parts.reduce(0) { $0 + $1.seconds }
    // Where the parts are more than was timed, they are what is divided.
    let whole = max(split.service, sum, 1e-12)
    let parts = split.parts.sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }.prefix(4).map {
      "\($0.name == "CPU" ? "CPU" : TimeTreeReader.words($0.name)) \(Wording.seconds($0.seconds)) (\(Wording.percent($0.seconds / whole)))"
        as Prose
    }
    let rest: Prose =
      split.rest > 0
      ? ", and \(Wording.seconds(split.rest)) that no profile explains"
      : sum > split.service * 1.001
        ? "; the parts add up to \(Wording.seconds(sum)), and the shares are of that" : ""
    sentences.append(
      "Inside \(name: name): \(Wording.seconds(split.service)): " + Prose.list(Array(parts)) + rest
        + ".")
    return sentences
  }

  /// What operations waited for before they began: all workers at work, or a worker that was woken
  /// and had no core.
  private var beginning: Prose? {
    let queued = splits.reduce(0.0) { sum, split in
      let response = evidence.record?.result("\(split.operation).response.mean")?.estimate.value
      return sum + max(0, (response ?? 0) - split.service) * Double(split.count)
    }
    guard queued > 0, let block = evidence.role(Role.client.rawValue)?.profiles[.block] else {
      return nil
    }
    let core = ProfileSlice.seconds(
      block.samples.filter { ["runnable", "preempted"].contains($0.waitClass ?? "") })
    let workers: Prose =
      core >= 0.5 * queued
      ? "most of the wait to begin is that of workers that were woken and had no core yet"
      : core < 0.1 * queued
        ? "the wait to begin is one for a free worker, not for a core"
        : "the wait to begin is partly one for a free worker, partly one for its core"
    return
      "Before they began all operations together waited \(Wording.seconds(queued)), while threads of the load that were in no operation waited \(Wording.seconds(core)) for a core: \(workers)."
  }

  /// Services without an operation's times: who works, who waits.
  private var services: [Prose] {
    roles.compactMap { role in
      let waits: Prose = requestWaits(role.name).map { ". " + $0 } ?? ""
      return switch role.character {
      case .loaded:
        "\(name: role.name) has \(Wording.percent(role.shareOfAllCPU ?? 0)) of all CPU" + waits
          + "."
      case .light:
        "\(name: role.name) has only \(Wording.percent(role.shareOfAllCPU ?? 0)) of all CPU" + waits
          + "."
      case .idle: "\(name: role.name) is idle and not on the critical path as far as CPU tells."
      case .unknown: nil
      }
    }
  }

  /// What the requests of a role wait for, where its block profile shows any.
  private func requestWaits(_ name: String) -> Prose? {
    guard let role = evidence.role(name), let waits = RequestWaits(role) else { return nil }
    let isLock = waits.isLock
    let elsewhere = waits.slice.contains(.downstream)
    let locks = waits.share(where: isLock).value
    let others = waits.share { !isLock($0) && elsewhere($0) }.value
    let cpu = waits.cpuSeconds / waits.whole
    let parts = [
      ("wait for locks", locks), ("wait for other services", others), ("compute", cpu),
      ("wait for something else", 1 - locks - others - cpu),
    ].filter { $0.1 >= 0.01 }.sorted { $0.1 > $1.1 }.map {
      "\($0.0) \(Wording.percent($0.1))" as Prose
    }
    return "Its requests \(Prose.list(parts)) of \(waits.of)"
  }
}
