import Basics

/// What the rest of the machine did, so that noise can be named.
///
/// Steal comes from /proc/stat. What other processes used is summed from their own accounts:
/// /proc/stat charges whole ticks, and a program that sleeps and wakes thousands of times a second
/// makes it claim twice the load there is.
struct SystemLoad {
  private let processors: ProcessorTicks
  /// User and system ticks of every process but ours and the watching parent.
  private let others: [Int32: Double]
  private let time: UInt64

  /// Nil where /proc/stat cannot be read; then nobody knows.
  static func now() -> SystemLoad? {
    ProcessorTicks.now().map {
      SystemLoad(processors: $0, others: otherProcesses(), time: Clock.now())
    }
  }

  private static func otherProcesses() -> [Int32: Double] {
    let ours = [ParentWatch.own, ParentWatch.parent]
    var found: [Int32: Double] = [:]
    for name in (try? FileSystem.list("/proc")) ?? [] {
      guard let pid = Int32(name), !ours.contains(pid),
        let text = try? FileSystem.text(of: "/proc/\(pid)/stat"),
        let close = text.lastIndex(of: ")")
      else { continue }
      // Behind the name, which may hold anything: state is field 3, user and system time 14 and 15.
      let fields = text[text.index(after: close)...].split(separator: " ")
      guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
        continue
      }
      found[pid] = user + system
    }
    return found
  }

  func stealShare(until later: SystemLoad) -> Double {
    let seconds = (later.processors.all - processors.all) / 100
    return seconds > 0 ? processors.stolenSeconds(until: later.processors) / seconds : 0
  }

  /// CPU seconds a second that others used; a tick is a hundredth of a second.
  func othersCPU(until later: SystemLoad) -> Double {
    let seconds = Double(later.time - time) / 1e9
    let used = later.others.reduce(0) { sum, entry in
      sum + max(0, entry.value - (others[entry.key] ?? 0))
    }
    return seconds > 0 ? used / 100 / seconds : 0
  }
}
