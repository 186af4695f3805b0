import Measurement
import RunRecords
import Vocabulary

/// What keeps the run from going faster, as far as its own numbers tell.
package enum LimitingResource: Codable, Sendable, Equatable {
  case cpu(busyCores: Double, cores: Int)
  case locks(share: Double)
  case disk(share: Double)
  case cannotTell(reason: String)

  package var isCPU: Bool {
    if case .cpu = self { true } else { false }
  }

  static func of(_ evidence: Evidence) -> LimitingResource {
    guard evidence.record != nil else {
      return .cannotTell(reason: "the folder has no run.json, so throughput and load are unknown")
    }
    guard let cores = evidence.cores else {
      return .cannotTell(reason: "env.json does not say how many cores the machine has")
    }
    guard let busy = busyCores(evidence) else {
      return .cannotTell(reason: "run.json does not say how much CPU the trials used")
    }
    if busy >= evidence.thresholds.coresBusy * Double(cores) {
      return .cpu(busyCores: min(busy, Double(cores)), cores: cores)
    }
    return byWaits(evidence) ?? .cannotTell(reason: unclear(evidence, busy: busy, cores: cores))
  }

  private static func unclear(_ evidence: Evidence, busy: Double, cores: Int) -> String {
    let load = "\(Wording.number(busy)) of \(cores) cores are busy \(evidence.atItsLoad)"
    guard evidence.offersLoad else {
      return "\(load), and what was asked of it is not known"
    }
    let waits =
      evidence.role("engine")?.profiles[.block] == nil
      ? "waits were not recorded"
      : "no kind of wait takes half of the time inside operations"
    let others = evidence.record?.flags.contains { $0.id == "noise.others" } ?? false
    return "\(load), and \(waits)"
      + (others ? "; other processes used the machine as well" : "")
  }

  /// Busy cores at the rate that matters: as counted while capacity was measured, else in the
  /// measured phase.
  ///
  /// Runs from before they were counted at capacity have them from the CPU of an arrival times
  /// arrivals a second: too many, for at half of the rate an arrival costs more.
  static func busyCores(_ evidence: Evidence) -> Double? {
    if let counted = evidence.coresAtCapacity { return counted }
    let cpu = evidence.trials.reduce(0) { $0 + $1.cpuSeconds }
    guard cpu > 0, evidence.measuredSeconds > 0 else { return nil }
    // A closed loop runs at capacity all the time: the measured phase itself tells.
    let isClosed = evidence.record?.setting("arrival") == "closed"
    let busy = cpu / evidence.measuredSeconds
    guard !isClosed, let capacity = evidence.record?.result("capacity")?.estimate.value,
      let achieved = evidence.record?.result("throughput.achieved")?.estimate.value, achieved > 0
    else { return busy }
    return busy / achieved * capacity
  }

  private static func byWaits(_ evidence: Evidence) -> LimitingResource? {
    guard let block = evidence.role("engine")?.profiles[.block] else { return nil }
    let foreground = WaitReading.foregroundOperations.sorted()
    let active = foreground.compactMap(evidence.serviceSeconds).reduce(0, +)
    guard active > 0 else { return nil }
    func share(_ waitClass: String) -> Double {
      let waits = block.samples.filter {
        $0.waitClass == waitClass && foreground.contains($0.operation ?? "")
      }
      return ProfileSlice.seconds(waits) / active
    }
    let locks = share("lock")
    let disk = share("disk")
    guard max(locks, disk) >= evidence.thresholds.waitLimits else { return nil }
    return locks >= disk ? .locks(share: locks) : .disk(share: disk)
  }
}
