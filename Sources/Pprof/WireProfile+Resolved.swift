extension WireProfile {
  /// The same profile with positions for ids and text for string numbers, every one checked.
  ///
  /// The samples move into it: this value has none afterwards.
  mutating func resolved() throws(ProfileError) -> Profile {
    if let first = strings.first, !first.isEmpty {
      throw .inconsistent("the string table does not begin with the empty string")
    }
    let mappingAt = try IDTable(mappings.map { $0.numbers[1] }, "mapping")
    let functionAt = try IDTable(functions.map(\.id), "function")
    let locationAt = try IDTable(locations.map(\.id), "location")
    var profile = Profile()
    for type in sampleTypes { profile.sampleTypes.append(try valueType(type)) }
    for mapping in mappings { profile.mappings.append(try value(mapping)) }
    for function in functions { profile.functions.append(try value(function)) }
    profile.locations.reserveCapacity(locations.count)
    for location in locations {
      profile.locations.append(try value(location, mappingAt, functionAt))
    }
    profile.defaultSampleType = try text(number(14))
    profile.periodType = try periodType.map { type throws(ProfileError) in try valueType(type) }
    profile.period = numbers[12, default: 0]
    profile.timeNanoseconds = numbers[9, default: 0]
    profile.durationNanoseconds = numbers[10, default: 0]
    for comment in comments { profile.comments.append(try text(comment)) }
    profile.dropFrames = try text(number(7))
    profile.keepFrames = try text(number(8))
    profile.documentationURL = try text(number(15))
    let strings = strings
    profile.samples = try samples.resolve(valueCount: sampleTypes.count, locationAt) {
      number throws(ProfileError) in try Self.text(number, strings)
    }
    return profile
  }

  private func number(_ field: Int) -> UInt64 {
    UInt64(bitPattern: numbers[field, default: 0])
  }

  private func text(_ number: UInt64) throws(ProfileError) -> String {
    try Self.text(number, strings)
  }

  private static func text(
    _ number: UInt64, _ strings: [String]
  ) throws(ProfileError) -> String {
    if number == 0 { return "" }
    guard number < UInt64(strings.count) else {
      throw .inconsistent("string \(number) of \(strings.count) is asked for")
    }
    return strings[Int(number)]
  }

  private func valueType(_ type: (UInt64, UInt64)) throws(ProfileError) -> Profile.ValueType {
    Profile.ValueType(try text(type.0), try text(type.1))
  }

  private func value(_ mapping: Mapping) throws(ProfileError) -> Profile.Mapping {
    let n = mapping.numbers
    return Profile.Mapping(
      start: n[2], limit: n[3], offset: n[4], filename: try text(n[5]), buildID: try text(n[6]),
      hasFunctions: n[7] != 0, hasFilenames: n[8] != 0, hasLineNumbers: n[9] != 0,
      hasInlineFrames: n[10] != 0)
  }

  private func value(_ function: Function) throws(ProfileError) -> Profile.Function {
    Profile.Function(
      name: try text(function.name), systemName: try text(function.systemName),
      filename: try text(function.filename), startLine: function.startLine)
  }

  private func value(
    _ location: Location, _ mappingAt: IDTable, _ functionAt: IDTable
  ) throws(ProfileError) -> Profile.Location {
    var lines: [Profile.Line] = []
    lines.reserveCapacity(location.lines.count)
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
}
