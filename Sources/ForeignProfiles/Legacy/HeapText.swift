import Pprof

/// Reads heap profiles in text: gperftools, Go's debug=1, and jemalloc's heap_v2.
///
///     heap profile: 41: 47632 [44: 1014288] @ heap/1048576       in use, [allocated], @ kind/rate
///     37: 37888 [37: 37888] @ 0x5b0a5f 0x5b0953
///
///     heap_v2/524288                                             jemalloc: the rate
///     @ 0x7f371a2a2630 0x7f371a295f24                            a stack, and below it
///       t*: 64: 13074432 [0: 0]                                  all threads
///       t0: 64: 13074432 [0: 0]                                  one of them
///
/// A sampled profile holds the allocations that happened to be drawn; each stands for as many as
/// its chance says, so values are divided by 1 − e^(−size/rate).
enum HeapText {
  /// The four numbers of a record.
  private struct Values {
    let objects: Int64
    let bytes: Int64
    let allocatedObjects: Int64
    let allocatedBytes: Int64
  }

  private struct Title {
    var rate: Int64 = 0
    var period: Int64 = 1
    var hasAllocations = false
    /// What grew, or the holes in memory: their objects are not in use.
    var isInUse = true
  }

  static func read(
    _ bytes: [UInt8], _ budget: Budget, _ naming: AddressNaming
  ) throws(ForeignError) -> Profile {
    var budget = budget
    var text = RecordText(bytes)
    guard let first = text.nextRecord() else { throw .empty }
    var stacks = AddressStacks()
    var samples: [(stack: [UInt64], values: Values)] = []
    var title: Title
    if budget.format == .jemallocHeap {
      title = try jemallocTitle(first, bytes, text.lines.place)
      samples = try jemallocRecords(&text, &stacks, &budget)
      title.hasAllocations = samples.contains { $0.values.allocatedObjects != 0 }
    } else {
      title = try self.title(first, bytes, text.lines.place)
      samples = try records(&text, &stacks, &budget)
    }
    for sample in samples {
      stacks.add(sample.stack, values: values(sample.values, title), labels: labels(sample.values))
    }
    let map = try text.finish(&stacks, &budget)
    return try profile(map, stacks, title, naming, &budget)
  }

  // MARK: - gperftools and Go

  private static func title(
    _ line: Range<Int>, _ bytes: [UInt8], _ place: ForeignError.Place
  ) throws(ForeignError) -> Title {
    guard let at = bytes[line].firstIndex(of: UInt8(ascii: "@")), at >= line.lowerBound + 13,
      let values = self.values(line.lowerBound + 13..<at, bytes)
    else {
      throw .malformed(.heapText, place, "the title wants `count: bytes [count: bytes] @ kind`")
    }
    let kind = bytes.text(bytes.trimmed(at + 1..<line.upperBound))
    let parts = kind.split(separator: "/", maxSplits: 1).map(String.init)
    let rate = parts.count > 1 ? Int64(parts[1]) ?? 0 : 0
    var title = Title()
    title.hasAllocations =
      (values.allocatedObjects != values.objects && values.allocatedObjects != 0)
      || (values.allocatedBytes != values.bytes && values.allocatedBytes != 0)
    switch parts.first {
    case "heap_v2", "heapz_v2": (title.rate, title.period) = (rate, rate)
    // Go writes twice its rate, as gperftools once did.
    case "heap": (title.rate, title.period) = (rate / 2, rate / 2)
    case "heapprofile": break
    case "growth", "growthz", "fragmentation", "fragmentationz":
      (title.isInUse, title.hasAllocations) = (false, false)
    default: throw .unsupported(.heapText, "of a kind that vbench does not know")
    }
    return title
  }

  private static func records(
    _ text: inout RecordText, _ stacks: inout AddressStacks, _ budget: inout Budget
  ) throws(ForeignError) -> [(stack: [UInt64], values: Values)] {
    var samples: [(stack: [UInt64], values: Values)] = []
    let bytes = text.lines.bytes
    while let line = try text.next(&stacks, &budget) {
      let place = text.lines.place
      let record = try StackLine(line, bytes, &budget, place)
      guard let values = values(record.values, bytes) else {
        throw .malformed(budget.format, place, "a record wants `count: bytes [count: bytes] @`")
      }
      text.begin(record.stack, &stacks)
      samples.append((record.stack, values))
    }
    return samples
  }

