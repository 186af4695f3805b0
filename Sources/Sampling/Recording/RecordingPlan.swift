package import Vocabulary

/// What is to be recorded, and how densely.
package struct RecordingPlan: Sendable, Equatable {
  /// A prime, so that no period of the target keeps step with it.
  ///
  /// On a virtual machine the interrupt of a sample may cost 50 µs of the work that it interrupts:
  /// five times as many samples were five percent of it.
  package static let standardHertz = 199

  package var hertz = RecordingPlan.standardHertz
  package var stackBytes = 32_768
  /// How much of a stack is copied at a switch, at most: switches are many, and the stacks of
  /// waiting threads are short. A copy that runs out of the stack costs two microseconds by that
  /// alone.
  package var waitStackBytes = 16_384
  package var watchesCPU = true
  package var watchesWaits = true
  /// The distance between switches with stacks, where it is not to follow their rate.
  package var switchPeriod: UInt64?
  package var scope = Scope.threads
  /// Stacks are unwound when the window is over, for programs that are being timed meanwhile and
  /// live on.
  package var defersStacks = false
  package var keepsTimeline = false
  /// One more event that takes samples, into a profile of its own.
  package var event: NamedEvent?
  /// Whether every system call is counted and timed.
  package var watchesCalls = false
  /// Only waits of these classes are kept; nil keeps all.
  package var waitClasses: Set<String>?

  /// The classes there are, by the names they have in profiles.
  package static let waitClasses = WaitReason.allCases.map(\.rawValue)

  /// Whose clock decides when a sample is taken.
  package enum Scope: String, Sendable, CaseIterable {
    /// That of each thread: counts every microsecond of threads that live long, and sees next to
    /// nothing of a thread that ends before its first sample.
    case threads
    /// That of each processor: threads of any age are seen, and spells much shorter than a period
    /// only on average. It needs the right to watch the whole machine.
    case processors
  }

  package init() {}
}

/// An event that takes a sample each time it has happened so often.
package struct NamedEvent: Sendable, Equatable {
  package let name: EventName
  package let period: UInt64

  package init(_ name: EventName, period: UInt64) { (self.name, self.period) = (name, period) }
}

/// A process to watch, with all that it starts, and whose its work is.
package struct RecordingTarget: Sendable {
  package let pid: Int32
  let roles: RoleRule
  /// Forked and not yet what it will be.
  var isHeld = false

  /// Our own trial: the engine where a marker or a thread's name says so, else the client.
  package static func trial(_ pid: Int32) -> RecordingTarget {
    RecordingTarget(pid: pid, roles: .markers)
  }

  /// Somebody's service: all that it does is its own.
  package static func service(_ role: Role, _ pid: Int32) -> RecordingTarget {
    RecordingTarget(pid: pid, roles: .service(role))
  }

  /// A command that is held back before its exec.
  package static func command(_ role: Role, _ pid: Int32) -> RecordingTarget {
    RecordingTarget(pid: pid, roles: .service(role), isHeld: true)
  }
}

/// How the work of a process is given to roles.
enum RoleRule: Sendable, Equatable {
  case markers
  case service(Role)

  var roles: [Role] {
    switch self {
    case .markers: [.engine, .client]
    case .service(let role): [role]
    }
  }
}
