import Pprof

/// Reads the CPU profile of gperftools: machine words, then a list of mapped files as text.
///
///     0  3  version  period in µs  0            the header
///     count  depth  address …  address          a stack, the leaf first; as often as there are
///     0  1  0                                   the end of the words
///
/// Words have four or eight bytes, in the order of the machine that wrote them.
enum WordProfile {
  private static let header = 5

  static func recognizes(_ head: [UInt8]) -> Bool { layout(head) != nil }

  /// How words are written in this file.
  private struct Layout {
    let width: Int
    let isBigEndian: Bool

    func word(_ index: Int, _ bytes: [UInt8]) -> UInt64? {
      let (start, overflow) = index.multipliedReportingOverflow(by: width)
      guard !overflow, start <= bytes.count - width else { return nil }
      return (0..<width).reduce(0) { value, place in
        let byte = isBigEndian ? bytes[start + place] : bytes[start + width - 1 - place]
        return value << 8 | UInt64(byte)
      }
    }
  }

  private static func layout(_ bytes: [UInt8]) -> Layout? {
    guard bytes.count >= header * 4 else { return nil }
    for width in [4, 8] {
      for isBigEndian in [false, true] {
        let layout = Layout(width: width, isBigEndian: isBigEndian)
        if layout.word(0, bytes) == 0, layout.word(1, bytes) == 3, layout.word(2, bytes) == 0,
          let period = layout.word(3, bytes), period > 0, period < 1 << 40,
          layout.word(4, bytes) == 0
        {
          return layout
        }
      }
    }
    return nil
  }

  static func read(
    _ bytes: [UInt8], _ budget: Budget, _ naming: AddressNaming
  ) throws(ForeignError) -> Profile {
    var budget = budget
    guard let layout = layout(bytes), let microseconds = layout.word(3, bytes) else {
      throw .malformed(.gperftoolsCPU, .field("header", offset: 0), "no header of five words")
    }
    let period = Int64(microseconds) * 1_000
    var samples: [(stack: [UInt64], count: Int64)] = []
    var index = header
    while true {
      let place = ForeignError.Place.field("stack", offset: index * layout.width)
      guard let count = layout.word(index, bytes), let depth = layout.word(index + 1, bytes) else {
        throw .malformed(.gperftoolsCPU, place, "it ends before its last record")
      }
      try budget.check(depth: Int(clamping: depth), at: place)
      let stack = try self.stack(from: index + 2, depth: Int(clamping: depth), layout, bytes, place)
      index += 2 + stack.count
      if count == 0, stack == [0] { break }
      if depth == 0 {
        throw .malformed(.gperftoolsCPU, place, "a stack without addresses")
      }
      try budget.addSample(at: place)
      try budget.spend(stack.count * 8 + 100, at: place)
      samples.append((stack, Int64(clamping: count)))
    }
    // Only now is it text, whose lines count from here.
    var lines = TextLines(bytes, from: index * layout.width)
    let map = try MemoryMap(&lines, &budget)
    return try profile(samples, period: period, map, naming, &budget)
  }

  private static func stack(
    from index: Int, depth: Int, _ layout: Layout, _ bytes: [UInt8], _ place: ForeignError.Place
  ) throws(ForeignError) -> [UInt64] {
    var stack: [UInt64] = []
    stack.reserveCapacity(min(depth, bytes.count / layout.width))
    for position in 0..<depth {
      guard let address = layout.word(index + position, bytes) else {
        throw .malformed(.gperftoolsCPU, place, "it ends inside a stack of \(depth)")
      }
      // A caller's address is where it goes on: one back is the call.
      stack.append(position == 0 ? address : address &- 1)
    }
    return stack
  }

  private static func profile(
    _ samples: [(stack: [UInt64], count: Int64)], period: Int64, _ map: MemoryMap,
    _ naming: AddressNaming, _ budget: inout Budget
  ) throws(ForeignError) -> Profile {
    var builder = ProfileBuilder(
      sampleTypes: [.init("samples", "count"), .init("cpu", "nanoseconds")],
      periodType: .init("cpu", "nanoseconds"), period: period, defaultSampleType: "cpu")
    var stacks = AddressStacks()
    for sample in HandlerFrames.removed(from: samples) {
      let (time, overflow) = sample.count.multipliedReportingOverflow(by: period)
      stacks.add(sample.stack, values: [sample.count, overflow ? .max : time])
    }
    try stacks.place(in: &builder, map, naming, &budget)
    var profile = builder.profile
    profile.dropFrames = DroppedFrames.cpu
    return profile
  }
}
