import Pprof
import Testing

@testable import ForeignProfiles

struct PerfScriptTests {
  @Test func `names with blanks, several events and both numbers are understood`() throws {
    let profile = try read(
      """
      side thread 27093/27094 [001] 27629.725379:    3344481   cpu-clock:ppp: \n\
      \t            1260 two(double)+0x20 (/tmp/my program (deleted))
      \t    7f1bae8f2ad7 [unknown] ([unknown])

      side thread 27093/27094 [001] 27629.825379:         11 page-faults: \n\
      \tffffffff81752b6a elf_load+0x28a ([kernel.kallsyms])
      \t             abc [unknown] (/usr/lib/libfoo.so.1)

      """)
    #expect(
      profile.stacks == [["two(double)", "[unknown]"], ["elf_load", "[libfoo.so.1]"]])
    #expect(
      profile.sampleTypes.map(\.type) == [
        "cpu-clock.samples", "cpu", "page-faults.samples", "page-faults",
      ])
    #expect(profile.samples.map(\.values) == [[1, 3_344_481, 0, 0], [0, 0, 1, 11]])
    #expect(
      profile.samples[0].labels == [
        .init("thread", "side thread"), .init("pid", number: 27_093), .init("tid", number: 27_094),
      ])
    #expect(profile.mappings[0].filename == "/tmp/my program (deleted)")
    #expect(profile.defaultSampleType == "cpu")
    #expect(profile.durationNanoseconds == 100_000_000)
  }

  @Test func `inlined functions and their caller are one place`() throws {
    let profile = try read(
      """
      a 1 2.0: 10 cycles:\u{20}
      \t 16186 inner+0xaf6 (inlined)
      \t 16186 middle const (inlined)
      \t 16186 outer+0x33 (/bin/a)
      \t 1bccb last+0x5 (inlined)

      """)
    #expect(profile.samples[0].locations.count == 2)
    #expect(profile.stacks == [["inner", "middle const", "outer", "last"]])
  }

  @Test func `without -g the frame stands behind the event`() throws {
    let profile = try read(
      "   deep 21654 29800.261867:  250000 cpu-clock:ppp:   7f09c8d1f69e amd+0x7e (/lib/ld.so.2)\n"
        + "   deep 21654 29800.262867:  250000 cpu-clock:ppp:   7f09c8d1f69e amd+0x7e (/lib/ld.so.2)\n"
    )
    #expect(profile.stacks == [["amd"]])
    #expect(profile.samples[0].values == [2, 500_000])
    #expect(profile.period == 250_000)
  }

  @Test func `a tracepoint's fields are no frames, and its colon is no modifier`() throws {
    let profile = try read(
      """
      deep 21754 [001] 29807.398137: sched:sched_switch: prev_comm=deep prev_pid=21754 ==> x
      \tffffffff821f8298 __schedule+0x618 ([kernel.kallsyms])

      deep 21754 [001] 29807.398137: sched:sched_switch: prev_comm=deep

      """)
    #expect(profile.sampleTypes.map(\.type) == ["samples"])
    #expect(profile.periodType == .init("samples", "count"))
    #expect(profile.stacks == [["__schedule"], ["[no stack]"]])
  }

  @Test func `source lines between frames are passed over`() throws {
    let profile = try read(
      "a 1 2.0: 10 cycles: \n\t 1 f+0x1 (/bin/a)\n  main.c:12\n\t 2 g+0x2 (/bin/a)\n  main.c:9\n\n")
    #expect(profile.stacks == [["f", "g"]])
  }

  @Test func `the names of a line are told from its numbers`() throws {
    let profile = try read("1 2 3 4/5 [000] 1.5: 7 cycles:uk: \n\t1 f ([unknown])\n\n")
    #expect(profile.samples[0].label("thread") == "1 2 3")
    #expect(profile.sampleTypes[1] == .init("cycles", "count"))
  }

  @Test func `a line that fits nothing is named`() {
    let text = "a 1 2.0: 10 cycles: \n\t 1 f+0x1 (/bin/a)\n\nnonsense\n"
    #expect(refusal(Array(text.utf8))?.contains("line 4 (byte 41)") == true)
  }

  @Test func `a real recording keeps every nanosecond and every fault`() throws {
    let profile = try Fixture.profile("perf_script.txt")
    #expect(profile.total("cpu") == 498_327_669)
    #expect(profile.total("page-faults") == 25_569)
    #expect(profile.mappings[0].filename.hasSuffix("/deep"))
  }
}
