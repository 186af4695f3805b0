import Basics

/// What the kernel says the whole machine did, so that noise can be named.
struct SystemLoad {
  let busyTicks: Double
  let stealTicks: Double
  let allTicks: Double
  /// Ours and the watching parent's, which says for itself what it costs.
  let ownCPU: UInt64
  let time: UInt64

  /// Nil where /proc/stat cannot be read; then nobody knows.
  static func now() -> SystemLoad? {
    guard let text = try? FileSystem.text(of: "/proc/stat"),
      let line = text.split(separator: "\n").first, line.hasPrefix("cpu ")
    else { return nil }
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard ticks.count >= 8 else { return nil }
    // user nice system idle iowait irq softirq steal
    let idle = ticks[3] + ticks[4]
    let all = ticks[..<8].reduce(0, +)
    return SystemLoad(
      busyTicks: all - idle - ticks[7], stealTicks: ticks[7], allTicks: all,
      ownCPU: Clock.processCPU() + Clock.processCPU(of: ParentWatch.parent), time: Clock.now())
  }

  func stealShare(until later: SystemLoad) -> Double {
    let all = later.allTicks - allTicks
    return all > 0 ? (later.stealTicks - stealTicks) / all : 0
  }

  /// CPU seconds a second that others used.
  ///
  /// A tick is a hundredth of a second in /proc/stat.
  func othersCPU(until later: SystemLoad) -> Double {
    let seconds = Double(later.time - time) / 1e9
    let own = Double(later.ownCPU - ownCPU) / 1e9
    return seconds > 0 ? max(0, (later.busyTicks - busyTicks) / 100 - own) / seconds : 0
  }
}
