import Pprof
import Vocabulary

/// One folded stack of a profile, with its names replaced by positions in the symbol table.
struct StackSample: Sendable {
  /// The leaf first, inlined functions before what they were inlined into.
  let symbols: [Int32]
  /// In the unit of the profile: nanoseconds of CPU or of waiting, bytes allocated.
  let value: Int64
  /// How often it was seen; of a heap profile, about how many samples its bytes stand for.
  let count: Int64
  let operation: String?
  let waitClass: String?
  let lock: String?
  /// Of a heap profile: how many allocations.
  var objects: Int64 = 0
  /// Of a heap profile: by how many bytes what is in use grew.
  var live: Int64 = 0
  /// Its name, where the profile tells threads apart.
  var thread: String?
  /// The line inside the first project frame above the leaf; 0 where nobody knows it.
  var ownerLine: Int32 = 0
}

/// Turns profiles into samples of one symbol table.
struct SampleReader {
  private(set) var table: SymbolTable

  init(patterns: FramePatterns = .standard) { table = SymbolTable(patterns: patterns) }

  mutating func samples(of profile: Profile, kind: ProfileKind) -> [StackSample] {
    let columns = SampleColumns(profile: profile, kind: kind)
    let names = profile.locations.map { place($0, of: profile) }
    return profile.samples.map { sample in
      let symbols = belowMarker(sample.locations.flatMap { names[Int($0)] })
      let value = columns.value(of: sample)
      var made = StackSample(
        symbols: symbols, value: value, count: columns.count(of: sample),
        operation: sample.label(LabelKey.operation), waitClass: sample.label(LabelKey.waitClass),
        lock: sample.label(LabelKey.lock), objects: columns.objects(of: sample),
        live: columns.live(of: sample))
      made.thread = sample.label(LabelKey.thread)
      made.ownerLine = ownerLine(sample, in: profile, names)
      return made
    }
  }

  private func ownerLine(
    _ sample: Profile.Sample, in profile: Profile, _ names: [[Int32]]
  ) -> Int32 {
    for location in sample.locations {
      let owner = names[Int(location)].firstIndex { table[$0].layer == .project }
      guard let owner else { continue }
      let lines = profile.locations[Int(location)].lines
      return owner < lines.count ? Int32(clamping: lines[owner].line) : 0
    }
    return 0
  }

  /// What lies above the outermost marker called the operation and is no part of it.
  private func belowMarker(_ symbols: [Int32]) -> [Int32] {
    guard let marker = symbols.lastIndex(where: { table[$0].layer == .marker }) else {
      return symbols
    }
    return Array(symbols[...marker])
  }

  private mutating func place(_ location: Profile.Location, of profile: Profile) -> [Int32] {
    let mapping = location.mapping.map { profile.mappings[Int($0)] }
    let origin = SymbolOrigin(mapping: mapping)
    guard !location.lines.isEmpty else {
      let file = mapping?.filename.split(separator: "/").last.map(String.init)
      let name = file.map { "\($0)+0x\(String(location.address, radix: 16))" } ?? "[unknown]"
      return [table.place(name: name, origin: origin)]
    }
    return location.lines.map {
      let function = profile.functions[Int($0.function)]
      let symbol = table.place(name: function.name, origin: origin)
      table.note(symbol, file: function.filename)
      return symbol
    }
  }
}

/// Which numbers of a sample are the cost and the count.
struct SampleColumns: Sendable {
  let valueIndex: Int
  let countIndex: Int?
  /// The name `-sample_index` takes.
  let type: String
  let isTime: Bool
  private let isHeap: Bool
  private let liveIndex: Int?
  private let period: Int64

  init(profile: Profile, kind: ProfileKind) {
    let types = profile.sampleTypes
    let wanted = kind == .cpu ? ["cpu"] : kind == .heap ? ["alloc_space"] : ["delay"]
    let index = types.firstIndex { wanted.contains($0.type) } ?? types.count - 1
    valueIndex = index
    countIndex = types.firstIndex { $0.unit == "count" && $0.type != types[index].type }
    type = index >= 0 ? types[index].type : ""
    isTime = index >= 0 && types[index].unit == "nanoseconds"
    isHeap = kind == .heap
    liveIndex = isHeap ? types.firstIndex { $0.type == "inuse_space" } : nil
    period = max(1, profile.period)
  }

  func value(of sample: Profile.Sample) -> Int64 {
    valueIndex >= 0 && valueIndex < sample.values.count ? sample.values[valueIndex] : 0
  }

  /// The objects of a heap profile are scaled up from a few samples, and are not their number.
  func count(of sample: Profile.Sample) -> Int64 {
    if isHeap { return max(1, value(of: sample) / period) }
    guard let countIndex, countIndex < sample.values.count else {
      return max(1, value(of: sample) / period)
    }
    return sample.values[countIndex]
  }

  func objects(of sample: Profile.Sample) -> Int64 {
    guard isHeap, let countIndex, countIndex < sample.values.count else { return 0 }
    return sample.values[countIndex]
  }

  func live(of sample: Profile.Sample) -> Int64 {
    guard let liveIndex, liveIndex < sample.values.count else { return 0 }
    return sample.values[liveIndex]
  }
}
