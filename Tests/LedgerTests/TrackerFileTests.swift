import Findings
import Testing

@testable import Ledger

/// Reads as the store does, without a disk.
enum TrackerParserDoor {
  static func parse(_ text: String) throws -> Tracker {
    try TrackerParser.parse(text, path: "tracker.txt")
  }
}

/// The file that people edit.
@Suite struct TrackerFileTests {
  private static let zeros = String(repeating: "0", count: 64)
  private static let ones = String(repeating: "1", count: 64)

  private static let whole = """
    vbench-tracker 1

    # what we owe
    item T1 Keep candidates in a bounded array
    state   done   2026-11-21
    asked Profiles/a C3 engine/insert Candidate heap: 7.7 %
    base Profiles/a sha256:\(zeros)
    # made on the quiet machine
    new "Profiles/b c" sha256:\(ones)
    claim capacity better +5.2% (+4.10% .. +6.30%)
    claim search.response.p99 worse +12.00% (+8.00% .. +16.00%)

    item T2 Later
    state deferred 2026-11-20
    reason changes the file format

    # the end
    """

  @Test func `what nobody changed is written as it was laid out`() throws {
    let tracker = try TrackerParserDoor.parse(Self.whole)
    #expect(tracker.fileText == Self.whole + "\n")
    #expect(try TrackerParserDoor.parse(tracker.fileText) == tracker)
  }

  @Test func `a changed item is written anew, and its neighbors are not`() throws {
    var tracker = try TrackerParserDoor.parse(Self.whole)
    _ = try tracker.reopen("T2", because: "the format changed anyway", on: "2026-11-22")
    let lines = tracker.fileText.split(separator: "\n").map(String.init)
    #expect(lines.contains("state   done   2026-11-21"))
    #expect(lines.contains("state pending 2026-11-22"))
    #expect(lines.contains("# the end") && lines.contains("# what we owe"))
    #expect(!lines.contains { $0.hasPrefix("reason") })
    #expect(try TrackerParserDoor.parse(tracker.fileText).items == tracker.items)
  }

  @Test func `every fact of an item is read`() throws {
    let item = try TrackerParserDoor.parse(Self.whole).items[0]
    let proof = try #require(item.proof)
    #expect(item.asked[0].key == FindingKey(rule: "C3", role: "engine", operation: "insert"))
    #expect(proof.new[0].path == "Profiles/b c")
    #expect(proof.claims[0].change.hundredths == 520 && proof.claims[1].verdict == .worse)
    #expect(proof.command == "vbench compare Profiles/a 'Profiles/b c'")
  }

