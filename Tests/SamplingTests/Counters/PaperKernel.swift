import Basics
import Synchronization

@testable import Sampling

/// A kernel of paper: it answers as it was told, and notes what it was asked.
final class PaperKernel: CounterSystem {
  struct Call: Equatable {
    let event: String
    let tid: Int32
    let leader: Int32
    let excludesKernel: Bool
  }

  struct State {
    var calls: [Call] = []
    var closed: [Int32] = []
    var enabled: [Int32] = []
    var isStopped = false
    var switches: UInt64 = 50
  }

  /// Error numbers by the name of an event; `*` stands for all others.
  let errors: [String: Int32]
  /// Whether the kernel's own part may be counted.
  let allowsKernel: Bool
  /// How many events may be in a group.
  let groupLimit: Int
  let readings: [String: CounterReading]
  let tids: [Int32]
  let state = Mutex(State())

  init(
    errors: [String: Int32] = [:], allowsKernel: Bool = true, groupLimit: Int = 9,
    readings: [String: CounterReading] = [:], tids: [Int32] = [100]
  ) {
    (self.errors, self.allowsKernel, self.groupLimit) = (errors, allowsKernel, groupLimit)
    (self.readings, self.tids) = (readings, tids)
  }

  var calls: [Call] { state.withLock { $0.calls } }

  func open(
    _ event: EventName, tid: Int32, leader: Int32, excludesKernel: Bool
  ) throws(SystemError) -> Int32 {
    // The kernel looks at permissions first.
    if !allowsKernel, !excludesKernel { throw SystemError("open", event.spelling, code: 13) }
    let name = Self.plain(event.spelling)
    if let error = errors[name] ?? errors["*"] {
      throw SystemError("open", name, code: error)
    }
    let answer = state.withLock { state -> Int32? in
      let members = state.calls.count { $0.leader == leader } + 1
      if leader >= 0, members >= groupLimit { return nil }
      state.calls.append(
        Call(event: name, tid: tid, leader: leader, excludesKernel: excludesKernel))
      return Int32(state.calls.count - 1)
    }
    guard let answer else { throw SystemError("open", name, code: 22) }
    return answer
  }

  func enable(_ descriptor: Int32) { state.withLock { $0.enabled.append(descriptor) } }

  func disable(_ descriptor: Int32) { state.withLock { $0.isStopped = true } }

  func read(_ descriptor: Int32) -> CounterReading {
    state.withLock { state in
      // What a counter shows before it is started is not part of the window.
      let offset = CounterReading(value: 5, enabled: 40, running: 10)
      guard state.isStopped else { return offset }
      let told =
        readings[state.calls[Int(descriptor)].event]
        ?? CounterReading(value: 1_000, enabled: 1_000, running: 1_000)
      return CounterReading(
        value: offset.value + told.value, enabled: offset.enabled + told.enabled,
        running: offset.running + told.running)
    }
  }

  func close(_ descriptor: Int32) { state.withLock { $0.closed.append(descriptor) } }

  func threads(of pid: Int32) -> [Int32] { tids }

  func switches(of pid: Int32) -> UInt64? {
    state.withLock { state in
      defer { state.switches += 7 }
      return state.switches
    }
  }

  private static func plain(_ spelling: String) -> String {
    spelling.split(separator: "/").last.map(String.init) ?? spelling
  }
}
