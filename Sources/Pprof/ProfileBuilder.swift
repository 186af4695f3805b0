/// Grows a profile one stack at a time and folds what is equal.
///
/// Stacks are given as whole frames; equal functions, locations and mappings become one, and
/// samples with the same stack and labels are summed. Use it instead of filling `Profile` by hand.
package struct ProfileBuilder: Sendable {
  package private(set) var profile: Profile
  private var functions: [Profile.Function: Int32] = [:]
  private var locations: [Profile.Location: Int32] = [:]
  private var mappings: [Profile.Mapping: Int32] = [:]
  private var samples: [SampleKey: Int] = [:]

  private struct SampleKey: Hashable {
    let locations: [Int32]
    let labels: [Profile.Label]
  }

  /// One physical frame: the inlined functions at its address, innermost first.
  package struct Frame: Sendable, Hashable {
    package var address: UInt64
    package var mapping: Profile.Mapping?
    package var lines: [(function: Profile.Function, line: Int64)]

    package init(
      address: UInt64 = 0, mapping: Profile.Mapping? = nil,
      lines: [(function: Profile.Function, line: Int64)]
    ) {
      self.address = address
      self.mapping = mapping
      self.lines = lines
    }

    /// A frame that is nothing but a name.
    package init(named name: String) {
      self.init(lines: [(Profile.Function(name: name), 0)])
    }

    package static func == (left: Frame, right: Frame) -> Bool {
      left.address == right.address && left.mapping == right.mapping
        && left.lines.elementsEqual(right.lines, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(address)
      hasher.combine(mapping)
      for line in lines {
        hasher.combine(line.function)
        hasher.combine(line.line)
      }
    }
  }

  package init(
    sampleTypes: [Profile.ValueType], periodType: Profile.ValueType? = nil, period: Int64 = 0,
    defaultSampleType: String = ""
  ) {
    profile = Profile(
      sampleTypes: sampleTypes, defaultSampleType: defaultSampleType, periodType: periodType,
      period: period)
  }

  /// Adds one sample; the leaf is the first frame.
  package mutating func add(stack: [Frame], values: [Int64], labels: [Profile.Label] = []) {
    precondition(values.count == profile.sampleTypes.count, "one value for each sample type")
    add(locations: stack.map { location(of: $0) }, values: values, labels: labels)
  }

  /// Adds one sample whose frames were placed before with `location(of:)`.
  package mutating func add(locations: [Int32], values: [Int64], labels: [Profile.Label] = []) {
    let key = SampleKey(locations: locations, labels: labels)
    guard let position = samples[key] else {
      samples[key] = profile.samples.count
      profile.samples.append(Profile.Sample(locations: locations, values: values, labels: labels))
      return
    }
    for index in values.indices {
      let (sum, overflow) = profile.samples[position].values[index]
        .addingReportingOverflow(values[index])
      profile.samples[position].values[index] = overflow ? .max : sum
    }
  }

  /// The position of a frame's location, made on first sight.
  package mutating func location(of frame: Frame) -> Int32 {
    let lines = frame.lines.map { Profile.Line(function: place($0.function), line: $0.line) }
    let location = Profile.Location(
      mapping: frame.mapping.map { place($0) }, address: frame.address, lines: lines)
    return Self.intern(location, in: &locations, list: &profile.locations)
  }

  package mutating func setTime(startNanoseconds: Int64, durationNanoseconds: Int64) {
    profile.timeNanoseconds = startNanoseconds
    profile.durationNanoseconds = durationNanoseconds
  }

  /// Names the program: readers take the first mapping for it, so this comes before any stack.
  package mutating func setProgram(_ mapping: Profile.Mapping) { _ = place(mapping) }

  package mutating func addComment(_ comment: String) { profile.comments.append(comment) }

  private mutating func place(_ function: Profile.Function) -> Int32 {
    Self.intern(function, in: &functions, list: &profile.functions)
  }

  private mutating func place(_ mapping: Profile.Mapping) -> Int32 {
    Self.intern(mapping, in: &mappings, list: &profile.mappings)
  }

  private static func intern<Value: Hashable>(
    _ value: Value, in positions: inout [Value: Int32], list: inout [Value]
  ) -> Int32 {
    if let known = positions[value] { return known }
    let position = Int32(list.count)
    list.append(value)
    positions[value] = position
    return position
  }
}
