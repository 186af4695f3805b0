/// What an event of ours is for; it decides how its samples are laid out.
enum EventKind: Sendable, Equatable {
  /// Counts nothing: it only brings maps, names, births and deaths.
  case sideband
  /// The CPU clock: one sample each period.
  case cpuClock
  /// A thread leaves the CPU, with the stack that it leaves from.
  case switchOut
  /// Somebody makes a thread runnable, with the stack of whoever runs at that moment.
  case waking
  /// An interrupt or a stranger does, whose stack would tell nothing.
  case strangersWaking
  /// Whatever the user named, once in so many times.
  case named
  /// A system call begins, and ends.
  case callEntered, callLeft
  /// One in so many system calls, with the stack that it is made from.
  case callStack(StackSpacing)

  /// A period in the sample is what makes the kernel ignore `sample_period` of a software event.
  var carriesPeriod: Bool { self == .cpuClock }

  /// The payload of the tracepoint, which names the thread that is woken, or the system call.
  var carriesRaw: Bool {
    switch self {
    case .waking, .strangersWaking, .callEntered, .callLeft, .callStack: true
    case .sideband, .cpuClock, .switchOut, .named: false
    }
  }

  var carriesStack: Bool {
    switch self {
    case .sideband, .strangersWaking, .callEntered, .callLeft: false
    case .cpuClock, .switchOut, .waking, .named, .callStack: true
    }
  }
}

/// Which event an identifier in a record belongs to.
struct EventLayouts: Sendable {
  /// Whether a sample of the clock says how much the clock had counted by then.
  ///
  /// Kernels before 6.12 refuse that together with inheritance.
  var clockCarriesCount = false
  private var kinds: [UInt64: EventKind] = [:]

  mutating func add(_ identifier: UInt64, _ kind: EventKind) { kinds[identifier] = kind }

  func kind(of identifier: UInt64) -> EventKind? { kinds[identifier] }
}
