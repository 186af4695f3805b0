@testable import Sampling

/// A recording made by hand, so that each number in it is known.
struct HeapFileBuilder {
  static let started: UInt64 = 1_000_000_000

  private(set) var records: [UInt8] = []
  private var header: [UInt8] = []
  var flags: UInt32 = 0
  var hasExited: UInt32 = 1
  var mean: UInt64 = 1_000
  /// What the header says about the length, when that is not the truth.
  var used: UInt64?

  static func bytes(_ numbers: any FixedWidthInteger...) -> [UInt8] {
    numbers.flatMap { number in
      let value = UInt64(truncatingIfNeeded: number)
      return (0..<(number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
  }

  mutating func add(_ kind: UInt32, _ payload: [UInt8]) {
    var padded = payload
    while padded.count % 8 != 0 { padded.append(0) }
    records += Self.bytes(kind, UInt32(padded.count + 8)) + padded
  }

  mutating func maps(_ text: String) {
    add(1, Self.bytes(Self.started, UInt64(text.utf8.count)) + Array(text.utf8))
  }

  mutating func stack(_ id: UInt32, _ addresses: [UInt64], isCut: Bool = false) {
    add(2, Self.bytes(id, UInt32(isCut ? 1 : 0)) + addresses.flatMap { Self.bytes($0) })
  }

  mutating func thread(_ serial: UInt32, _ name: String) {
    var text = Array(name.utf8)
    while text.count < 16 { text.append(0) }
    add(3, Self.bytes(serial, Int32(77)) + text)
  }

  /// A sample, so many seconds after the start.
  mutating func sample(
    _ id: UInt64, at seconds: UInt64, bytes: UInt64, thread: UInt32 = 1, stack: UInt32 = 1
  ) {
    add(
      4,
      Self.bytes(
        id, Self.started + seconds * 1_000_000_000, bytes, thread, stack, UInt32(0), UInt32(0)))
  }

  mutating func free(_ id: UInt64, at seconds: UInt64) {
    add(5, Self.bytes(id, Self.started + seconds * 1_000_000_000, UInt32(1), UInt32(0)))
  }

  mutating func window(isBegin: Bool, at seconds: UInt64, counts: [UInt64]) {
    add(
      7,
      Self.bytes(Self.started + seconds * 1_000_000_000, UInt64(isBegin ? 1 : 0))
        + counts.flatMap { Self.bytes($0) })
  }

  /// The whole file; `ended` are the counts of threads that are gone.
  func file(ended: [UInt64] = [0, 0, 0, 0]) -> [UInt8] {
    var bytes = Array("VBHEAP1\n".utf8) + Self.bytes(UInt32(1), UInt32(4_096))
    bytes += Self.bytes(Int32(10), Int32(9), mean, flags, hasExited)
    bytes += Self.bytes(Self.started, UInt64(5), used ?? UInt64(4_096 + records.count))
    bytes += ended.flatMap { Self.bytes($0) } + Self.bytes(UInt64(0), UInt64(0))
    bytes += Array("/bin/program".utf8)
    bytes += [UInt8](repeating: 0, count: 4_096 - bytes.count)
    return bytes + records + [UInt8](repeating: 0, count: 512)
  }
}
