import Pprof

/// Reads contention in text: Go's mutex and block profiles, and gperftools' contentionz.
///
///     --- mutex:
///     cycles/second=2445454045
///     sampling period=1
///     628513530 199 @ 0x5b0a09 0x5b0953      cycles, how often, the stack
enum ContentionText {
  private struct Attributes {
    var cyclesPerSecond: Int64 = 0
    var period: Int64 = 1
    var milliseconds: Int64 = 0
  }

  static func read(
    _ bytes: [UInt8], _ budget: Budget, _ naming: AddressNaming
  ) throws(ForeignError) -> Profile {
    var budget = budget
    var text = RecordText(bytes)
    _ = text.nextRecord()
    var attributes = Attributes()
    var stacks = AddressStacks()
    while let line = try text.next(&stacks, &budget) {
      if bytes.has("---", at: line) { break }
      if let equals = bytes[line].firstIndex(of: UInt8(ascii: "=")) {
        try read(line, equals, into: &attributes, bytes, text.lines.place)
        continue
      }
      let record = try StackLine(line, bytes, &budget, text.lines.place)
      let words = bytes.words(record.values)
      guard words.count == 2, let cycles = bytes.number(words[0]),
        let count = bytes.number(words[1])
      else {
        throw .malformed(.contentionText, text.lines.place, "a record begins with two numbers")
      }
      text.begin(record.stack, &stacks)
      stacks.add(record.stack, values: values(cycles, count, attributes))
    }
    let map = try text.finish(&stacks, &budget)
    return try profile(map, stacks, attributes, naming, &budget)
  }

  private static func read(
    _ line: Range<Int>, _ equals: Int, into attributes: inout Attributes, _ bytes: [UInt8],
    _ place: ForeignError.Place
  ) throws(ForeignError) {
    let key = bytes.text(bytes.trimmed(line.lowerBound..<equals))
    let value = bytes.trimmed(equals + 1..<line.upperBound)
    guard ["cycles/second", "sampling period", "ms since reset"].contains(key) else { return }
    guard let number = bytes.number(value), number >= 0 else {
      throw .malformed(.contentionText, place, "\(key) is \(Quoted(value, bytes))")
    }
    switch key {
    case "cycles/second": attributes.cyclesPerSecond = number
    case "sampling period": attributes.period = number
    default: attributes.milliseconds = number
    }
  }

  /// Contentions and nanoseconds, scaled to what was not sampled.
  private static func values(_ cycles: Int64, _ count: Int64, _ attributes: Attributes) -> [Int64] {
    let period = attributes.period
    guard period > 0 else { return [count, cycles] }
    let (scaled, overflow) = count.multipliedReportingOverflow(by: period)
    var delay = cycles
    if attributes.cyclesPerSecond > 0 {
      delay = Int64(
        clamped: Double(cycles) * Double(period) / (Double(attributes.cyclesPerSecond) / 1e9))
    }
    return [overflow ? .max : scaled, delay]
  }

  private static func profile(
    _ map: MemoryMap, _ stacks: AddressStacks, _ attributes: Attributes, _ naming: AddressNaming,
    _ budget: inout Budget
  ) throws(ForeignError) -> Profile {
    var builder = ProfileBuilder(
      sampleTypes: [.init("contentions", "count"), .init("delay", "nanoseconds")],
      periodType: .init("contentions", "count"), period: attributes.period,
      defaultSampleType: "delay")
    try stacks.place(in: &builder, map, naming, &budget)
    var profile = builder.profile
    let (duration, overflow) = attributes.milliseconds.multipliedReportingOverflow(by: 1_000_000)
    profile.durationNanoseconds = overflow ? .max : duration
    profile.dropFrames = DroppedFrames.contention
    return profile
  }
}

extension Int64 {
  /// The nearest whole number below, or the limit where there is none; NaN is zero.
  init(clamped value: Double) {
    if value.isNaN {
      self = 0
    } else if value >= 0x1p63 {
      self = .max
    } else if value <= -0x1p63 {
      self = .min
    } else {
      self = Int64(value)
    }
  }
}
