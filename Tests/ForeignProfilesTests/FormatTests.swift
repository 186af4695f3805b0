import Basics
import Pprof
import Testing

@testable import ForeignProfiles

struct FormatTests {
  @Test(arguments: Fixture.formats.map(\.name), [false, true])
  func `the content tells the format, gzipped or not`(name: String, isCompressed: Bool) throws {
    let bytes = try Fixture.bytes(name)
    let (format, profile) = try ForeignProfile.read(
      isCompressed && !Zlib.looksLikeGzip(bytes) ? Zlib.gzip(bytes) : bytes, name: name)
    #expect(format == Fixture.formats.first { $0.name == name }?.format)
    #expect(!profile.samples.isEmpty)
    #expect(try ProfileReader.read(ProfileWriter.encode(profile)) == profile)
  }

  @Test func `text may come in several gzip members and behind a byte-order mark`() throws {
    let members = Zlib.gzip(Array("main;a 1\nmain;".utf8)) + Zlib.gzip(Array("b 2\n".utf8))
    let profile = try ForeignProfile.read(members, name: "x").profile
    #expect(profile.stacks == [["a", "main"], ["b", "main"]])
    #expect(try read("\u{FEFF}main;a 1\n").stacks == [["a", "main"]])
  }

  @Test(arguments: [
    ("", "is empty"), ("\n\n", "blank lines"),
    ("hello, world\n", "neither collapsed stacks"), ("{\"a\": 1}", "JSON"),
    ("\u{7F}ELF\u{2}\u{1}", "program (ELF)"), ("\0\0\0\0\0\0\0\0", "zeros"),
    ("\u{1}\u{2}\u{3}", "malformed"),
  ])
  func `what is no profile is called what it is`(text: String, words: String) {
    #expect(
      refusal(Array(text.utf8))?.contains(words) == true, "\(refusal(Array(text.utf8)) ?? "")")
  }

  @Test func `UTF-16 is named, with the command that helps`() {
    let letters = Array("main;a 1\n".utf8)
    let wide: [UInt8] = [0xFF, 0xFE] + letters.flatMap { [$0, 0] }
    #expect(refusal(wide)?.contains("iconv") == true)
  }

  @Test(arguments: [
    "perf_stat.txt", "perf_stat.csv", "perf_stat.json", "go_bench.txt", "heaptrack_print.txt",
  ])
  func `a report is told from a profile`(name: String) throws {
    #expect(refusal(try Fixture.bytes(name))?.contains("no profile that vbench knows") == true)
  }

  @Test func `a damaged gzip file says so`() throws {
    let bytes = Zlib.gzip(try Fixture.bytes("perf_script.txt"))
    #expect(refusal(Array(bytes.dropLast(300)))?.contains("damaged gzip") == true)
  }

  @Test func `a bomb of text is refused by its size`() {
    let bomb = Zlib.gzip(Array(repeatElement(Array("main;a 1\n".utf8), count: 1 << 20).joined()))
    var limits = ProfileLimits()
    limits.freeBytes = 1 << 20
    #expect(refusal(bomb, limits: limits)?.contains("--max-bytes") == true)
  }

  @Test func `limits hold for stacks, samples, names and memory`() {
    var limits = ProfileLimits()
    (limits.stackDepth, limits.samples, limits.stringBytes) = (3, 2, 5)
    func refusal(_ text: String) -> String? {
      ForeignProfilesTests.refusal(Array(text.utf8), limits: limits)
    }
    #expect(refusal("a;b;c;d 1\n")?.contains("3 frames in one stack in line 1") == true)
    #expect(refusal("a 1\na 1\na 1\n")?.contains("2 samples in line 3 (byte 8)") == true)
    #expect(refusal("abcdef 1\n")?.contains("5 bytes in one name") == true)
    limits = ProfileLimits()
    limits.memoryPerByte = 0
    let many = (0..<200_000).map { "f\($0) 1\n" }.joined()
    #expect(refusal(many)?.contains("--max-memory") == true)
  }
}
