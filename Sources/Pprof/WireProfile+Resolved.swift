extension WireProfile {
  /// The same profile with positions for ids and text for string numbers, every one checked.
  func resolved() throws(ProfileError) -> Profile {
    if let first = strings.first, !first.isEmpty {
      throw .inconsistent("the string table does not begin with the empty string")
    }
    let mappingAt = try positions(of: mappings.map { $0.numbers[1] }, "mapping")
    let functionAt = try positions(of: functions.map { $0.numbers[1] }, "function")
    let locationAt = try positions(of: locations.map(\.id), "location")
    var profile = Profile()
    for type in sampleTypes { profile.sampleTypes.append(try valueType(type)) }
    for mapping in mappings { profile.mappings.append(try value(mapping)) }
    for function in functions { profile.functions.append(try value(function)) }
    profile.locations.reserveCapacity(locations.count)
    for location in locations {
      profile.locations.append(try value(location, mappingAt, functionAt))
    }
    profile.samples.reserveCapacity(samples.count)
    for sample in samples { profile.samples.append(try value(sample, locationAt)) }
    profile.defaultSampleType = try text(number(14))
    profile.periodType = try periodType.map { type throws(ProfileError) in try valueType(type) }
    profile.period = numbers[12, default: 0]
    profile.timeNanoseconds = numbers[9, default: 0]
    profile.durationNanoseconds = numbers[10, default: 0]
    for comment in comments { profile.comments.append(try text(comment)) }
    profile.dropFrames = try text(number(7))
    profile.keepFrames = try text(number(8))
    profile.documentationURL = try text(number(15))
    return profile
  }

  private func number(_ field: Int) -> UInt64 {
    UInt64(bitPattern: numbers[field, default: 0])
  }

  private func text(_ number: UInt64) throws(ProfileError) -> String {
    if number == 0 { return "" }
    guard number < UInt64(strings.count) else {
      throw .inconsistent("string \(number) of \(strings.count) is asked for")
    }
    return strings[Int(number)]
  }

  private func valueType(_ type: (UInt64, UInt64)) throws(ProfileError) -> Profile.ValueType {
    Profile.ValueType(try text(type.0), try text(type.1))
  }

  private func positions(
    of ids: [UInt64], _ what: String
  ) throws(ProfileError) -> [UInt64: Int32] {
    var found: [UInt64: Int32] = [:]
    found.reserveCapacity(ids.count)
    for (position, id) in ids.enumerated() {
      if id == 0 { throw .inconsistent("a \(what) has id 0") }
      if found.updateValue(Int32(position), forKey: id) != nil {
        throw .inconsistent("two \(what)s have id \(id)")
      }
    }
    return found
  }

  private func value(_ mapping: Mapping) throws(ProfileError) -> Profile.Mapping {
    let n = mapping.numbers
    return Profile.Mapping(
      start: n[2], limit: n[3], offset: n[4], filename: try text(n[5]), buildID: try text(n[6]),
      hasFunctions: n[7] != 0, hasFilenames: n[8] != 0, hasLineNumbers: n[9] != 0,
      hasInlineFrames: n[10] != 0)
  }

  private func value(_ function: Function) throws(ProfileError) -> Profile.Function {
    let n = function.numbers
    return Profile.Function(
      name: try text(n[2]), systemName: try text(n[3]), filename: try text(n[4]),
      startLine: Int64(bitPattern: n[5]))
  }

  private func value(
    _ location: Location, _ mappingAt: [UInt64: Int32], _ functionAt: [UInt64: Int32]
  ) throws(ProfileError) -> Profile.Location {
    var lines: [Profile.Line] = []
    for line in location.lines {
      guard let function = functionAt[line.function] else {
        throw .inconsistent("location \(location.id) names function \(line.function), not there")
      }
      lines.append(Profile.Line(function: function, line: line.line, column: line.column))
    }
    guard location.mapping == 0 || mappingAt[location.mapping] != nil else {
      throw .inconsistent("location \(location.id) names mapping \(location.mapping), not there")
    }
    return Profile.Location(
      mapping: mappingAt[location.mapping], address: location.address, lines: lines,
      isFolded: location.isFolded)
  }

  private func value(
    _ sample: Sample, _ locationAt: [UInt64: Int32]
  ) throws(ProfileError) -> Profile.Sample {
    guard sample.values.count == sampleTypes.count else {
      throw .inconsistent(
        "a sample has \(sample.values.count) values for \(sampleTypes.count) sample types")
    }
    var stack: [Int32] = []
    stack.reserveCapacity(sample.locations.count)
    for id in sample.locations {
      guard let position = locationAt[id] else {
        throw .inconsistent("a sample names location \(id), not there")
      }
      stack.append(position)
    }
    var labels: [Profile.Label] = []
    for label in sample.labels {
      let key = try text(label.key)
      labels.append(
        label.text != 0
          ? Profile.Label(key, try text(label.text))
          : Profile.Label(key, number: label.number, unit: try text(label.unit)))
    }
    return Profile.Sample(
      locations: stack, values: sample.values.map { Int64(bitPattern: $0) }, labels: labels)
  }
}
