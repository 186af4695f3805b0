/// An event as perf spells it, and what perf_event_open(2) wants to hear for it.
///
///     cycles            a name of the kernel's own            cache-misses, page-faults, cs
///     L1-dcache-loads   a cache, what is done, how it ends    LLC-load-misses
///     sched:sched_switch   a tracepoint
///     r01c2             the raw number of the processor's maker
///     cpu/event=0x3c,umask=0x00/   terms that a device explains in /sys
///
/// `:u` and `:k` behind the first two and the last two count only user space or only the kernel.
package struct EventName: Sendable, Equatable {
  package let spelling: String
  package let type: UInt32
  package let config: UInt64
  package var config1: UInt64 = 0
  package var config2: UInt64 = 0
  package var excludesUser = false
  package var excludesKernel = false

  package init(_ spelling: String) throws(EventNameError) {
    try self.init(spelling, on: EventCatalogue())
  }

  init(_ spelling: String, on catalogue: EventCatalogue) throws(EventNameError) {
    if let device = try catalogue.deviceEvent(spelling) {
      self = device
      return
    }
    let (name, modifier) = Self.split(spelling)
    if let event = Self.named(name) {
      self.init(spelling, type: event.type, config: event.config)
    } else if let event = Self.raw(name) {
      self.init(spelling, type: event.type, config: event.config)
    } else if spelling.contains(":") {
      self.init(
        spelling, type: KnownEvents.tracepointType, config: try catalogue.tracepoint(spelling))
      return
    } else {
      throw .unknown(spelling, nearest: KnownEvents.nearest(to: name))
    }
    try apply(modifier)
  }

  init(_ spelling: String, type: UInt32, config: UInt64) {
    (self.spelling, self.type, self.config) = (spelling, type, config)
  }

  init(
    _ spelling: String, type: UInt32, configs: [UInt64], modifier: Substring
  ) throws(EventNameError) {
    self.init(spelling, type: type, config: configs[0])
    (config1, config2) = (configs[1], configs[2])
    try apply(modifier)
  }

  // MARK: - Forms

  /// What stands before and behind the last colon, when what is behind can be a modifier.
  private static func split(_ spelling: String) -> (name: String, modifier: Substring) {
    guard let colon = spelling.lastIndex(of: ":") else { return (spelling, "") }
    let name = String(spelling[..<colon])
    guard named(name) != nil || raw(name) != nil else { return (spelling, "") }
    return (name, spelling[spelling.index(after: colon)...])
  }

  private static func named(_ name: String) -> KnownEvents.Code? {
    KnownEvents.software[name] ?? KnownEvents.hardware[name] ?? KnownEvents.cache(name)
  }

  private static func raw(_ name: String) -> KnownEvents.Code? {
    let digits = name.dropFirst()
    guard name.hasPrefix("r"), !digits.isEmpty, digits.allSatisfy(\.isHexDigit),
      let config = UInt64(digits, radix: 16)
    else { return nil }
    return (KnownEvents.rawType, config)
  }

  private mutating func apply(_ modifier: Substring) throws(EventNameError) {
    if modifier.isEmpty { return }
    guard modifier.allSatisfy({ "uk".contains($0) }) else {
      throw .unknownModifier(spelling, String(modifier))
    }
    excludesUser = !modifier.contains("u")
    excludesKernel = !modifier.contains("k")
  }
}

/// Why an event cannot be had, in a sentence that says what can.
package enum EventNameError: Error, Equatable, CustomStringConvertible {
  case unknown(String, nearest: [String])
  case unknownModifier(String, String)
  case noTracepoint(String)
  case noDevice(String, known: [String])
  case noTerm(String, device: String, known: [String])
  case badTerm(String, device: String)

  package var description: String {
    switch self {
    case .unknown(let name, let nearest):
      nearest.isEmpty
        ? "There is no event “\(name)”; known are \(KnownEvents.common.joined(separator: ", ")), "
          + "tracepoints (sched:sched_switch), raw events (r01c2) and cpu/event=0x3c/."
        : "There is no event “\(name)”; did you mean \(nearest.joined(separator: " or "))?"
    case .unknownModifier(let name, let modifier):
      "“\(modifier)” in “\(name)” says nothing: behind the colon may stand u (user) and k (kernel)."
    case .noTracepoint(let name):
      "The tracepoint “\(name)” is not there or may not be read; it takes root or "
        + "CAP_PERFMON, and /sys/kernel/tracing/events shows which there are."
    case .noDevice(let name, let known):
      "This machine has no event device “\(name)”; it has \(known.joined(separator: ", "))."
    case .noTerm(let term, let device, let known):
      "The device “\(device)” does not know “\(term)”; it knows \(known.joined(separator: ", "))."
    case .badTerm(let term, let device):
      "“\(term)” of “\(device)” needs a number that fits, such as event=0x3c."
    }
  }
}
