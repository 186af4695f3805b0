/// The samples of a profile while it is read: already what the profile will hold, but for the ids.
///
/// A profile is mostly samples, so nothing of theirs is kept twice: stacks hold ids, of 32 bits,
/// until the locations are known and `resolve` puts positions in their place. Samples with the
/// same labels, which are most of them, share one list, and so do samples with the same values.
struct WireSamples {
  private var samples: [Profile.Sample] = []
  /// Ids beyond 31 bits; a stack names the first of them −1, the next −2.
  private var largeIDs: [UInt64] = []
  private var largeNumbers: [UInt64: Int32] = [:]
  /// Which labels each sample has; empty while none has any.
  private var labelNumbers: [Int32] = []
  /// Four numbers a label: key, text, number, unit.
  private var labelLists: [[UInt64]] = [[]]
  private var labelPositions: [[UInt64]: Int32] = [[]: 0]
  private var labels: [UInt64] = []
  private var values: [Int64] = []
  /// Lists of values that stood in samples before: most count one event of one size.
  private var knownValues = [[Int64]](repeating: [], count: 64)

  var count: Int { samples.count }

  /// Reads one sample and says what it weighs in memory, roughly.
  mutating func add(
    _ reader: inout WireReader, _ limits: ProfileLimits
  ) throws(ProfileError) -> Int {
    var sample = Profile.Sample(locations: [], values: [])
    labels.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    while !reader.isAtEnd {
      let (number, wire) = try reader.key()
      switch number {
      case 1:
        try reader.numbers(
          wire, into: &sample.locations, limit: limits.stackDepth, flag: "--max-depth"
        ) { id in Int32(exactly: id) ?? largeNumber(id) }
      case 2:
        try reader.numbers(wire, into: &values, limit: 1_024, flag: "--max-depth") {
          Int64(bitPattern: $0)
        }
      case 3: try addLabel(&reader, wire, limits)
      default: try reader.skip(wire)
      }
    }
    sample.values = sharedValues()
    samples.append(sample)
    return 112 + 4 * sample.locations.count + 8 * sample.values.count + keepLabels()
  }

  private mutating func largeNumber(_ id: UInt64) -> Int32 {
    if let known = largeNumbers[id] { return known }
    largeIDs.append(id)
    let number = -Int32(largeIDs.count)
    largeNumbers[id] = number
    return number
  }

  /// The values that were just read, in a list that others may hold too.
  private mutating func sharedValues() -> [Int64] {
    let mixed = values.reduce(UInt64(0)) { ($0 ^ UInt64(bitPattern: $1)) &* 0x9E37_79B9_7F4A_7C15 }
    let place = Int(mixed >> 58)
    if knownValues[place] != values { knownValues[place] = values }
    return knownValues[place]
  }

  private mutating func addLabel(
    _ reader: inout WireReader, _ wire: WireReader.Wire, _ limits: ProfileLimits
  ) throws(ProfileError) {
    let outer = try reader.enter(wire, "label")
    var label: (key: UInt64, text: UInt64, number: UInt64, unit: UInt64) = (0, 0, 0, 0)
    while !reader.isAtEnd {
      let (number, wire) = try reader.key()
      switch number {
      case 1: label.key = UInt64(bitPattern: try reader.signed(wire))
      case 2: label.text = UInt64(bitPattern: try reader.signed(wire))
      case 3: label.number = UInt64(bitPattern: try reader.signed(wire))
      case 4: label.unit = UInt64(bitPattern: try reader.signed(wire))
      default: try reader.skip(wire)
      }
    }
    reader.leave(outer)
    labels.append(label.key)
    labels.append(label.text)
    labels.append(label.number)
    labels.append(label.unit)
    if labels.count > 4 * limits.labelsPerSample {
      throw .beyondLimit(
        field: "labels", offset: reader.offset, limit: limits.labelsPerSample,
        flag: "--max-labels")
    }
  }

  /// Notes the labels of the sample that was added last; a list that is new weighs something.
  private mutating func keepLabels() -> Int {
    if labels.isEmpty, labelLists.count == 1 { return 0 }
    if labelNumbers.isEmpty {
      labelNumbers = [Int32](repeating: 0, count: samples.count - 1)
    }
    if let known = labelPositions[labels] {
      labelNumbers.append(known)
      return 4
    }
    let position = Int32(labelLists.count)
    labelLists.append(labels)
    labelPositions[labels] = position
    labelNumbers.append(position)
    return 160 + 24 * labels.count
  }

  /// Hands over the samples with positions for ids, and with the text of their labels.
  mutating func resolve(
    valueCount: Int, _ locations: IDTable, _ text: (UInt64) throws(ProfileError) -> String
  ) throws(ProfileError) -> [Profile.Sample] {
    labelPositions = [:]
    // Nobody else may hold the samples, or each stack is copied when its ids are replaced.
    var samples: [Profile.Sample] = []
    swap(&samples, &self.samples)
    var lists: [[Profile.Label]] = []
    for list in labelLists { lists.append(try Self.labels(list, text)) }
    let isLabelled = !labelNumbers.isEmpty
    for index in samples.indices {
      guard samples[index].values.count == valueCount else {
        throw .inconsistent(
          "a sample has \(samples[index].values.count) values for \(valueCount) sample types")
      }
      try place(&samples[index].locations, locations)
      if isLabelled { samples[index].labels = lists[Int(labelNumbers[index])] }
    }
    return samples
  }

  private func place(_ stack: inout [Int32], _ locations: IDTable) throws(ProfileError) {
    for index in stack.indices {
      let number = stack[index]
      let id = number >= 0 ? UInt64(number) : largeIDs[-1 - Int(number)]
      guard let position = locations[id] else {
        throw .inconsistent("a sample names location \(id), not there")
      }
      stack[index] = position
    }
  }

  private static func labels(
    _ numbers: [UInt64], _ text: (UInt64) throws(ProfileError) -> String
  ) throws(ProfileError) -> [Profile.Label] {
    var labels: [Profile.Label] = []
    labels.reserveCapacity(numbers.count / 4)
    for first in stride(from: 0, to: numbers.count, by: 4) {
      let key = try text(numbers[first])
      labels.append(
        numbers[first + 1] != 0
          ? Profile.Label(key, try text(numbers[first + 1]))
          : Profile.Label(
            key, number: Int64(bitPattern: numbers[first + 2]), unit: try text(numbers[first + 3])))
    }
    return labels
  }
}
