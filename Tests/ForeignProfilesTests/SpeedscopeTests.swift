import Pprof
import Testing

@testable import ForeignProfiles

struct SpeedscopeTests {
  @Test func `what is written reads as the same stacks, weighed by the chosen type`() throws {
    let profile = try Fixture.profile("go_block.txt")
    let bytes = try SpeedscopeWriter.encode(profile, name: "block")
    let (format, back) = try ForeignProfile.read(bytes, name: "block")
    #expect(format == .speedscope)
    #expect(back.stacks == profile.stacks)
    #expect(back.samples.map(\.values) == profile.samples.map { [$0.values[1]] })
    #expect(back.sampleTypes == [.init("time", "nanoseconds")])
  }

  @Test func `profiles of several units do not add up`() {
    let text = """
      {"$schema": "https://www.speedscope.app/file-format-schema.json", "shared": {"frames": []},
       "profiles": [
         {"type": "sampled", "name": "a", "unit": "bytes", "samples": [], "weights": []},
         {"type": "sampled", "name": "b", "unit": "none", "samples": [], "weights": []}]}
      """
    #expect(refusal(Array(text.utf8))?.contains("several units") == true)
  }

  private func evented(_ events: String) -> String {
    """
    {"$schema": "https://www.speedscope.app/file-format-schema.json",
     "shared": {"frames": [{"name": "a"}, {"name": "b", "file": "b.c", "line": 4}]},
     "profiles": [{"type": "evented", "name": "t", "unit": "milliseconds", "startValue": 0,
       "endValue": 9, "events": [\(events)]}]}
    """
  }

  @Test func `time between two events belongs to the stack that is open`() throws {
    let profile = try read(
      evented(
        """
        {"type": "O", "frame": 0, "at": 0}, {"type": "O", "frame": 1, "at": 2},
        {"type": "C", "frame": 1, "at": 5}, {"type": "C", "frame": 0, "at": 9}
        """))
    #expect(profile.stacks == [["a"], ["b", "a"]])
    #expect(profile.samples.map(\.values) == [[6_000_000], [3_000_000]])
  }

  @Test func `frames that do not exist and close out of order are refused`() {
    let unknown = evented(
      "{\"type\": \"O\", \"frame\": 7, \"at\": 0}, {\"type\": \"C\", \"frame\": 7, \"at\": 1}")
    #expect(refusal(Array(unknown.utf8))?.contains("no frame 7") == true)
    let open = evented("{\"type\": \"C\", \"frame\": 0, \"at\": 0}")
    #expect(refusal(Array(open.utf8))?.contains("is not the last") == true)
  }

  @Test func `deep JSON is an error, not a crash`() {
    let deep = "{\"activeProfileIndex\": " + String(repeating: "[", count: 200_000)
    #expect(refusal(Array(deep.utf8))?.contains("not valid JSON") == true)
  }
}
