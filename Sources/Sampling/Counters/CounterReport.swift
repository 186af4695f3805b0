/// The counters of a process over a window, each with its number or the reason for having none.
package struct CounterReport: Codable, Sendable, Equatable {
  package struct Row: Codable, Sendable, Equatable {
    package let event: CountedEvent
    package let unit: String
    package let state: CounterState
    /// Who counted, when it was not the counter of that name.
    package let source: String?

    package init(event: CountedEvent, state: CounterState, source: String? = nil) {
      (self.event, self.state, self.source) = (event, state, source)
      unit = event.unit
    }
  }

  /// A number made of two counters.
  package struct Ratio: Codable, Sendable, Equatable {
    package let name: String
    package let value: Double
    /// `instructions/cycle`, or `share` for a part of a whole.
    package let unit: String
    /// The smaller of the two shares of time that were really counted.
    package let runningShare: Double

    private enum CodingKeys: String, CodingKey {
      case name, value, unit
      case runningShare = "running_share"
    }
  }

  /// How much there was of something for each operation.
  package struct Rate: Codable, Sendable, Equatable {
    package let event: CountedEvent
    package let value: Double
    /// Such as `faults/search`.
    package let unit: String
  }

  package let rows: [Row]
  package let windowSeconds: Double
  /// Only user space was counted, because the kernel's part is not permitted.
  package let excludesKernel: Bool
  /// Threads that were opened by themselves; those born later are part of them.
  package let threads: Int
  /// Threads that appeared during the opening.
  ///
  /// They count if their maker had been opened by then, which is not known.
  package let threadsBornMeanwhile: Int

  private enum CodingKeys: String, CodingKey {
    case rows, threads
    case windowSeconds = "window_seconds"
    case excludesKernel = "excludes_kernel"
    case threadsBornMeanwhile = "threads_born_meanwhile"
  }

  package subscript(event: CountedEvent) -> CounterState {
    rows.first { $0.event == event }?.state ?? .notSupported
  }

  /// Ratios of what was counted; one whose parts are not both there is left out.
  package var ratios: [Ratio] {
    Self.ratioParts.compactMap { parts in
      guard case .counted(let part, let partShare) = self[parts.part],
        case .counted(let whole, let wholeShare) = self[parts.whole], whole > 0
      else { return nil }
      return Ratio(
        name: parts.name, value: Double(part) / Double(whole), unit: parts.unit,
        runningShare: min(partShare, wholeShare))
    }
  }

  /// Every counted number divided by the operations that were done, with its unit.
  ///
  /// Empty when there were none: nothing can be said per operation then.
  package func perOperation(_ operations: Int, called operation: String) -> [Rate] {
    guard operations > 0 else { return [] }
    return rows.compactMap { row in
      row.state.value.map {
        Rate(
          event: row.event, value: Double($0) / Double(operations), unit: "\(row.unit)/\(operation)"
        )
      }
    }
  }

  private static let ratioParts:
    [(name: String, part: CountedEvent, whole: CountedEvent, unit: String)] = [
      ("IPC", .instructions, .cycles, "instructions/cycle"),
      ("branch miss ratio", .branchMisses, .branches, "share"),
      ("cache miss ratio", .cacheMisses, .cacheReferences, "share"),
      ("LLC load miss ratio", .lastLevelLoadMisses, .lastLevelLoads, "share"),
      ("dTLB load miss ratio", .dataTLBLoadMisses, .dataTLBLoads, "share"),
      ("frontend stall ratio", .stalledFrontend, .cycles, "share"),
      ("backend stall ratio", .stalledBackend, .cycles, "share"),
      ("retiring", .retiring, .slots, "share"),
      ("bad speculation", .badSpeculation, .slots, "share"),
      ("frontend bound", .frontendBound, .slots, "share"),
      ("backend bound", .backendBound, .slots, "share"),
    ]
}
