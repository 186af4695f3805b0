import Foundation
import Ledger
import Testing

/// The linter finds what others got wrong, and is silent where they would have been right.
@Suite struct LintTests {
  private static let reports = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Reports")

  @Test(arguments: ClaimCase.all)
  func `a claim that others made is found, and its right twins are not`(test: ClaimCase) {
    let found = ClaimBook.faults(in: test.wrong).map(\.check)
    #expect(found.contains(test.check), "found \(found) in:\n\(test.wrong)")
    for twin in test.right {
      let faults = ClaimBook.faults(in: twin).filter { $0.check == test.check }
      #expect(faults.isEmpty, "\(faults) in:\n\(twin)")
    }
  }

  @Test func `every check has a claim that it finds`() {
    let tested = Set(ClaimCase.all.map(\.check))
    #expect(Set(ClaimBook.checks.map(\.id)) == tested)
    #expect(ClaimBook.checks.count == tested.count, "two checks of one name")
  }

  @Test func `our own reports make no such claim`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.reports.path)
      .filter { $0.hasSuffix(".md") }
    #expect(names.contains("example.md"))
    for name in names {
      let text = try String(contentsOf: Self.reports.appending(path: name), encoding: .utf8)
      let faults = ClaimBook.faults(in: text)
      #expect(faults.isEmpty, "\(name): \(faults)")
    }
  }

  @Test func `a fault stands where its words do`() throws {
    let text = "one\n\nStored:  0.68 MB = 696 KB here\n"
    let fault = try #require(ClaimBook.faults(in: text).first)
    #expect(fault.line == 3 && fault.column == 20 && fault.text == "696 KB")
  }

  @Test(arguments: [
    "Run 12:30 on 2026-11-21 took version 6.3.1 of p99 i9-13900KF", "T1 and v2 and #17 and a_1",
    "1.2.3.4", "| a | b |", "```\n└─\n```", "%", "- [x]", "## Done", "~", "|---|", "5 /", "(1 / 2)",
  ])
  func `what is no claim is none`(text: String) {
    #expect(ClaimBook.faults(in: text).filter { $0.check != "evidence.done" }.isEmpty)
  }

  @Test func `no mutation of a document crashes the linter`() throws {
    var dice = SeededDice(7)
    let seed = Array(ClaimCase.all.map(\.wrong).joined(separator: "\n\n").utf8)
    for _ in 0..<60 {
      var bytes = seed
      for _ in 0..<20 {
        let place = dice.below(bytes.count)
        switch dice.below(3) {
        case 0: bytes[place] = UInt8(dice.below(256))
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + dice.below(50)))
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 80)], at: place)
        }
      }
      let faults = ClaimBook.faults(in: String(decoding: bytes, as: UTF8.self))
      #expect(faults.allSatisfy { $0.line > 0 && $0.column > 0 })
    }
  }
}
