import Basics

/// What the responses of one kind of operation were made of, summed by how long they took.
///
/// The slow tail is known when all is over, but nobody can keep every operation. So each is added to
/// the cell of its response time, of which there are eight to a doubling, and the tail is taken out
/// at the end: the cells from the slowest on, until they hold enough operations.
///
///     response = queue + service,    service = CPU + lock + condition + disk + rest
///
/// Sums of trials add up without loss.
package struct ResponseParts: Codable, Sendable, Equatable {
  /// Nanoseconds of all operations of a cell together.
  package struct Sums: Codable, Sendable, Equatable {
    package var count = 1
    /// From when it was due until a worker took it up.
    package var queue: UInt64
    package var service: UInt64
    /// Of the thread that executed it; what other threads did for it is not in here.
    package var cpu: UInt64
    package var lock: UInt64
    package var condition: UInt64
    package var disk: UInt64

    package init(
      queue: UInt64, service: UInt64, cpu: UInt64 = 0, lock: UInt64 = 0, condition: UInt64 = 0,
      disk: UInt64 = 0
    ) {
      (self.queue, self.service, self.cpu) = (queue, service, cpu)
      (self.lock, self.condition, self.disk) = (lock, condition, disk)
    }

    package var response: UInt64 { queue &+ service }

    /// Wrapping, for the other side may come from a file that claims absurd sums.
    static func + (left: Sums, right: Sums) -> Sums {
      var sums = Sums(
        queue: left.queue &+ right.queue, service: left.service &+ right.service,
        cpu: left.cpu &+ right.cpu, lock: left.lock &+ right.lock,
        condition: left.condition &+ right.condition, disk: left.disk &+ right.disk)
      sums.count = left.count &+ right.count
      return sums
    }
  }

  /// Slow operations, and from which response time on they are counted.
  package struct Tail: Sendable, Equatable {
    package let from: UInt64
    package let sums: Sums
  }

  private var cells: [Int: Sums] = [:]

  package init() {}

  package mutating func add(_ operation: Sums) {
    let cell = Self.cell(of: operation.response)
    cells[cell] = cells[cell].map { $0 + operation } ?? operation
  }

  package static func + (left: ResponseParts, right: ResponseParts) -> ResponseParts {
    var sum = left
    sum.cells.merge(right.cells) { $0 + $1 }
    return sum
  }

  /// The same with only so much of the CPU; the rest of the service is nobody's.
  package func keepingCPU(_ share: Double) -> ResponseParts {
    var kept = self
    kept.cells = cells.mapValues { sums in
      var sums = sums
      sums.cpu = UInt64(Double(sums.cpu) * min(max(share, 0), 1))
      return sums
    }
    return kept
  }

  /// Everything; nil when there was no operation.
  package var whole: Sums? {
    guard let first = cells.values.first else { return nil }
    return cells.values.dropFirst().reduce(first) { $0 + $1 }
  }

  /// The slowest operations: as few whole cells as hold at least this share of all.
  package func tail(_ share: Double) -> Tail? {
    guard let whole else { return nil }
    var found: Tail?
    for cell in cells.keys.sorted(by: >) {
      guard let sums = cells[cell] else { continue }
      if let tail = found, Double(tail.sums.count) >= share * Double(whole.count) { return tail }
      found = Tail(from: Self.lowest(of: cell), sums: found.map { $0.sums + sums } ?? sums)
    }
    return found
  }

  // MARK: - Cells

  private static let shortest: UInt64 = 8

  static func cell(of nanoseconds: UInt64) -> Int {
    let value = max(nanoseconds, shortest)
    let doubling = 63 - value.leadingZeroBitCount
    return doubling * 8 + Int(value >> UInt64(doubling - 3)) - 8
  }

  static func lowest(of cell: Int) -> UInt64 {
    guard cell >= 24, cell < 512 else { return 0 }
    return UInt64(8 + cell % 8) << UInt64(cell / 8 - 3)
  }
}

/// `responses.json` of a run: the parts of all operations of the measured phases.
package struct ResponseFile: Codable, Sendable, Equatable {
  package static let name = "responses.json"

  package private(set) var schema = 1
  package var operations: [String: ResponseParts]

  package init(operations: [String: ResponseParts]) { self.operations = operations }

  package func encoded() throws(RunError) -> [UInt8] {
    try RecordJSON.encode(self, path: Self.name)
  }

  /// Nil where the bytes are no such file that this version reads.
  package static func decode(_ bytes: [UInt8]) -> ResponseFile? {
    let file = try? RecordJSON.decode(ResponseFile.self, from: bytes, path: name)
    return file.flatMap { $0.schema == 1 ? $0 : nil }
  }

  /// Larger than any of ours.
  private static let largest = 64 << 20

  static func read(in folder: String) -> ResponseFile? {
    let path = "\(folder)/\(name)"
    guard let size = FileSystem.size(of: path), size <= largest,
      let bytes = try? FileSystem.contents(of: path)
    else { return nil }
    return decode(bytes)
  }
}
