/// A queue with known service: so many servers, each takes the same time for everything, first come
/// first served, and at one moment all of them may stand still.
///
/// Its capacity is servers ÷ service, exactly: when an operation ends follows from when it came and
/// from those before it, whatever the machine's timers make of it. Times are nanoseconds.
package struct PlantedQueue: Sendable {
  package struct Plan: Sendable, Equatable, CustomStringConvertible {
    package var service: UInt64
    package var servers: Int
    package var stall: Stall?

    package struct Stall: Sendable, Equatable {
      package var length: UInt64
      /// From the beginning of the measured phase on.
      package var after: UInt64
    }

    package init(service: UInt64, servers: Int, stall: Stall? = nil) {
      (self.service, self.servers, self.stall) = (service, servers, stall)
    }

    package var capacityPerSecond: Double { Double(servers) * 1e9 / Double(service) }
  }

  private let plan: Plan
  /// When each server will have nothing to do.
  private var freeAt: [UInt64]
  private var stall: Range<UInt64>?

  package init(_ plan: Plan) {
    self.plan = plan
    freeAt = [UInt64](repeating: 0, count: plan.servers)
  }

  /// The measured phase begins now: the stall is so long after it.
  package mutating func begin(at now: UInt64) {
    stall = plan.stall.map { (now + $0.after)..<(now + $0.after + $0.length) }
  }

  /// When an operation that comes now will be done.
  package mutating func serve(at now: UInt64) -> UInt64 {
    let server = freeAt.indices.min { freeAt[$0] < freeAt[$1] } ?? 0
    var start = max(now, freeAt[server])
    if let stall, stall.contains(start) { start = stall.upperBound }
    freeAt[server] = start + plan.service
    return freeAt[server]
  }
}

extension PlantedQueue.Plan {
  /// Reads `service=1ms,servers=2[,stall=200ms@1s]`.
  init?(spelling: some StringProtocol) {
    var parts: [Substring: Substring] = [:]
    for part in String(spelling).split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, ["service", "servers", "stall"].contains(sides[0]),
        parts.updateValue(sides[1], forKey: sides[0]) == nil
      else { return nil }
    }
    guard let service = parts["service"].flatMap(Self.time), service > 0 else { return nil }
    guard let servers = parts["servers"].flatMap({ Int($0) }), (1...1_024).contains(servers) else {
      return nil
    }
    self.init(service: service, servers: servers)
    guard let text = parts["stall"] else { return }
    let sides = text.split(separator: "@")
    guard sides.count == 2, let length = Self.time(sides[0]), let after = Self.time(sides[1]) else {
      return nil
    }
    stall = Stall(length: length, after: after)
  }

  package var description: String {
    let stall = stall.map { ",stall=\($0.length / 1_000)us@\($0.after / 1_000)us" }
    return "service=\(service / 1_000)us,servers=\(servers)\(stall ?? "")"
  }

  private static func time(_ text: Substring) -> UInt64? {
    for (unit, size) in [("us", 1e3), ("ms", 1e6), ("s", 1e9)] where text.hasSuffix(unit) {
      guard let value = Double(text.dropLast(unit.count)) else { continue }
      return value >= 0 && value * size < 1e15 ? UInt64(value * size) : nil
    }
    return nil
  }
}
