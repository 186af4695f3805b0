@testable import Sampling

/// Reads a trace as the format's definition says, knowing nothing of how we write it.
struct PerfettoReader {
  struct Slice {
    var start: UInt64
    var end: UInt64 = 0
    var name = ""
    var category = ""
    var operation: String?
    var waker: UInt64?
    var numbers: [String: UInt64] = [:]
  }

  struct Track {
    var number: UInt64 = 0
    var parent: UInt64 = 0
    var name = ""
    var pid: Int32?
    var tid: Int32?
    var slices: [Slice] = []
    var points: [(time: UInt64, value: Int64)] = []
  }

  private struct Sequence {
    var time: UInt64 = 0
    var track: UInt64 = 0
    var names: [UInt64: [UInt64: String]] = [:]
  }

  struct Malformed: Error {}

  private(set) var tracks: [Track] = []
  private var sequences: [UInt64: Sequence] = [:]
  private var open: [UInt64: [Slice]] = [:]

  static func bytes(_ timeline: Timeline) -> [UInt8] {
    var bytes: [UInt8] = []
    PerfettoTrace.encode(timeline) { (piece) throws(Never) in bytes += piece }
    return bytes
  }

  init(_ timeline: Timeline) throws {
    for packet in try Message(Self.bytes(timeline)[...]).all(1) { try read(packet) }
    guard open.values.allSatisfy(\.isEmpty) else { throw Malformed() }
  }

  private mutating func read(_ packet: Message) throws {
    let id = try packet.number(10)
    let flags = try packet.number(13)
    if flags & 1 != 0 {
      sequences[id] = Sequence()
      let clocks = try packet.message(6)?.all(1) ?? []
      let own = try clocks.first { try $0.number(3) == 1 }
      let defaults = try packet.message(59)
      // The clock of the packets is the one that counts on.
      guard let own, try own.number(1) == defaults?.number(58), clocks.count == 2,
        try packet.message(6)?.number(2) == 3
      else { throw Malformed() }
      sequences[id]?.time = try own.number(2)
      sequences[id]?.track = try defaults?.message(11)?.number(11) ?? 0
    } else if flags != 2 || sequences[id] == nil {
      throw Malformed()
    }
    if let track = try packet.message(60) { try describe(track) }
    if let names = try packet.message(12) {
      for field in [1, 2, 3, 29] as [UInt64] {
        for entry in try names.all(field) {
          sequences[id]?.names[field, default: [:]][try entry.number(1)] = try entry.text(2)
        }
      }
    }
    if let event = try packet.message(11) {
      sequences[id]?.time += try packet.number(8)
      if let sequence = sequences[id] { try take(event, sequence) }
    }
  }

  private mutating func describe(_ message: Message) throws {
    var track = Track()
    track.number = try message.number(1)
    track.parent = try message.number(5)
    track.name = try message.text(2)
    if let process = try message.message(3) {
      track.pid = Int32(truncatingIfNeeded: try process.number(1))
      track.name = try process.text(6)
    }
    if let thread = try message.message(4) {
      track.tid = Int32(truncatingIfNeeded: try thread.number(2))
      track.name = try thread.text(5)
    }
    tracks.append(track)
  }

  private mutating func take(_ event: Message, _ sequence: Sequence) throws {
    guard let place = tracks.firstIndex(where: { $0.number == sequence.track }) else {
      throw Malformed()
    }
    switch try event.number(9) {
    case 1:
      var slice = Slice(start: sequence.time)
      slice.name = try event.text(23)
      if let number = try event.numbers(10).first {
        guard let name = sequence.names[2]?[number] else { throw Malformed() }
        slice.name = name
      }
      slice.category = try sequence.names[1]?[event.number(3)] ?? ""
      for argument in try event.all(4) {
        switch try sequence.names[3]?[argument.number(1)] {
        case "operation": slice.operation = try sequence.names[29]?[argument.number(17)]
        case "waker_tid": slice.waker = try argument.number(4)
        case nil where try !argument.text(10).isEmpty:
          slice.numbers[try argument.text(10)] = try argument.number(4)
        default: throw Malformed()
        }
      }
      open[sequence.track, default: []].append(slice)
    case 2:
      guard var slice = open[sequence.track]?.popLast() else { throw Malformed() }
      slice.end = sequence.time
      tracks[place].slices.append(slice)
    case 4:
      tracks[place].points.append((sequence.time, Int64(bitPattern: try event.number(30))))
    default: throw Malformed()
    }
  }
}

/// A protobuf message, taken apart field by field.
struct Message {
  private var numbers: [UInt64: [UInt64]] = [:]
  private var parts: [UInt64: [ArraySlice<UInt8>]] = [:]

  init(_ bytes: ArraySlice<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      let key = try Self.varint(&rest)
      switch key & 7 {
      case 0: numbers[key >> 3, default: []].append(try Self.varint(&rest))
      case 2:
        let count = Int(try Self.varint(&rest))
        guard count <= rest.count else { throw PerfettoReader.Malformed() }
        parts[key >> 3, default: []].append(rest.prefix(count))
        rest = rest.dropFirst(count)
      default: throw PerfettoReader.Malformed()
      }
    }
  }

  func number(_ field: UInt64) throws -> UInt64 { numbers[field]?.last ?? 0 }

  func numbers(_ field: UInt64) throws -> [UInt64] { numbers[field] ?? [] }

  func all(_ field: UInt64) throws -> [Message] { try (parts[field] ?? []).map { try Message($0) } }

  func message(_ field: UInt64) throws -> Message? {
    try parts[field]?.last.map { try Message($0) }
  }

  func text(_ field: UInt64) throws -> String {
    guard let bytes = parts[field]?.last else { return "" }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PerfettoReader.Malformed()
    }
    return text
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw PerfettoReader.Malformed() }
      value |= UInt64(byte & 0x7f) << UInt64(shift)
      if byte & 0x80 == 0 { return value }
    }
    throw PerfettoReader.Malformed()
  }
}
