import Basics
import TestSupport
import Testing

@testable import Sampling

struct EventNameTests {
  @Test(arguments: [
    ("cycles", 0, 0), ("cpu-cycles", 0, 0), ("instructions", 0, 1), ("cache-misses", 0, 3),
    ("branches", 0, 4), ("stalled-cycles-backend", 0, 8), ("page-faults", 1, 2), ("faults", 1, 2),
    ("minor-faults", 1, 5), ("major-faults", 1, 6), ("cs", 1, 3), ("migrations", 1, 4),
    ("task-clock", 1, 1), ("L1-dcache-loads", 3, 0), ("L1-dcache-load-misses", 3, 0x1_0000),
    ("L1-dcache-stores", 3, 0x100), ("LLC-load-misses", 3, 0x1_0002),
    ("LLC-prefetches", 3, 0x202), ("dTLB-load-misses", 3, 0x1_0003),
    ("iTLB-load-misses", 3, 0x1_0004), ("branch-load-misses", 3, 0x1_0005), ("r01c2", 4, 0x01c2),
    ("rFFFFFFFFFFFFFFFF", 4, UInt64.max),
  ])
  func `a name is a type and a number`(name: String, type: UInt32, config: UInt64) throws {
    let event = try EventName(name, on: catalogue())
    #expect(event.type == type && event.config == config)
    #expect(!event.excludesUser && !event.excludesKernel)
  }

  @Test func `modifiers leave out the other side`() throws {
    let user = try EventName("cycles:u", on: catalogue())
    #expect(user.excludesKernel && !user.excludesUser && user.config == 0)
    let kernel = try EventName("r1a8:k", on: catalogue())
    #expect(kernel.excludesUser && !kernel.excludesKernel && kernel.config == 0x1a8)
    let both = try EventName("page-faults:uk", on: catalogue())
    #expect(!both.excludesUser && !both.excludesKernel)
  }

  @Test func `a tracepoint is looked up by its group and name`() throws {
    let event = try EventName("sched:sched_switch", on: catalogue())
    #expect(event.type == 2 && event.config == 318)
    #expect(sentence("sched:nothing").contains("may not be read"))
    #expect(sentence("../sched:sched_switch").contains("tracepoint"))
    #expect(sentence("a:b:c").contains("tracepoint"))
  }

  @Test func `the terms of a device lie in the bits that it says`() throws {
    let folder = try device()
    let here = EventCatalogue(devices: folder.path, tracepointNumber: { _ in nil })
    let plain = try EventName("cpu/event=0x3c,umask=0x00/", on: here)
    #expect(plain.type == 4 && plain.config == 0x3c)
    let full = try EventName("cpu/event=0x1a8,umask=2,inv,ldlat=0x30/u", on: here)
    #expect(full.config == 0xa8 | 0x02 << 8 | 1 << 23 | 0x1 << 32)
    #expect(full.config1 == 0x30 && full.excludesKernel)
    let named = try EventName("cpu/slots/", on: here)
    #expect(named.config == 0x400)
    #expect(try EventName("cpu/config=0x1234/", on: here).config == 0x1234)
  }

  @Test func `what a device does not know is said with what it knows`() throws {
    let folder = try device()
    let here = EventCatalogue(devices: folder.path, tracepointNumber: { _ in nil })
    func sentence(_ name: String) -> String {
      do {
        _ = try EventName(name, on: here)
        return ""
      } catch { return "\(error)" }
    }
    #expect(sentence("gpu/event=1/") == "This machine has no event device “gpu”; it has cpu.")
    #expect(
      sentence("cpu/evnt=1/")
        == "The device “cpu” does not know “evnt”; it knows event, inv, ldlat, slots, umask.")
    #expect(sentence("cpu/umask=0x100/").contains("a number that fits"))
    #expect(sentence("cpu/umask=many/").contains("a number that fits"))
    #expect(sentence("../event=1/").contains("no event device"))
    #expect(sentence("cpu/../../secret/").contains("no event"))
  }

  @Test(arguments: [
    ("cache-mises", "did you mean cache-misses?"), ("pagefaults", "did you mean page-faults?"),
    ("L1-dcache-load-miss", "did you mean L1-dcache-load-misses?"),
    ("cpu/event=0x3c/", "no event device"), ("Cycles", "did you mean cycles?"),
    ("quux-zzzzzzzz", "known are cycles, instructions"),
    ("", "known are cycles"), ("r", "“r”"), ("cycles:x", "may stand u (user) and k (kernel)"),
    (String(repeating: "x", count: 10_000), "known are cycles"),
  ])
  func `a wrong name is answered with what there is`(name: String, part: String) {
    #expect(sentence(name).contains(part))
  }

  // MARK: - A machine of paper

  private func sentence(_ name: String) -> String {
    do {
      _ = try EventName(name, on: catalogue())
      return ""
    } catch { return "\(error)" }
  }

  private func catalogue() -> EventCatalogue {
    EventCatalogue(devices: "/nowhere") { $0 == "sched/sched_switch" ? 318 : nil }
  }

  private func device() throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory("devices")
    for (path, text) in [
      "type": "4\n", "format/event": "config:0-7,32-35\n", "format/umask": "config:8-15\n",
      "format/inv": "config:23\n", "format/ldlat": "config1:0-15\n",
      "events/slots": "event=0x00,umask=0x4\n", "events/slots.unit": "x\n",
    ] {
      let target = folder.file("cpu/\(path)")
      try FileSystem.makeDirectory(
        String(target[..<(target.lastIndex(of: "/") ?? target.endIndex)]))
      try FileSystem.replace(target, with: Array(text.utf8))
    }
    return folder
  }
}
