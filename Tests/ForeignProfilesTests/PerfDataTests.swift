import Pprof
import Testing

@testable import ForeignProfiles

struct PerfDataTests {
  @Test func `the file and perf's own text of it agree on every number`() throws {
    let data = try Fixture.profile("perf.data")
    let script = try Fixture.profile("perf_script.txt")
    #expect(data.sampleTypes == script.sampleTypes)
    for type in data.sampleTypes.map(\.type) {
      #expect(data.total(type) == script.total(type), "\(type)")
    }
    #expect(data.period == script.period)
    // The text has microseconds.
    #expect(abs(data.durationNanoseconds - script.durationNanoseconds) < 2_000)
    let depths = [data, script].map { profile in
      profile.samples.reduce(0) { $0 + $1.locations.count * Int($1.values.reduce(0, +)) }
    }
    #expect(depths[0] == depths[1], "frames, weighed by what their samples count")
  }

  @Test func `threads, files and build ids are those of the text`() throws {
    let data = try Fixture.profile("perf.data")
    let script = try Fixture.profile("perf_script.txt")
    func threads(_ profile: Profile) -> [String: Int64] {
      profile.samples.reduce(into: [:]) {
        $0[$1.label("thread") ?? "", default: 0] += $1.values[profile.index("cpu")]
      }
    }
    #expect(threads(data) == threads(script))
    #expect(threads(data).keys.contains("side thread"))
    #expect(data.mappings[0].filename.hasSuffix("/deep"))
    #expect(data.mappings[0].buildID.count == 40)
  }

  @Test func `an address is its file and offset, unless the caller can name it`() throws {
    let bytes = try Fixture.bytes("perf.data")
    let plain = try ForeignProfile.read(bytes, name: "x").profile
    #expect(plain.flat("cpu").keys.contains { $0.hasPrefix("deep+0x12") })
    let naming = AddressNaming(
      user: { place in
        guard place.path.hasSuffix("/deep"), place.buildID.count == 40 else { return [] }
        let name = (0x1240..<0x1270).contains(place.fileOffset) ? "two" : "other"
        return [(Profile.Function(name: name), 7)]
      }, kernel: { _ in "kernel_function" })
    let named = try ForeignProfile.read(bytes, name: "x", naming: naming).profile
    #expect(named.flat("cpu")["two"] == 461_538_378)
    #expect((named.flat("cpu")["kernel_function"] ?? 0) > 0)
    #expect(named.total("cpu") == plain.total("cpu"))
  }

  @Test func `a file from a pipe has its events and build ids among its records`() throws {
    let profile = try Fixture.profile("perf_piped.data")
    #expect(
      profile.sampleTypes.map(\.type).sorted()
        == ["cpu", "cpu-clock.samples", "page-faults", "page-faults.samples"])
    #expect(profile.mappings[0].filename.hasSuffix("/deep"))
    #expect(profile.total("cpu") > 400_000_000)
  }

  @Test func `compressed records are refused in one sentence that helps`() throws {
    let sentence = try refusal(Fixture.bytes("perf_compressed.data"))
    #expect(sentence?.contains("compressed records") == true)
    #expect(sentence?.contains("perf script") == true)
  }

  @Test func `a recording cut short says so`() throws {
    let bytes = try Fixture.bytes("perf.data")
    #expect(refusal(Array(bytes.prefix(9_000)))?.contains("cut short") == true)
  }

  @Test func `a new mapping covers what lay there before`() throws {
    var maps = ProcessMaps()
    var budget = Budget(.perfData, limits: .standard, inputBytes: 1_000)
    func map(_ start: UInt64, _ length: UInt64, _ path: String, offset: UInt64 = 0) throws {
      try maps.map(
        (start, length, offset), .init(path: path, buildID: ""), in: 1, &budget, at: 0)
    }
    func path(_ address: UInt64) -> String? {
      maps.region(address, in: 1).map {
        "\(maps.files[Int($0.file)].path)+\(address - $0.start + $0.fileOffset)"
      }
    }
    try map(100, 100, "a")
    try map(140, 20, "b", offset: 5)
    let addresses: [UInt64] = [99, 100, 139, 140, 159, 160, 199, 200]
    let paths: [String?] = [nil, "a+0", "a+39", "b+5", "b+24", "a+60", "a+99", nil]
    #expect(addresses.map { path($0) } == paths)
    try map(90, 200, "c")
    let covered: [String?] = [nil, "c+0", "c+60", "c+199", nil]
    #expect(([89, 90, 150, 289, 290] as [UInt64]).map { path($0) } == covered)
    try maps.fork(2, from: 1, &budget, at: 0)
    maps.execute(1)
    #expect(path(150) == nil)
    #expect(maps.region(150, in: 2) != nil)
  }
}
