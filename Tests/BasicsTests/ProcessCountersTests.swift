import Basics
import Foundation
import Testing

struct ProcessCountersTests {
  private func counters(_ values: [String: Int]) throws -> ProcessCounters {
    let json = ["values": values, "peakResidentBytes": 5] as [String: Any]
    return try JSONDecoder().decode(
      ProcessCounters.self, from: JSONSerialization.data(withJSONObject: json))
  }

  @Test func `what happened is the difference, counter by counter`() throws {
    let (before, after) = (try counters(["a": 3, "b": 7]), try counters(["a": 10, "b": 7]))
    #expect(after.since(before).values == ["a": 7, "b": 0])
  }

  @Test func `a counter that wrapped, or was not there before, says nothing`() throws {
    let before = try counters(["wrapped": .max - 2, "kept": .min])
    let after = try counters(["wrapped": 4, "kept": .min, "new": 9])
    #expect(after.since(before).values == ["kept": 0])
  }

  @Test func `sums beyond two to the sixty-third stop there`() throws {
    var sum = try counters(["a": .max - 1, "b": 1])
    sum += try counters(["a": 5, "c": 2])
    #expect(sum.values == ["a": .max, "b": 1, "c": 2])
  }

  @Test func `this process has counters, and they do not fall`() {
    let before = ProcessCounters.now()
    let after = ProcessCounters.now()
    #expect(before.values["page_faults_minor"] != nil)
    #expect(Set(after.since(before).values.keys) == Set(before.values.keys))
  }
}
