package import Basics

/// Writes a profile as gzipped `profile.proto`.
///
/// Equal profiles give equal bytes.
///
/// Ids are positions plus one; strings are numbered in the order of first use. Zero fields are
/// left out, as proto3 has it.
package enum ProfileWriter {
  package static func write(_ profile: Profile, to path: String) throws(SystemError) {
    try FileSystem.replace(path, with: encode(profile))
  }

  package static func encode(_ profile: Profile) -> [UInt8] { Zlib.gzip(plain(profile)) }

  /// The bytes before compression.
  static func plain(_ profile: Profile) -> [UInt8] {
    var writer = Writer()
    for type in profile.sampleTypes { writer.field(1) { $0.valueType(type, &$1) } }
    for sample in profile.samples { writer.field(2) { $0.sample(sample, &$1) } }
    for (position, mapping) in profile.mappings.enumerated() {
      writer.field(3) { $0.mapping(mapping, id: position + 1, &$1) }
    }
    for (position, location) in profile.locations.enumerated() {
      writer.field(4) { Names.location(location, id: position + 1, &$1) }
    }
    for (position, function) in profile.functions.enumerated() {
      writer.field(5) { $0.function(function, id: position + 1, &$1) }
    }
    writer.body.number(7, writer.names.strings.number(profile.dropFrames))
    writer.body.number(8, writer.names.strings.number(profile.keepFrames))
    writer.body.number(9, UInt64(bitPattern: profile.timeNanoseconds))
    writer.body.number(10, UInt64(bitPattern: profile.durationNanoseconds))
    if let type = profile.periodType { writer.field(11) { $0.valueType(type, &$1) } }
    writer.body.number(12, UInt64(bitPattern: profile.period))
    writer.body.packed(13, profile.comments.map { writer.names.strings.number($0) })
    writer.body.number(14, writer.names.strings.number(profile.defaultSampleType))
    writer.body.number(15, writer.names.strings.number(profile.documentationURL))
    for string in writer.names.strings.list { writer.body.text(6, string) }
    return writer.body.bytes
  }

  private struct Writer {
    var body = WireWriter()
    var names = Names()

    mutating func field(_ number: Int, _ fill: (inout Names, inout WireWriter) -> Void) {
      var inner = WireWriter()
      fill(&names, &inner)
      body.message(number, inner)
    }
  }

  /// Writes the messages of a profile, numbering strings on the way.
  private struct Names {
    var strings = StringNumbers()

    mutating func valueType(_ type: Profile.ValueType, _ out: inout WireWriter) {
      out.number(1, strings.number(type.type))
      out.number(2, strings.number(type.unit))
    }

    mutating func sample(_ sample: Profile.Sample, _ out: inout WireWriter) {
      out.packed(1, sample.locations.map { UInt64($0) + 1 })
      out.packed(2, sample.values.map { UInt64(bitPattern: $0) })
      for label in sample.labels {
        out.message(3) { inner in
          inner.number(1, strings.number(label.key))
          switch label.value {
          case .text(let text): inner.number(2, strings.number(text))
          case .number(let number, let unit):
            inner.number(3, UInt64(bitPattern: number))
            inner.number(4, strings.number(unit))
          }
        }
      }
    }

    mutating func mapping(_ mapping: Profile.Mapping, id: Int, _ out: inout WireWriter) {
      out.number(1, UInt64(id))
      out.number(2, mapping.start)
      out.number(3, mapping.limit)
      out.number(4, mapping.offset)
      out.number(5, strings.number(mapping.filename))
      out.number(6, strings.number(mapping.buildID))
      out.number(7, mapping.hasFunctions ? 1 : 0)
      out.number(8, mapping.hasFilenames ? 1 : 0)
      out.number(9, mapping.hasLineNumbers ? 1 : 0)
      out.number(10, mapping.hasInlineFrames ? 1 : 0)
    }

    static func location(_ location: Profile.Location, id: Int, _ out: inout WireWriter) {
      out.number(1, UInt64(id))
      out.number(2, location.mapping.map { UInt64($0) + 1 } ?? 0)
      out.number(3, location.address)
      for line in location.lines {
        out.message(4) { inner in
          inner.number(1, UInt64(line.function) + 1)
          inner.number(2, UInt64(bitPattern: line.line))
          inner.number(3, UInt64(bitPattern: line.column))
        }
      }
      out.number(5, location.isFolded ? 1 : 0)
    }

    mutating func function(_ function: Profile.Function, id: Int, _ out: inout WireWriter) {
      out.number(1, UInt64(id))
      out.number(2, strings.number(function.name))
      out.number(3, strings.number(function.systemName))
      out.number(4, strings.number(function.filename))
      out.number(5, UInt64(bitPattern: function.startLine))
    }
  }

  /// Strings in the order of first use; number 0 is the empty one.
  private struct StringNumbers {
    var list = [""]
    private var known = ["": UInt64(0)]

    mutating func number(_ string: String) -> UInt64 {
      if let number = known[string] { return number }
      let number = UInt64(list.count)
      list.append(string)
      known[string] = number
      return number
    }
  }
}

/// Appends protobuf fields to bytes.
package struct WireWriter {
  package var bytes: [UInt8] = []

  package init() {}

  package mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A number, left out when it is zero.
  package mutating func number(_ field: Int, _ value: UInt64) {
    if value == 0 { return }
    varint(UInt64(field) << 3)
    varint(value)
  }

  package mutating func packed(_ field: Int, _ values: [UInt64]) {
    if values.isEmpty { return }
    message(field) { inner in
      for value in values { inner.varint(value) }
    }
  }

  package mutating func text(_ field: Int, _ text: String) {
    message(field) { $0.bytes += Array(text.utf8) }
  }

  package mutating func message(_ field: Int, _ fill: (inout WireWriter) -> Void) {
    var inner = WireWriter()
    fill(&inner)
    message(field, inner)
  }

  package mutating func message(_ field: Int, _ inner: WireWriter) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(inner.bytes.count))
    bytes += inner.bytes
  }
}
