import Findings
import Measurement
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// What the slow tail is made of, from sums that were counted around each operation.
@Suite struct SlowOperationTests {
  private static let millisecond: UInt64 = 1_000_000

  /// A thousand searches of a millisecond that compute, and some slow ones that wait for a lock.
  private func parts(slow: Int, lock: UInt64 = 15) -> ResponseParts {
    var parts = ResponseParts()
    for _ in 0..<1_000 {
      parts.add(.init(queue: 0, service: Self.millisecond, cpu: Self.millisecond))
    }
    for _ in 0..<slow {
      parts.add(
        .init(
          queue: 4 * Self.millisecond, service: 16 * Self.millisecond, cpu: Self.millisecond,
          lock: lock * Self.millisecond))
    }
    return parts
  }

  /// With the percentiles that a tail is told from.
  private func run() -> SyntheticRun {
    var run = SyntheticRun()
    run.set("search.service.p99", .seconds, 0.003, observations: 20_000)
    return run
  }

  private func tail(_ operations: [String: ResponseParts]) throws -> [Reading] {
    var folder = run().folder()
    let bytes = try ResponseFile(operations: operations).encoded()
    folder.responses = ResponseFile.decode(bytes)
    return try FindingsEngine.report(on: folder).latencyTail
  }

  @Test func `slow operations are told apart from the mean by what they waited for`() throws {
    let readings = try tail(["search": parts(slow: 20)])
    let text = try #require(
      readings.compactMap { reading -> String? in
        if case .told(let text) = reading { text.plain } else { nil }
      }.first { $0.contains("slowest") })
    #expect(text.contains("the slowest 2.0 % (20 of 1,020, from 18.9 ms on) take 20.0 ms each"))
    #expect(text.contains("wait for a lock 75.0 %, wait to begin 20.0 % and CPU 5.0 %"))
    #expect(text.contains("All together take 1.37 ms each: CPU 72.9 %, wait for a lock 21.4 %"))
    #expect(!readings.contains { if case .notEvaluable = $0 { true } else { false } })
  }

  @Test func `too few slow operations, and parts beyond their whole, are not told`() throws {
    func reasons(_ parts: ResponseParts) throws -> [String] {
      try tail(["insert": parts]).compactMap {
        if case .notEvaluable(let reason) = $0 { reason } else { nil }
      }
    }
    #expect(try reasons(parts(slow: 4)).first?.contains("so equally long") == true)
    var few = ResponseParts()
    for step in 1...9 { few.add(.init(queue: 0, service: UInt64(step) * Self.millisecond)) }
    #expect(try reasons(few).first?.hasPrefix("9 insert operations are too few") == true)
    #expect(try reasons(parts(slow: 20, lock: 40)).first?.contains("add up to more") == true)
  }

  @Test func `a run without the file says that slow operations are not told apart`() throws {
    let report = try run().report()
    #expect(
      report.latencyTail.contains {
        if case .notEvaluable(let reason) = $0 { reason.contains("not told apart") } else { false }
      })
  }

  @Test func `a file of another version, or none of ours, is as good as none`() throws {
    for text in ["{\"schema\":2,\"operations\":{}}", "[]", "{", "{\"schema\":1}"] {
      var folder = run().folder()
      folder.responses = ResponseFile.decode(Array(text.utf8))
      let report = try FindingsEngine.report(on: folder)
      #expect(report.latencyTail == (try run().report()).latencyTail, "\(text)")
    }
  }

  @Test func `operations of no kind that is known are left out`() throws {
    let readings = try tail(["<script>": parts(slow: 20), "search": parts(slow: 20)])
    #expect(!"\(readings)".contains("script"))
  }
}
