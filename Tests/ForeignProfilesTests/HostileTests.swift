import Basics
import Pprof
import Testing

@testable import ForeignProfiles

/// Every reader answers whatever it is given; none of them traps.
struct HostileTests {
  private static let names = Fixture.formats.map(\.name)

  private static let reports = [
    "perf_stat.txt", "perf_stat.csv", "perf_stat_runs.csv", "perf_stat.json", "go_bench.txt",
    "heaptrack_print.txt",
  ]

  /// Small enough to be cut at every byte.
  private func small(_ name: String) throws -> [UInt8] {
    Array(try Fixture.bytes(name).prefix(2_500))
  }

  @Test(arguments: names)
  func `a file cut anywhere is an error or a smaller profile`(name: String) throws {
    let bytes = try Fixture.bytes(name)
    for count in 0..<min(bytes.count, 1_000) { _ = refusal(Array(bytes[..<count])) }
    // Ends hold other things than beginnings: maps, features, the last record.
    var random = SeededRandom(11)
    for _ in 0..<100 { _ = refusal(Array(bytes[..<random.below(bytes.count)])) }
  }

  @Test(arguments: names, [5, 6] as [UInt64])
  func `bent bytes never trap`(name: String, seed: UInt64) throws {
    let good = try Fixture.bytes(name)
    var random = SeededRandom(seed)
    for _ in 0..<(good.count > 10_000 ? 150 : 500) {
      var bytes = good
      for _ in 0..<(1 + random.below(6)) { bend(&bytes, &random) }
      _ = refusal(bytes)
    }
  }

  /// Headers decide most, so half of the damage is done to the first kilobyte.
  private func bend(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    let reach = random.below(2) == 0 ? min(bytes.count, 1_024) : bytes.count
    let position = random.below(reach)
    switch random.below(5) {
    case 0: bytes[position] = UInt8(random.below(256))
    case 1: bytes[position] ^= 1 << UInt8(random.below(8))
    case 2: bytes[position] = [0xFF, 0x00, 0x7F, 0x80, 0x40][random.below(5)]
    case 3: bytes.removeSubrange(position..<min(bytes.count, position + 1 + random.below(9)))
    default:
      for index in position..<min(bytes.count, position + 8) { bytes[index] = 0xFF }
    }
    if bytes.isEmpty { bytes = [0] }
  }

  @Test(arguments: reports)
  func `bent reports never trap`(name: String) throws {
    let good = try Fixture.bytes(name)
    var random = SeededRandom(9)
    for _ in 0..<400 {
      var bytes = good
      for _ in 0..<(1 + random.below(6)) { bend(&bytes, &random) }
      _ = refusal(bytes)
      _ = try? PerfStatReport.read(bytes)
      _ = try? GoBenchmarks.read(bytes)
      _ = try? HeaptrackSummary.read(bytes)
    }
  }

  @Test func `lines made of the right words in the wrong order never trap`() {
    let words = [
      "a", "12", "12/13", "[001]", "1.5:", "cycles:", ":", "::", "\t", " ", "\n", "\n\n", "0x10",
      "(", ")", "(inlined)", "(/bin/x)", "@", "#", ";", "+0x", "-", "9223372036854775807",
      "-9223372036854775808", "99999999999999999999", "heap profile:", "[", "]", "heap_v2/",
      "goroutine profile: total ", "--- mutex:", "=", "MAPPED_LIBRARIES:", "1-2 r-xp 0 0:0 1 /x",
      "ffffffffffffffff-0 r-xp", "t*:", "1: 2 [3: 4] @", "0xffffffffffffffff", "\r", "é", "\u{1B}",
    ]
    var random = SeededRandom(3)
    let starts = [
      "", "heap profile: 1: 2 [3: 4] @ heap/2\n", "heap_v2/2\n", "goroutine profile: total 3\n",
      "--- contention:\n", "a 1 1.5: 7 cycles: \n", "a;b 1\n",
    ]
    for round in 0..<6_000 {
      let start = starts[round % starts.count]
      let text = (0..<random.below(40)).map { _ in words[random.below(words.count)] }
        .joined(separator: random.below(2) == 0 ? " " : "")
      _ = refusal(Array((start + text).utf8))
    }
  }

  @Test func `numbers at the edge saturate`() throws {
    let big = Int64.max
    #expect(try read("a \(big)\na \(big)\n").samples[0].values == [big])
    let script = "a 1 2.0: \(big) cycles: \n\t1 f (x)\n\n"
    #expect(try read(script + script).samples[0].values == [2, big])
    let heap = "heap profile: 1: 1 [0: 0] @ heap/1048576\n\(big): \(big) [0: 0] @ 0x1\n"
    #expect(try read(heap).samples[0].values == [big, big])
  }
}
