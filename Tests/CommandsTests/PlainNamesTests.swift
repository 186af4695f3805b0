import Pprof
import Testing

@testable import Commands

struct PlainNamesTests {
  @Test func `the linker's names are taken apart where a profile has nothing else`() {
    let mangled = "$s6Basics5ClockO3nows6UInt64VyFZ"
    var profile = Profile()
    profile.functions = [
      .init(name: mangled, systemName: mangled), .init(name: "main.run", systemName: "main.run"),
      .init(name: "given", systemName: mangled), .init(name: mangled, systemName: ""),
    ]
    let names = PlainNames.of(profile).functions
    #expect(names[0].name == "Basics.Clock.now" && names[0].systemName == mangled)
    // As pprof does: what somebody named, or left without the linker's name, stays.
    #expect(names.dropFirst().map(\.name) == ["main.run", "given", mangled])
  }
}