  // MARK: - jemalloc

  private static func jemallocTitle(
    _ line: Range<Int>, _ bytes: [UInt8], _ place: ForeignError.Place
  ) throws(ForeignError) -> Title {
    guard let rate = bytes.number(line.lowerBound + 8..<line.upperBound), rate >= 0 else {
      throw .malformed(.jemallocHeap, place, "the title wants heap_v2/ and a rate in bytes")
    }
    var title = Title()
    (title.rate, title.period) = (rate, rate)
    return title
  }

  private static func jemallocRecords(
    _ text: inout RecordText, _ stacks: inout AddressStacks, _ budget: inout Budget
  ) throws(ForeignError) -> [(stack: [UInt64], values: Values)] {
    var samples: [(stack: [UInt64], values: Values)] = []
    var stack: [UInt64]?
    let bytes = text.lines.bytes
    while let line = try text.next(&stacks, &budget) {
      let place = text.lines.place
      if bytes[line.lowerBound] == UInt8(ascii: "@") {
        stack = try StackLine(line, bytes, &budget, place).stack
        continue
      }
      guard let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")),
        let values = values(colon + 1..<line.upperBound, bytes)
      else {
        throw .malformed(
          .jemallocHeap, place, "a line wants `thread: count: bytes [count: bytes]`")
      }
      // Lines before the first stack are the sums of everything.
      if let stack, bytes.has("t*", at: line) { samples.append((stack, values)) }
    }
    return samples
  }

  // MARK: - Values

  /// `41: 47632 [44: 1014288]`, with blanks anywhere.
  private static func values(_ range: Range<Int>, _ bytes: [UInt8]) -> Values? {
    var numbers: [Int64] = []
    var position = range.lowerBound
    while position < range.upperBound {
      let start = position
      while position < range.upperBound,
        bytes[position] == UInt8(ascii: "-") || [UInt8].decimal(bytes[position]) != nil
      {
        position += 1
      }
      if position > start {
        guard let number = bytes.number(start..<position), numbers.count < 4 else { return nil }
        numbers.append(number)
      } else {
        guard " :[]\t".utf8.contains(bytes[position]) else { return nil }
        position += 1
      }
    }
    guard numbers.count == 4 else { return nil }
    return Values(
      objects: numbers[0], bytes: numbers[1], allocatedObjects: numbers[2],
      allocatedBytes: numbers[3])
  }

  private static func values(_ values: Values, _ title: Title) -> [Int64] {
    let inUse = unbiased(values.objects, values.bytes, title.rate)
    if !title.hasAllocations { return inUse }
    return unbiased(values.allocatedObjects, values.allocatedBytes, title.rate) + inUse
  }

  /// The size of one object, which pprof shows as a tag.
  private static func labels(_ values: Values) -> [Profile.Label] {
    let (bytes, objects) =
      values.objects != 0
      ? (values.bytes, values.objects) : (values.allocatedBytes, values.allocatedObjects)
    guard objects != 0, objects != -1 else { return [] }
    return [Profile.Label("bytes", number: bytes / objects, unit: "bytes")]
  }

  private static func profile(
    _ map: MemoryMap, _ stacks: AddressStacks, _ title: Title, _ naming: AddressNaming,
    _ budget: inout Budget
  ) throws(ForeignError) -> Profile {
    let name = title.isInUse ? "inuse_" : ""
    var types: [Profile.ValueType] = [
      .init("\(name)objects", "count"), .init("\(name)space", "bytes"),
    ]
    if title.hasAllocations {
      types.insert(.init("alloc_space", "bytes"), at: 0)
      types.insert(.init("alloc_objects", "count"), at: 0)
    }
    var builder = ProfileBuilder(
      sampleTypes: types, periodType: .init("space", "bytes"), period: title.period,
      defaultSampleType: "\(name)space")
    try stacks.place(in: &builder, map, naming, &budget)
    var profile = builder.profile
    (profile.dropFrames, profile.keepFrames) = (DroppedFrames.heap, DroppedFrames.keptInHeap)
    return profile
  }
}
