import Basics
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Sampling

struct EventCountersTests {
  @Test func `a machine with everything counts everything, in groups`() throws {
    let devices = try topdownDevices()
    let kernel = PaperKernel(tids: [100, 101])
    let report = try count(kernel, EventCatalogue(devices: devices.path))
    #expect(report.rows.map(\.event) == CountedEvent.allCases)
    for row in report.rows {
      #expect(row.state == .counted(value: 2_000, runningShare: 1), "\(row.event)")
    }
    // The followers of the first event of each thread name its descriptor.
    let followers = kernel.calls.filter { $0.leader == 0 }.map(\.event)
    #expect(followers == ["instructions", "branches", "branch-misses"])
    let leaders = kernel.calls.filter { $0.tid == 100 && $0.leader < 0 }.map(\.event)
    #expect(
      leaders == [
        "cycles", "cache-references", "LLC-loads", "dTLB-loads", "stalled-cycles-frontend",
        "slots", "task-clock", "page-faults", "minor-faults", "major-faults", "context-switches",
        "cpu-migrations",
      ])
    #expect(kernel.state.withLock { $0.enabled.count } == 2 * leaders.count)
    #expect(report.threads == 2 && report.threadsBornMeanwhile == 0)
    #expect(kernel.state.withLock { Set($0.closed).count } == kernel.calls.count)
  }

  @Test func `what takes turns is stretched, and the share is said`() throws {
    let kernel = PaperKernel(readings: [
      "cycles": CounterReading(value: 300, enabled: 1_000, running: 250),
      "instructions": CounterReading(value: 600, enabled: 1_000, running: 250),
      "cache-misses": CounterReading(value: 0, enabled: 1_000, running: 0),
    ])
    let report = try count(kernel)
    #expect(report[.cycles] == .counted(value: 1_200, runningShare: 0.25))
    #expect(report[.cacheMisses] == .notCounted)
    let ratios = Dictionary(uniqueKeysWithValues: report.ratios.map { ($0.name, $0) })
    #expect(ratios["IPC"]?.value == 2)
    #expect(ratios["IPC"]?.runningShare == 0.25)
    #expect(ratios["cache miss ratio"] == nil)
    #expect(ratios["branch miss ratio"]?.value == 1)
  }

  @Test func `a machine without counters says so, and counts what the kernel does`() throws {
    let names = CountedEvent.allCases.filter { !$0.isSoftware }.map { ($0.rawValue, Int32(2)) }
    let report = try count(PaperKernel(errors: Dictionary(uniqueKeysWithValues: names)))
    for row in report.rows {
      #expect((row.state == .notSupported) == !row.event.isSoftware, "\(row.event)")
    }
    #expect(report[.cycles].reason == "not supported on this machine")
    #expect(report.ratios.isEmpty)
  }

  @Test func `a follower that is missing does not take its group along`() throws {
    let report = try count(PaperKernel(errors: ["cycles": 2, "branches": 95]))
    #expect(report[.cycles] == .notSupported && report[.branches] == .notSupported)
    #expect(report[.instructions].value == 1_000 && report[.branchMisses].value == 1_000)
  }

  @Test func `an event that does not fit into its group counts alone`() throws {
    let kernel = PaperKernel(groupLimit: 3)
    let report = try count(kernel)
    #expect(report[.branchMisses].value == 1_000)
    let call = kernel.calls.first { $0.event == "branch-misses" }
    #expect(call?.leader == -1)
  }

  @Test func `without the kernel's part, switches come from the books and migrations are refused`()
    throws
  {
    let kernel = PaperKernel(allowsKernel: false)
    let report = try count(kernel)
    #expect(report.excludesKernel)
    #expect(kernel.calls.allSatisfy { $0.excludesKernel })
    #expect(report[.contextSwitches] == .counted(value: 7, runningShare: 1))
    #expect(report.rows.first { $0.event == .contextSwitches }?.source?.contains("/proc") == true)
    #expect(report[.migrations].reason?.contains("perf_event_paranoid") == true)
    #expect(report[.cycles].value == 1_000)
  }

  @Test func `what is not permitted says why`() throws {
    let report = try count(PaperKernel(errors: ["*": 13]))
    #expect(report[.cycles] == .notPermitted(reason: "Permission denied"))
    #expect(report[.cycles].reason == "not permitted (Permission denied)")
  }

  @Test func `a thread that ends while it is opened counts nothing`() throws {
    let report = try count(PaperKernel(errors: ["instructions": 3]))
    #expect(report[.instructions] == .notCounted)
    #expect(report[.cycles].value == 1_000)
  }

  @Test func `too many open files and no such process are errors`() {
    #expect(throws: SamplingError.tooManyEvents) {
      try count(PaperKernel(errors: ["branches": 24]))
    }
    #expect(throws: SamplingError.noSuchProcess(100)) { try count(PaperKernel(tids: [])) }
  }

  @Test func `rates carry their units, and there are none without operations`() throws {
    let report = try count(PaperKernel(errors: ["cycles": 2]))
    let rates = report.perOperation(4, called: "search")
    #expect(rates.first { $0.event == .pageFaults }?.value == 250)
    #expect(rates.first { $0.event == .pageFaults }?.unit == "faults/search")
    #expect(rates.first { $0.event == .taskClock }?.unit == "ns/search")
    #expect(!rates.contains { $0.event == .cycles })
    #expect(report.perOperation(0, called: "search").isEmpty)
  }

  @Test func `a report goes through JSON unharmed`() throws {
    let kernel = PaperKernel(
      errors: ["branches": 2, "minor-faults": 13],
      readings: ["cache-misses": CounterReading(value: 0, enabled: 1_000, running: 0)])
    let report = try count(kernel)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(CounterReport.self, from: data) == report)
    let text = String(decoding: data, as: UTF8.self)
    for part in [#""state":"not_supported""#, #""state":"not_counted""#, #""event":"page-faults""#]
    {
      #expect(text.contains(part))
    }
  }

  // MARK: - Counting on paper

  private func count(
    _ kernel: PaperKernel, _ catalogue: EventCatalogue = EventCatalogue(devices: "/nowhere")
  ) throws -> CounterReport {
    let counters = try EventCounters(pid: 100, system: kernel, catalogue: catalogue)
    counters.start()
    return counters.stop()
  }

  private func topdownDevices() throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory("devices")
    var files = [
      "type": "4", "format/event": "config:0-7", "format/umask": "config:8-15",
      "events/slots": "event=0x00,umask=0x4",
    ]
    for (place, name) in ["retiring", "bad-spec", "fe-bound", "be-bound"].enumerated() {
      files["events/topdown-\(name)"] = "event=0x00,umask=0x8\(place)"
    }
    for (path, text) in files {
      let folders = path.split(separator: "/").dropLast()
      try FileSystem.makeDirectory(folder.file("cpu_core/" + folders.joined(separator: "/")))
      try FileSystem.replace(folder.file("cpu_core/\(path)"), with: Array("\(text)\n".utf8))
    }
    return folder
  }
}
