import RunRecords
import Testing

/// Sums by response time: nothing is lost in them, and the tail is the slowest there is.
@Suite struct ResponsePartsTests {
  private func parts(_ services: [UInt64]) -> ResponseParts {
    services.reduce(into: ResponseParts()) { parts, service in
      parts.add(.init(queue: service / 3, service: service, cpu: service / 2, lock: 7))
    }
  }

  @Test func `parts of two halves add up to those of the whole`() {
    let all = (1...4_000).map { UInt64($0 * $0) }
    let halves = parts(Array(all.prefix(1_234))) + parts(Array(all.dropFirst(1_234)))
    #expect(halves == parts(all))
    #expect(halves.whole?.count == 4_000)
    #expect(halves.whole?.service == all.reduce(0, +))
    #expect(halves.whole?.lock == 28_000)
  }

  @Test(arguments: [0.001, 0.01, 0.1, 0.5, 1]) func `a tail is the slowest, and a cell too many`(
    share: Double
  ) throws {
    let services = (1...10_000).map { UInt64($0) * 1_000 }
    let tail = try #require(parts(services).tail(share))
    let slow = services.filter { $0 + $0 / 3 >= tail.from }
    #expect(tail.sums.count == slow.count)
    #expect(tail.sums.service == slow.reduce(0, +))
    #expect(Double(tail.sums.count) >= share * 10_000)
    // Without its fastest cell, an eighth of a doubling, it would be too few.
    #expect(Double(slow.count { $0 + $0 / 3 >= tail.from + tail.from / 8 + 1 }) < share * 10_000)
  }

  @Test func `times of no length and of centuries have a cell`() throws {
    let parts = parts([0, 1, 8, .max / 4])
    #expect(parts.whole?.count == 4)
    #expect(try #require(parts.tail(0.25)).sums.count == 1)
    #expect(ResponseParts().whole == nil && ResponseParts().tail(0.01) == nil)
  }

  @Test func `what is written is read`() throws {
    let file = ResponseFile(operations: ["search": parts([1_000, 2_000]), "get": parts([5])])
    let bytes = try file.encoded()
    #expect(ResponseFile.decode(bytes) == file)
  }

  @Test func `CPU that is not kept is the rest of the service`() throws {
    var parts = ResponseParts()
    parts.add(.init(queue: 5, service: 100, cpu: 80, lock: 10))
    let kept = try #require(parts.keepingCPU(0.75).whole)
    #expect(kept.cpu == 60 && kept.service == 100 && kept.lock == 10 && kept.queue == 5)
    #expect(parts.keepingCPU(2).whole?.cpu == 80 && parts.keepingCPU(-1).whole?.cpu == 0)
  }
}
