/// How the time of all processors was spent since the start, in hundredths of a second.
package struct ProcessorTicks: Sendable {
  /// What the host of a virtual machine took; the kernel's CPU clock counts it as the work of
  /// whoever stood still meanwhile, a thread's own clock does not.
  package let stolen: Double
  package let all: Double

  /// Nil where /proc/stat cannot be read; then nobody knows.
  package static func now() -> ProcessorTicks? {
    guard let text = try? FileSystem.text(of: "/proc/stat"),
      let line = text.split(separator: "\n").first, line.hasPrefix("cpu ")
    else { return nil }
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard ticks.count >= 8 else { return nil }
    // user nice system idle iowait irq softirq steal
    return ProcessorTicks(stolen: ticks[7], all: ticks[..<8].reduce(0, +))
  }

  /// Some kernels take steal back; that is none, not less than none.
  package func stolenSeconds(until later: ProcessorTicks) -> Double {
    max(0, later.stolen - stolen) / 100
  }
}
