import Pprof

/// Adds profiles up as pprof does before it shows any, a single one too.
///
/// Locations are equal by address within their binary, and lines; samples by locations and labels.
/// What no sample needs is left out, samples that count nothing are too, and everything is numbered
/// in the order in which samples come to it. `ProfileMerge` is another thing: it adds up runs, and
/// knows that addresses differ between processes.
struct StackMerge {
  private var result: Profile
  private var samples = StackTable()
  private var locations: [LocationKey: Int32] = [:]
  private var functions: [Profile.Function: Int32] = [:]
  private var mappings: [MappingKey: Int32] = [:]

  private struct LocationKey: Hashable {
    let address: UInt64
    let mapping: Int32?
    let lines: [Profile.Line]
    let isFolded: Bool
  }

  private struct MappingKey: Hashable {
    let size: UInt64
    let offset: UInt64
    let name: String
  }

  /// The sum of profiles that have the same types of samples.
  ///
  /// They are taken over: stacks that nobody else holds are renumbered where they are.
  static func merge(_ owned: consuming [Profile]) -> Profile {
    var profiles = owned
    var merge = StackMerge(profiles)
    for index in profiles.indices { merge.add(&profiles[index]) }
    profiles = []
    let sum = merge.result
    guard sum.samples.contains(where: { $0.isZero }) else { return sum }
    // What has cancelled out goes, and what only it needed.
    return Self.merge([sum])
  }

  /// What stands beside the samples.
  private init(_ profiles: [Profile]) {
    result = Profile(
      sampleTypes: profiles[0].sampleTypes, periodType: profiles[0].periodType,
      dropFrames: profiles[0].dropFrames, keepFrames: profiles[0].keepFrames)
    var seen: Set<String> = []
    for profile in profiles {
      if result.timeNanoseconds == 0 || profile.timeNanoseconds < result.timeNanoseconds {
        result.timeNanoseconds = profile.timeNanoseconds
      }
      result.durationNanoseconds &+= profile.durationNanoseconds
      if result.period == 0 || result.period < profile.period { result.period = profile.period }
      result.comments += profile.comments.filter { seen.insert($0).inserted }
      if result.defaultSampleType.isEmpty { result.defaultSampleType = profile.defaultSampleType }
    }
  }

  private mutating func add(_ profile: inout Profile) {
    var incoming: [Profile.Sample] = []
    swap(&incoming, &profile.samples)
    var placed = Placed(profile)
    if result.samples.isEmpty { expect(profile) }
    // The first mapping stands for the program.
    if mappings.isEmpty, !profile.mappings.isEmpty { _ = place(mapping: 0, &placed) }
    result.samples.reserveCapacity(incoming.count)
    for index in incoming.indices where !incoming[index].isZero {
      var sample = Profile.Sample(locations: [], values: [])
      swap(&sample, &incoming[index])
      for frame in sample.locations.indices {
        sample.locations[frame] = place(location: sample.locations[frame], &placed)
      }
      add(sample)
    }
  }

  /// Tables that grow step by step are filled several times.
  private mutating func expect(_ profile: Profile) {
    locations.reserveCapacity(profile.locations.count)
    functions.reserveCapacity(profile.functions.count)
    result.locations.reserveCapacity(profile.locations.count)
    result.functions.reserveCapacity(profile.functions.count)
  }

  private mutating func add(_ sample: Profile.Sample) {
    guard let position = samples.position(of: sample, in: result.samples) else {
      result.samples.append(sample)
      return
    }
    for value in sample.values.indices {
      result.samples[position].values[value] &+= sample.values[value]
    }
  }

  /// Where the parts of one profile went; −1 is not placed yet.
  private struct Placed {
    let profile: Profile
    var locations: [Int32]
    var functions: [Int32]
    var mappings: [Int32]

    init(_ profile: Profile) {
      self.profile = profile
      locations = [Int32](repeating: -1, count: profile.locations.count)
      functions = [Int32](repeating: -1, count: profile.functions.count)
      mappings = [Int32](repeating: -1, count: profile.mappings.count)
    }
  }

  private mutating func place(location index: Int32, _ placed: inout Placed) -> Int32 {
    let known = placed.locations[Int(index)]
    return known >= 0 ? known : placeNew(location: index, &placed)
  }

  private mutating func placeNew(location index: Int32, _ placed: inout Placed) -> Int32 {
    var location = placed.profile.locations[Int(index)]
    var start: UInt64 = 0
    if let mapping = location.mapping {
      let target = place(mapping: mapping, &placed)
      start = result.mappings[Int(target)].start
      location.address =
        location.address &+ start &- placed.profile.mappings[Int(mapping)].start
      location.mapping = target
    }
    location.lines = location.lines.map { line in
      Profile.Line(function: place(function: line.function, &placed), line: line.line)
    }
    let key = LocationKey(
      address: location.address &- start, mapping: location.mapping, lines: location.lines,
      isFolded: location.isFolded)
    let position = Self.intern(location, key, &locations, &result.locations)
    placed.locations[Int(index)] = position
    return position
  }

  private mutating func place(function index: Int32, _ placed: inout Placed) -> Int32 {
    let known = placed.functions[Int(index)]
    if known >= 0 { return known }
    let function = placed.profile.functions[Int(index)]
    let position = Self.intern(function, function, &functions, &result.functions)
    placed.functions[Int(index)] = position
    return position
  }

  private mutating func place(mapping index: Int32, _ placed: inout Placed) -> Int32 {
    let known = placed.mappings[Int(index)]
    if known >= 0 { return known }
    let mapping = placed.profile.mappings[Int(index)]
    // A process may lie elsewhere, and end a little earlier.
    let size = (mapping.limit &- mapping.start &+ 0xFFF) & ~0xFFF
    let key = MappingKey(
      size: size, offset: mapping.offset,
      name: mapping.buildID.isEmpty ? mapping.filename : mapping.buildID)
    let position = Self.intern(mapping, key, &mappings, &result.mappings)
    placed.mappings[Int(index)] = position
    return position
  }

  private static func intern<Key: Hashable, Value>(
    _ value: Value, _ key: Key, _ positions: inout [Key: Int32], _ list: inout [Value]
  ) -> Int32 {
    if let known = positions[key] { return known }
    let position = Int32(list.count)
    list.append(value)
    positions[key] = position
    return position
  }
}

extension Profile.Sample {
  fileprivate var isZero: Bool { values.allSatisfy { $0 == 0 } }
}
