import Measurement
import TestSupport
import Testing

@testable import Harness

struct MicroSamplingTests {
  /// Work whose time is said and not taken, so that the numbers are known.
  private static func made(
    _ name: String, _ variant: String? = nil, nanoseconds: UInt64, largest: Int = 1 << 20
  ) -> MicroBenchmark {
    MicroBenchmark(name, variant: variant, "nothing", largestBatch: largest) { _ in
      { operations, _ in
        MicroBatch(nanoseconds: nanoseconds * UInt64(operations), checksum: UInt64(operations))
      }
    }
  }

  private func run(_ benchmarks: [MicroBenchmark], samples: Int = 21) throws
    -> [MicroSampling.Result]
  {
    let folder = try TemporaryDirectory("micro")
    let fixture = MicroFixture(dimensions: 4, rows: 100, folder: folder.path, seed: 1)
    return try MicroSampling(samples: samples, seed: 1).run(benchmarks, fixture)
  }

  @Test
  func `a batch grows until it lasts as long as a sample should, and no further than allowed`()
    throws
  {
    let results = try run([
      Self.made("quick", nanoseconds: 100), Self.made("held", nanoseconds: 100, largest: 64),
    ])
    #expect(results[0].operationsPerSample == 16_384, "the first power of two beyond 1 ms")
    #expect(results[1].operationsPerSample == 64)
    for result in results {
      #expect(result.seconds.count == 21)
      #expect(abs(result.seconds.value - 100e-9) < 1e-15)
    }
  }

  @Test func `a ratio is to the first variant of the name`() throws {
    let results = try run([
      Self.made("a", "plain", nanoseconds: 400), Self.made("a", "wide", nanoseconds: 100),
      Self.made("b", nanoseconds: 7),
    ])
    #expect(results[0].ratio == nil)
    #expect(results[1].ratio?.value == 0.25)
    #expect(results[1].ratio?.interval?.low == 0.25)
    #expect(results[2].ratio == nil)
  }

  @Test func `every part of the catalogue does its work and depends on it`() throws {
    let folder = try TemporaryDirectory("micro")
    let fixture = MicroFixture(dimensions: 24, rows: 1_000, folder: folder.path, seed: 3)
    for benchmark in MicroCatalogue.benchmarks {
      let body = try benchmark.make(fixture)
      let batches = try [1, 8].map { try body(min($0, benchmark.largestBatch), MicroClock()) }
      #expect(batches.allSatisfy { $0.nanoseconds > 0 }, "\(benchmark.title)")
      // A flushed log has nothing left to flush; all others give what their work gave.
      if benchmark.name == "log.flush" {
        #expect(batches[1].checksum == 0)
      } else {
        #expect(batches[1].checksum != 0, "\(benchmark.title)")
      }
    }
  }

  @Test func `the names of the issue are all there`() {
    let names = Set(MicroCatalogue.benchmarks.map(\.name))
    for name in [
      "distance.near", "distance.far", "candidates.offer", "visited.insert", "neighbors.add",
      "index.insert", "index.search", "log.append", "log.flush",
    ] { #expect(names.contains(name)) }
  }
}
