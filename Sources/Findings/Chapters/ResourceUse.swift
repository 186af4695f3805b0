import Measurement
import RunRecords
import Vocabulary

/// A resource by the USE method: how busy it was, how long others queued for it, what failed.
package struct ResourceUse: Codable, Sendable, Equatable {
  package var resource: String
  package var utilization: Reading
  package var saturation: Reading
  package var errors: Reading
}

/// Asks the three questions of every resource that an engine has.
struct ResourceUseReader {
  let evidence: Evidence
  let counters: CounterTable

  func rows() -> [ResourceUse] { [processor, memory, disk, locks, workers] }

  private static let noErrors = "nobody counts its errors"

  // MARK: - CPU

  private var processor: ResourceUse {
    let busy = LimitingResource.busyCores(evidence)
    let used: Reading =
      if let busy, let cores = evidence.cores {
        .told("\(Wording.number(min(busy, Double(cores)))) of \(cores) cores \(evidence.atItsLoad)")
      } else if evidence.sampledCPUSeconds > 0 {
        .told(
          "\(Wording.seconds(evidence.sampledCPUSeconds)) sampled\(coresSampled); of how many cores is not known"
        )
      } else {
        .notEvaluable("the run does not say how much CPU was used")
      }
    return ResourceUse(
      resource: "CPU", utilization: used,
      saturation: waits(
        ["runnable", "preempted", "runqueue"], "waiting for a core", none: "the wait for a core"),
      errors: .notEvaluable(Self.noErrors))
  }

  /// ` in 40.0 s, 0.73 cores busy`, where the profiles say how long they watched.
  private var coresSampled: String {
    let windows = evidence.roles.compactMap { $0.seconds(.cpu) }
    guard let window = windows.max() else { return "" }
    let busy = evidence.roles.reduce(0) { sum, role in
      guard let cpu = role.profiles[.cpu], let own = role.seconds(.cpu) else { return sum }
      return sum + cpu.total / own
    }
    return " in \(Wording.seconds(window)), \(Wording.number(busy)) cores busy"
  }

  // MARK: - Memory

  private var memory: ResourceUse {
    let peak = counters.rows.first { $0.field == "peakResidentBytes" }
    let faults = counters.rows.first { ["page_faults_major", "major-faults"].contains($0.field) }
    let used: Reading =
      if let peak, case .told(let value) = peak.value {
        .told("\(value) resident at most, \(peak.analysis)")
      } else {
        .notEvaluable("no counter of the run says how much memory was used")
      }
    let short: Reading =
      if let faults, case .told(let value) = faults.value {
        .told("\(value) major page faults")
      } else {
        .notEvaluable("page faults were not counted")
      }
    return ResourceUse(
      resource: "memory", utilization: used, saturation: short,
      errors: .notEvaluable(Self.noErrors))
  }

  // MARK: - Disk and locks

  private var disk: ResourceUse {
    let bytes = counters.rows.first { $0.field == "write_bytes_device" }
    let reads = counters.rows.first { $0.field == "read_bytes_device" }
    let seconds = evidence.measuredSeconds
    var used = Reading.notEvaluable("bytes read and written were not counted")
    if let bytes, let reads, let each = bytes.perOperation, seconds > 0 {
      let operations = evidence.trials.reduce(0) { $0 + $1.operations.values.reduce(0, +) }
      let written = each * Double(operations) / seconds
      let read = (reads.perOperation ?? 0) * Double(operations) / seconds
      used = .told(
        "\(NumberText.bytes(written))/s made dirty in whole pages or more, \(NumberText.bytes(read))/s read; what the device wrote and how busy it was is not counted"
      )
    }
    return ResourceUse(
      resource: "disk", utilization: used,
      saturation: waits(["disk"], "waiting for the disk", none: "the wait for the disk"),
      errors: .notEvaluable(Self.noErrors))
  }

  private var locks: ResourceUse {
    let held = evidence.roles.compactMap { $0.profiles[.mutex] }
    let delay = held.reduce(0) { $0 + $1.total }
    let count = held.reduce(0) { $0 + $1.sampleCount }
    return ResourceUse(
      resource: "locks",
      utilization: .notEvaluable("a profile of delays does not say how long locks were held"),
      saturation: held.isEmpty
        ? .notEvaluable("the run has no mutex profile")
        : .told(
          "\(Wording.seconds(delay)) of delay in \(Wording.counted(count, "wait")) by the mutex profiles\(perSecond(delay))\(byBlock)"
        ),
      errors: .notEvaluable("a lock has none"))
  }

  /// What the other kind of profile has for the same, where the two are far apart.
  private var byBlock: String {
    let notes = evidence.roles.compactMap { role in
      DelayMeasures(role).flatMap { $0.note == nil ? nil : (role.name, $0.waited.total) }
    }
    guard !notes.isEmpty else { return "" }
    let list = notes.map { "\(Wording.seconds($0.1)) of \($0.0)" }.joined(separator: ", ")
    return
      "; the block profiles have \(list): they note where a waiter goes on, the mutex profiles where a lock is given back, and each only what was long enough to be recorded"
  }

  private func perSecond(_ seconds: Double) -> String {
    evidence.measuredSeconds > 0
      ? ", \(Wording.number(seconds / evidence.measuredSeconds)) threads waiting on average" : ""
  }

  // MARK: - Workers

  private var workers: ResourceUse {
    let failures = evidence.trials.reduce(0) { $0 + $1.errors }
    let failed: Reading =
      evidence.trials.isEmpty
      ? .notEvaluable("the run does not count failed operations")
      : .told("\(Wording.counted(failures, "failed operation"))")
    var used = Reading.notEvaluable("the number of workers or their busy time is not known")
    if let count = evidence.record?.setting("concurrency").flatMap({ Double($0) }), count > 0,
      let active = evidence.activeSeconds, evidence.measuredSeconds > 0
    {
      used = .told(
        "\(Wording.number(active / evidence.measuredSeconds)) of \(Wording.number(count)) busy on average"
      )
    }
    return ResourceUse(
      resource: "workers", utilization: used, saturation: queueing, errors: failed)
  }

  /// Between the intended start and the start, an operation waits for a worker, or that worker for its core.
  private var queueing: Reading {
    let waits = OperationKind.allCases.compactMap { kind -> Prose? in
      guard let response = evidence.record?.result("\(kind.rawValue).response.mean"),
        let service = evidence.record?.result("\(kind.rawValue).service.mean")
      else { return nil }
      let queued = max(0, response.estimate.value - service.estimate.value)
      return "\(name: kind.rawValue) \(Wording.seconds(queued))"
    }
    return waits.isEmpty
      ? .notEvaluable("the run does not time operations from their intended start")
      : .told("before an operation begins, on average: " + Prose.list(waits))
  }

  private func waits(_ classes: [String], _ words: String, none: String) -> Reading {
    let blocks = evidence.roles.compactMap { $0.profiles[.block] }
    guard !blocks.isEmpty else { return .notEvaluable("the run has no block profile") }
    guard blocks.contains(where: { $0.samples.contains { $0.waitClass != nil } }) else {
      return .notEvaluable("the block profile does not tell \(none) from others")
    }
    let seconds = blocks.reduce(0.0) { sum, slice in
      sum
        + ProfileSlice.seconds(
          slice.samples.filter { $0.waitClass.map(classes.contains) ?? false })
    }
    return .told("\(Wording.seconds(seconds)) \(words)\(perSecond(seconds))")
  }
}
