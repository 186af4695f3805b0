import Pprof
import Testing

@testable import ForeignProfiles

struct CollapsedTests {
  @Test func `equal stacks become one, in the order in which they came`() throws {
    let profile = try read("# a comment\nmain;b x;c 3\nmain;b x;c 4\r\n\nmain 1")
    #expect(profile.stacks == [["c", "b x", "main"], ["main"]])
    #expect(profile.samples.map(\.values) == [[7], [1]])
    #expect(profile.sampleTypes == [.init("samples", "count")])
  }

  @Test func `empty frames are passed over`() throws {
    #expect(try read(";main;;a; 2\n").stacks == [["a", "main"]])
  }

  @Test func `a line without a count is named by its number`() {
    let text = String(repeating: "a;b 1\n", count: 30) + "a;b\n"
    #expect(refusal(Array(text.utf8))?.contains("malformed in line 31 (byte 180)") == true)
  }

  @Test func `what is written as collapsed stacks reads as the same`() throws {
    let text = "main;a 3\nmain;b;c 4\n"
    #expect(
      String(decoding: CollapsedWriter.encode(try read(text), sampleIndex: 0), as: UTF8.self)
        == text)
  }

  @Test func `a name cannot break the form it is written in`() throws {
    var builder = ProfileBuilder(sampleTypes: [.init("samples", "count")])
    builder.add(stack: [.init(named: "a;b\nc 9"), .init(named: "")], values: [2])
    builder.add(stack: [.init(named: "gone")], values: [0])
    let text = CollapsedWriter.encode(builder.profile, sampleIndex: 0)
    #expect(String(decoding: text, as: UTF8.self) == "[unknown];a:b?c 9 2\n")
  }
}
