import Pprof

/// Brings profiles that count in different units to the finest of each, so that they can be added.
enum CommonUnits {
  static func align(_ owned: consuming [Profile]) throws(ViewError) -> [Profile] {
    if owned.count < 2 { return owned }
    let profiles = owned
    let first = profiles[0]
    for profile in profiles where profile.sampleTypes.count != first.sampleTypes.count {
      throw .differentTypes(names(first.sampleTypes), names(profile.sampleTypes))
    }
    let period = try finest(profiles.map { $0.periodType ?? Profile.ValueType("", "") })
    var types: [Profile.ValueType] = []
    for index in first.sampleTypes.indices {
      types.append(try finest(profiles.map { $0.sampleTypes[index] }))
    }
    let aligned = profiles.map { scaled($0, to: types, period: period) }
    for profile in aligned where !matches(profile, aligned[0]) {
      throw .differentTypes(names(aligned[0].sampleTypes), names(profile.sampleTypes))
    }
    return aligned
  }

  private static func matches(_ one: Profile, _ other: Profile) -> Bool {
    one.sampleTypes == other.sampleTypes && one.periodType == other.periodType
  }

  private static func scaled(
    _ profile: Profile, to types: [Profile.ValueType], period: Profile.ValueType
  ) -> Profile {
    var result = profile
    let old = profile.periodType ?? Profile.ValueType("", "")
    result.period = Int64(
      clamping: UnitScale.scale(profile.period, from: old.unit, to: period.unit).value)
    result.periodType = Profile.ValueType(old.type, period.unit)
    var ratios: [Double] = []
    for (index, type) in profile.sampleTypes.enumerated() {
      ratios.append(UnitScale.scale(1, from: type.unit, to: types[index].unit).value)
      result.sampleTypes[index].unit = types[index].unit
    }
    return result.scaled(by: ratios)
  }

  private static func finest(
    _ types: [Profile.ValueType]
  ) throws(ViewError) -> Profile.ValueType {
    var finest = types[0]
    for type in types.dropFirst() {
      guard fit(finest, type) else { throw .differentTypes(names([finest]), names([type])) }
      if UnitScale.scale(1, from: type.unit, to: finest.unit).value < 1 { finest = type }
    }
    return finest
  }

  /// A plural is no difference, and neither are two units of one kind.
  private static func fit(_ one: Profile.ValueType, _ other: Profile.ValueType) -> Bool {
    let singular = { (word: String) in word.hasSuffix("s") ? String(word.dropLast()) : word }
    guard singular(one.type) == singular(other.type) else { return false }
    return one.unit == other.unit || UnitScale.isSameKind(one.unit, other.unit)
  }

  private static func names(_ types: [Profile.ValueType]) -> String {
    types.map { "\($0.type)/\($0.unit)" }.joined(separator: " ")
  }
}

extension Profile {
  /// Each value times the ratio of its type; samples of which a changed value is left are kept.
  func scaled(by ratios: [Double]) -> Profile {
    if ratios.allSatisfy({ $0 == 1 }) { return self }
    var result = self
    result.samples = samples.compactMap { sample in
      var sample = sample
      var isKept = false
      for (index, ratio) in ratios.enumerated() where ratio != 1 {
        sample.values[index] = sample.values[index].times(ratio)
        isKept = isKept || sample.values[index] != 0
      }
      return isKept ? sample : nil
    }
    return result
  }
}

extension Int64 {
  /// Rounded half away from zero; −1 and 1 are exact, however large the number.
  fileprivate func times(_ ratio: Double) -> Int64 {
    ratio == -1 ? 0 &- self : Int64(clamping: (Double(self) * ratio).rounded())
  }

  /// The whole part of a number, or the nearest number there is.
  init(clamping value: Double) {
    if let exact = Int64(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }
}
