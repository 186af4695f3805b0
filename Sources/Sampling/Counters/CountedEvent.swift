/// What `EventCounters` counts; the raw values are perf's names, a stable interface.
package enum CountedEvent: String, Sendable, CaseIterable, Codable {
  case cycles, instructions, branches
  case branchMisses = "branch-misses"
  case cacheReferences = "cache-references"
  case cacheMisses = "cache-misses"
  case lastLevelLoads = "LLC-loads"
  case lastLevelLoadMisses = "LLC-load-misses"
  case dataTLBLoads = "dTLB-loads"
  case dataTLBLoadMisses = "dTLB-load-misses"
  case stalledFrontend = "stalled-cycles-frontend"
  case stalledBackend = "stalled-cycles-backend"
  // Where the slots of Intel's pipeline go: useful work, wrong guesses, no instructions, no data.
  case slots
  case retiring = "topdown-retiring"
  case badSpeculation = "topdown-bad-spec"
  case frontendBound = "topdown-fe-bound"
  case backendBound = "topdown-be-bound"
  case taskClock = "task-clock"
  case pageFaults = "page-faults"
  case minorFaults = "minor-faults"
  case majorFaults = "major-faults"
  case contextSwitches = "context-switches"
  case migrations = "cpu-migrations"

  /// What one of them is called; nanoseconds for the clock.
  package var unit: String {
    switch self {
    case .taskClock: "ns"
    case .cycles, .stalledFrontend, .stalledBackend: "cycles"
    case .instructions: "instructions"
    case .slots, .retiring, .badSpeculation, .frontendBound, .backendBound: "slots"
    case .branches, .branchMisses: "branches"
    case .cacheReferences, .cacheMisses, .lastLevelLoads, .lastLevelLoadMisses: "accesses"
    case .dataTLBLoads, .dataTLBLoadMisses: "lookups"
    case .pageFaults, .minorFaults, .majorFaults: "faults"
    case .contextSwitches: "switches"
    case .migrations: "migrations"
    }
  }

  /// Counted by the kernel and not by the processor: always there, never shared out.
  package var isSoftware: Bool { Self.software.contains(self) }

  /// A switch and a migration happen in the kernel, so counting user space alone finds none.
  var happensInKernel: Bool { self == .contextSwitches || self == .migrations }

  /// What the kernel wants to hear; nil when this machine does not know the event.
  func name(on catalogue: EventCatalogue) -> EventName? {
    guard Self.topdown.contains(self) else { return try? EventName(rawValue, on: catalogue) }
    // Processors with two kinds of core call the large ones cpu_core.
    for device in ["cpu", "cpu_core"] {
      if let event = try? EventName("\(device)/\(rawValue)/", on: catalogue) { return event }
    }
    return nil
  }

  /// Events that are counted at the same time, so that their ratios mean something.
  ///
  /// A group must fit into the counters of a processor, of which some have only four.
  static let groups: [[CountedEvent]] =
    [
      [.cycles, .instructions, .branches, .branchMisses], [.cacheReferences, .cacheMisses],
      [.lastLevelLoads, .lastLevelLoadMisses], [.dataTLBLoads, .dataTLBLoadMisses],
      [.stalledFrontend, .stalledBackend], topdown,
    ] + software.map { [$0] }

  private static let topdown: [CountedEvent] = [
    .slots, .retiring, .badSpeculation, .frontendBound, .backendBound,
  ]

  private static let software: [CountedEvent] = [
    .taskClock, .pageFaults, .minorFaults, .majorFaults, .contextSwitches, .migrations,
  ]
}
