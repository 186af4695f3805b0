import Basics
import Testing

@testable import ForeignProfiles

/// cachegrind's file, as valgrind writes it and as it never would.
struct CachegrindTests {
  /// Two functions, one of them in two files, a point for a zero and a line that ends early.
  private static let small = """
    # a comment
    desc: I1 cache:         32768 B, 64 B, 8-way associative
    desc: D1 cache:         49152 B, 64 B, 12-way associative
    desc: LL cache:         33554432 B, 64 B, direct-mapped
    desc: something else
    cmd: ./program with words
    events: Ir Dr D1mr
    fl=/src/a.c
    fn=main
    12 100 20 3
    13 5
    fi=/src/b.h
    fn=$s1a1byyF
    7 40 . 2

    fl=/src/c.c
    fn=main
    0 1 1 1
    summary: 146 21 6

    """

  private func read(_ text: String) throws -> CachegrindFile {
    try CachegrindFile.read(Array(text.utf8))
  }

  private func refusal(_ text: String) -> String {
    do {
      _ = try read(text)
      return "read"
    } catch { return "\(error)" }
  }

  @Test func `a small file gives its events, its caches and the sums of its functions`() throws {
    let file = try read(Self.small)
    #expect(file.events == ["Ir", "Dr", "D1mr"])
    #expect(file.functions == ["main": [106, 21, 4], "$s1a1byyF": [40, 0, 2]])
    #expect(file.summary == [146, 21, 6])
    #expect(file.command == "./program with words")
    #expect(file.column("D1mr") == 2 && file.column("DLmr") == nil)
    let wanted = [
      CachegrindFile.Cache(name: "I1", bytes: 32_768, lineBytes: 64, ways: 8),
      CachegrindFile.Cache(name: "D1", bytes: 49_152, lineBytes: 64, ways: 12),
      CachegrindFile.Cache(name: "LL", bytes: 33_554_432, lineBytes: 64, ways: 1),
    ]
    #expect(file.caches == wanted)
  }

  @Test func `lines that do not add up to the summary are no whole file`() {
    let said = refusal(Self.small.replacing("146 21 6", with: "147 21 6"))
    #expect(said.contains("Ir adds up to 146 and the summary says 147"), "\(said)")
    #expect(refusal(Self.small.replacing("summary: 146 21 6\n", with: "")).contains("summary"))
  }

  @Test(
    arguments: [
      ("13 5", "13 5 5 5 5", "has 4 counts and there are 3 events"),
      ("13 5", "13 -5", "`-5` is no count"), ("13 5", "13 x", "`x` is no count"),
      ("13 5", "1x 5", "number of a source line is none"),
      ("13 5", "13 9223372036854775807", "too large to be added up"),
      ("13 5", "13 99999999999999999999", "is no count"),
      ("fl=/src/c.c", "fx=/src/c.c", "no line that cachegrind writes"),
      ("events: Ir Dr D1mr", "events: Ir Ir", "none, too many or not different"),
      ("events: Ir Dr D1mr\n", "", "counts stand before their events"),
      ("cmd: ./", "events: Ir\ncmd: ./", "named a second time"),
      ("146 21 6", "146 21 6\nfn=more", "stands behind the summary"),
    ])
  func `a damaged file is refused with its line`(part: String, by: String, wanted: String) {
    let said = refusal(Self.small.replacing(part, with: by))
    #expect(said.contains(wanted) && said.contains("line "), "\(said)")
  }

  @Test func `a file cut anywhere is refused, and bent bytes never trap`() {
    let bytes = Array(Self.small.utf8)
    // Without its line feed at the end it is whole, too; without a digit of the summary it is not.
    for count in 0..<(bytes.count - 1) {
      #expect(throws: ForeignError.self, "\(count)") {
        try CachegrindFile.read(Array(bytes[..<count]))
      }
    }
    var random = SeededRandom(17)
    for _ in 0..<2_000 {
      var bent = bytes
      for _ in 0..<(1 + random.below(5)) {
        bent[random.below(bent.count)] = UInt8(random.below(256))
      }
      if let file = try? CachegrindFile.read(bent) {
        #expect(file.summary.count == file.events.count)
      }
    }
  }

  @Test func `what is no file of cachegrind is said to be none`() {
    #expect(refusal("") == "is empty")
    #expect(refusal("# nothing\n").contains("no line that names cachegrind's events"))
  }
}