  @Test(arguments: [
    ("state done 2026-11-21\n", 4, 1, "stands before any item"),
    ("item T1 One\nstate finished 2026-11-21\n", 5, 15, "a state is one of"),
    ("item T1 One\nstate pending 21.11.2026\n", 5, 25, "a day is written"),
    ("item T1 One\nstate pending 2026-11-21 now\n", 5, 26, "more on this line"),
    ("item T1 One\nstte pending 2026-11-21\n", 5, 1, "is none of"),
    ("item T01 One\n", 4, 9, "an item is called"), ("item One\n", 4, 9, "an item is called"),
    ("item T1\n", 4, 8, "the title is missing"), ("item T1 One\n", 4, 1, "T1 has no state"),
    ("item T1 One\nstate done 2026-11-21\n", 4, 1, "without base, new and claim"),
    ("item T1 One\nstate deferred 2026-11-21\n", 4, 1, "without a reason"),
    ("item T1 One\nstate pending 2026-11-21\nbase \"Profiles sha256:0\n", 6, 6, "no partner"),
    ("item T1 One\nstate pending 2026-11-21\nbase Profiles sha256:0\n", 6, 23, "hexadecimal"),
    ("item T1 One\nstate pending 2026-11-21\nclaim x better 3 (+1% .. +2%)\n", 6, 17, "percentage"),
    ("item T1 One\nstate pending 2026-11-21\nclaim x better +3% (+4% .. +2%)\n", 6, 32, "upside"),
    ("item T1 One\nstate pending 2026-11-21\n\nitem T1 Two\n", 7, 8, "two items T1"),
  ])
  func `a bad line is named with its line and column`(
    text: String, line: Int, column: Int, part: String
  ) {
    #expect {
      try TrackerParserDoor.parse("vbench-tracker 1\n\n# a comment\n" + text)
    } throws: { error in
      guard case .malformed(_, let problems) = error as? TrackerError,
        let first = problems.first(where: { $0.what.contains(part) })
      else {
        Issue.record("\(error)")
        return false
      }
      return first.line == line && first.column == column
    }
  }

  @Test func `every bad line is told, not only the first`() {
    #expect {
      try TrackerParserDoor.parse("vbench-tracker 1\nx\ny\nz\n")
    } throws: { "\($0)".contains("(and 2 more)") }
  }

  @Test(arguments: ["", "\n\n", "vbench-tracker 2\n", "# hello\n", "{}"])
  func `another kind of file is refused by its first line`(text: String) {
    #expect {
      try TrackerParserDoor.parse(text)
    } throws: { "\($0)".contains("begins with") }
  }

  @Test func `a file of another system's lines is read the same`() throws {
    let text = Self.whole.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    #expect(try TrackerParserDoor.parse(text).items == TrackerParserDoor.parse(Self.whole).items)
  }

  private static let hostile = [
    "a b", "\"", "\\", "x\ny", "\u{1B}[31m", "|", "</script>", "\u{202E}evil", "\u{301}", "é",
    "\u{200B}", "# no comment", "item T9 x", "🙂", "a\u{0}b", "\r\n", "`", "../..", "@you",
  ]

  @Test(arguments: hostile)
  func `a hostile name comes back as it was, and a sentence stays on its line`(name: String) throws
  {
    var tracker = Tracker()
    let key = FindingKey(rule: name, role: "r" + name, operation: name + "/op")
    _ = try tracker.add(
      "x" + name + "y", asked: .init(run: name, key: key, title: "t" + name), on: "2026-11-21")
    let again = try TrackerParserDoor.parse(tracker.fileText)
    #expect(again.items[0].asked[0].run == name)
    // A slash in a role would end it; roles are names of files and have none.
    if !name.contains("/") { #expect(again.items[0].asked[0].key == key) }
    #expect(again.items.count == 1)
    #expect(try TrackerParserDoor.parse(again.fileText) == again)
    #expect(again.items[0].title == TrackerText.sentence("x" + name + "y"))
  }

  @Test func `no mutation of a file crashes the parser, and what it reads it can write`() {
    var dice = SeededDice(2_026)
    let seed = Array(Self.whole.utf8)
    let pieces = ["item T1 ", "\"", "\\u{", "claim ", "sha256:", "+1%", "(", "\n", "\r", "\u{301}"]
    var read = 0
    for round in 0..<4_000 {
      var bytes = seed
      for _ in 0..<(1 + dice.below(6)) {
        let place = dice.below(bytes.count)
        switch dice.below(5) {
        case 0: bytes[place] = UInt8(dice.below(256))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: Array(pieces[dice.below(pieces.count)].utf8), at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + dice.below(40)))
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 60)], at: place)
        }
        if bytes.isEmpty { bytes = seed }
      }
      guard let tracker = try? TrackerParserDoor.parse(String(decoding: bytes, as: UTF8.self))
      else { continue }
      read += 1
      let again = try? TrackerParserDoor.parse(tracker.fileText)
      #expect(again?.items == tracker.items, "round \(round) of seed 2026")
    }
    #expect(read > 100, "mutations so wild that nothing is read test nothing")
  }

  @Test(arguments: [
    ("+5%", 500), ("-0.05%", -5), ("12.3%", 1_230), ("0.00%", 0), ("+231.20%", 23_120),
  ])
  func `a percentage is read to the hundredth`(text: String, hundredths: Int) {
    #expect(Percent(text)?.hundredths == hundredths)
  }

  @Test(arguments: ["5", "%", "+%", "1.234%", "1.%", ".5%", "--1%", "1e3%", "99999999999%", "٣%"])
  func `what is no percentage is refused`(text: String) { #expect(Percent(text) == nil) }
}

/// A generator whose seed stands in the failure.
struct SeededDice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, count)))
  }
}
