import Basics
import Foundation
import Testing

@testable import Sampling

/// Counts of a program that knows what it did.
@Suite(.serialized)
struct CounterTruthTests {
  @Test func `page faults are those of the pages that were touched`() throws {
    let run = try Run("pages")
    let touched = try #require(run.truth["touched"])
    let faults = try #require(run.truth["faults"])
    #expect(faults >= touched)
    for event in [CountedEvent.pageFaults, .minorFaults] {
      guard let counted = value(run.report, event) else { continue }
      // Speaking with the test takes a few more.
      #expect(counted >= touched && counted < touched + 300, "\(event): \(counted)")
    }
  }

  @Test func `switches are those in the books of the process`() throws {
    let run = try Run("sleep")
    guard let counted = value(run.report, .contextSwitches) else { return }
    #expect(counted >= 20)
    #expect(max(counted, run.switches) - min(counted, run.switches) <= 3)
  }

  @Test func `the clock of a process is its CPU time`() throws {
    let run = try Run("pages")
    guard let counted = value(run.report, .taskClock) else { return }
    #expect(counted > 0)
    #expect(Double(counted) < run.report.windowSeconds * 1e9)
    #expect(abs(Double(counted) - Double(run.cpu)) < max(0.1 * Double(run.cpu), 2_000_000))
  }

  @Test func `threads born while it counts are in the count`() throws {
    let run = try Run("births")
    guard let counted = value(run.report, .taskClock) else { return }
    let burned = try #require(run.truth["burn"])
    #expect(Double(counted) > 0.98 * Double(burned))
    #expect(run.report.threads >= 1)
  }

  @Test func `the calling process is counted when nobody else is named`() throws {
    let counters = try EventCounters()
    counters.start()
    var pages = [UInt8](repeating: 0, count: 8 << 20)
    for place in stride(from: 0, to: pages.count, by: 4_096) { pages[place] = 1 }
    let report = counters.stop()
    #expect(report.windowSeconds > 0)
    if let clock = value(report, .taskClock) { #expect(clock > 0) }
    #expect(report.rows.count == CountedEvent.allCases.count)
  }

  /// The count, or nil where this user may not count.
  private func value(_ report: CounterReport, _ event: CountedEvent) -> UInt64? {
    if case .notPermitted(let reason) = report[event] {
      print("skipped: \(reason)")
      return nil
    }
    return report[event].value ?? 0
  }

  /// A victim between `go` and `done`.
  private struct Run {
    let report: CounterReport
    let truth: [String: UInt64]
    /// From /proc/PID/status, over the same window.
    let switches: UInt64
    let cpu: UInt64

    init(_ mode: String) throws {
      let down = try Basics.Pipe()
      let up = try Basics.Pipe()
      let child = try ChildProcess(
        [try VictimProgram.path(), mode],
        descriptors: [(down.reading.descriptor, 0), (up.writing.descriptor, 1)])
      var channel = LineChannel(input: up.keepReading(), output: down.keepWriting())
      guard try channel.receive(milliseconds: 20_000) == .text("ready") else { throw Silent() }
      let counters = try EventCounters(pid: child.pid)
      let switchesBefore = try Self.switches(child.pid)
      let cpuBefore = Clock.processCPU(of: child.pid)
      counters.start()
      try channel.send("go")
      guard case .text(let line) = try channel.receive(milliseconds: 60_000),
        line.hasPrefix("done ")
      else { throw Silent() }
      report = counters.stop()
      cpu = Clock.processCPU(of: child.pid) - cpuBefore
      switches = try Self.switches(child.pid) - switchesBefore
      truth = Dictionary(
        line.dropFirst(5).split(separator: " ").compactMap { pair in
          let parts = pair.split(separator: "=")
          return UInt64(parts[1]).map { (String(parts[0]), $0) }
        }, uniquingKeysWith: { first, _ in first })
    }

    private static func switches(_ pid: Int32) throws -> UInt64 {
      try FileSystem.text(of: "/proc/\(pid)/status").split(separator: "\n")
        .filter { $0.contains("ctxt_switches:") }
        .reduce(0) { $0 + (UInt64($1.filter(\.isNumber)) ?? 0) }
    }
  }

  private struct Silent: Error {}
}

/// Where the build left the program under test.
private enum VictimProgram {
  static func path() throws -> String {
    let beside = Bundle.main.bundleURL.deletingLastPathComponent().appending(path: "Victim").path
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return root.appending(path: ".build/debug/Victim").path
  }
}
