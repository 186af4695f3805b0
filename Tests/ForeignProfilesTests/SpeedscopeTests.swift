import Pprof
import Testing

@testable import ForeignProfiles

struct SpeedscopeTests {
  @Test func `what is written reads as the same stacks and weights`() throws {
    let profile = try Fixture.profile("go_mutex.txt")
    let bytes = try SpeedscopeWriter.encode(profile, name: "mutex")
    #expect(refusal(bytes)?.contains("several units") == true)
    var one = profile
    one.sampleTypes = [profile.sampleTypes[1]]
    one.samples = profile.samples.map { .init(locations: $0.locations, values: [$0.values[1]]) }
    let back = try ForeignProfile.read(SpeedscopeWriter.encode(one, name: "m"), name: "m")
    #expect(back.format == .speedscope)
    #expect(back.profile.stacks == one.stacks)
    #expect(back.profile.samples.map(\.values) == one.samples.map(\.values))
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
