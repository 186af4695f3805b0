import Pprof

/// The profile itself as text, as `go tool pprof -raw` prints it.
package struct RawView: Sendable {
  package let subject: ViewSubject

  package init(_ combined: CombinedProfile, _ options: ViewOptions) throws(ViewError) {
    subject = try ViewSubject(combined, options)
  }

  /// The text; `fullTime` writes a point in time as Go's `time.Time` does.
  package func text(fullTime: (_ nanoseconds: Int64) -> String) -> String {
    let profile = subject.profile
    var lines = profile.comments.map { "Comment: \($0)" }
    let period = profile.periodType ?? Profile.ValueType("", "")
    lines.append("PeriodType: \(period.type) \(period.unit)")
    lines.append("Period: \(profile.period)")
    if profile.timeNanoseconds != 0 { lines.append("Time: \(fullTime(profile.timeNanoseconds))") }
    if profile.durationNanoseconds != 0 {
      lines.append("Duration: \(GoDuration.text(profile.durationNanoseconds).prefix(4))")
    }
    lines.append("Samples:")
    let types = profile.sampleTypes.map { type in
      "\(type.type)/\(type.unit)\(type.type == profile.defaultSampleType ? "[dflt]" : "")"
    }
    lines.append(types.joined(separator: " "))
    for sample in profile.samples { lines += self.lines(sample) }
    lines.append("Locations")
    for index in profile.locations.indices { lines += self.lines(location: index) }
    lines.append("Mappings")
    lines += profile.mappings.enumerated().map { line($1, $0 + 1) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(_ sample: Profile.Sample) -> [String] {
    let values = sample.values.map { " " + UnitScale.padded("\($0)", to: 10) }.joined()
    let stack = sample.locations.map { "\($0 + 1) " }.joined()
    let tags = SampleTags(sample)
    let indent = String(repeating: " ", count: 16)
    let texts = tags.texts.map { "\($0.key):[\($0.values.joined(separator: " "))]" }
    let numbers = tags.numbers.map { label in
      let values = label.values.enumerated().map { index, value in
        label.units.isEmpty ? "\(value)" : "\(value) \(label.units[index])"
      }
      return "\(label.key):[\(values.joined(separator: " "))]"
    }
    return ["\(values): \(stack)"]
      + [texts, numbers].filter { !$0.isEmpty }.map { indent + joined($0) }
  }

  private func joined(_ texts: [String]) -> String {
    texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: " ")
  }

  private func lines(location index: Int) -> [String] {
    let location = subject.profile.locations[index]
    let number = UnitScale.padded("\(index + 1)", to: 6)
    let mapping = location.mapping.map { "M=\($0 + 1) " } ?? ""
    let head =
      "\(number): 0x\(UnitScale.hexadecimal(location.address)) \(mapping)"
      + (location.isFolded ? "[F] " : "")
    if location.lines.isEmpty { return [head] }
    return location.lines.enumerated().map { position, line in
      let function = subject.profile.functions[Int(line.function)]
      let other = function.name == function.systemName ? "" : "(\(function.systemName))"
      let start = position == 0 ? head : String(repeating: " ", count: 13)
      return "\(start)\(function.name) \(function.filename):\(line.line) "
        + "s=\(function.startLine)\(other)"
    }
  }

  private func line(_ mapping: Profile.Mapping, _ number: Int) -> String {
    let places = [mapping.start, mapping.limit, mapping.offset]
      .map { "0x\(UnitScale.hexadecimal($0))" }.joined(separator: "/")
    let bits = [
      (mapping.hasFunctions, "[FN]"), (mapping.hasFilenames, "[FL]"),
      (mapping.hasLineNumbers, "[LN]"), (mapping.hasInlineFrames, "[IN]"),
    ].filter(\.0).map(\.1).joined()
    return "\(number): \(places) \(mapping.filename) \(mapping.buildID) \(bits)"
  }
}

/// A stretch of time as Go's `time.Duration` prints it, such as `1h2m3.5s` or `1.5ms`.
enum GoDuration {
  static func text(_ nanoseconds: Int64) -> String {
    let size = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    if size == 0 { return "0s" }
    if size < 1_000 { return "\(sign)\(size)ns" }
    if size < 1_000_000 { return "\(sign)\(decimal(size, 1_000))µs" }
    if size < 1_000_000_000 { return "\(sign)\(decimal(size, 1_000_000))ms" }
    let (minutes, rest) = size.quotientAndRemainder(dividingBy: 60_000_000_000)
    let seconds = "\(decimal(rest, 1_000_000_000))s"
    if minutes == 0 { return sign + seconds }
    if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
    return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
  }

  private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
    if rest == 0 { return "\(whole)" }
    var digits = "\(rest)"
    digits = String(repeating: "0", count: "\(unit)".count - 1 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}
