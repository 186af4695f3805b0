/// A profile as it stands on the wire: ids instead of positions, string numbers instead of strings.
struct WireProfile {
  let limits: ProfileLimits
  /// Bytes of memory that the collected parts may still take, roughly.
  private var budget: Int
  private let wholeBudget: Int

  var sampleTypes: [(UInt64, UInt64)] = []
  var samples = WireSamples()
  var mappings: [Mapping] = []
  var locations: [Location] = []
  var functions: [Function] = []
  var strings: [String] = []
  var numbers: [Int: Int64] = [:]
  var comments: [UInt64] = []
  var periodType: (UInt64, UInt64)?

  struct Mapping {
    /// Numbers by field: id, start, limit, offset, filename, build id, and the four flags.
    var numbers = [UInt64](repeating: 0, count: 11)
  }

  struct Location {
    var id: UInt64 = 0
    var mapping: UInt64 = 0
    var address: UInt64 = 0
    var lines: [(function: UInt64, line: Int64, column: Int64)] = []
    var isFolded = false
  }

  struct Function {
    var id: UInt64 = 0
    var name: UInt64 = 0
    var systemName: UInt64 = 0
    var filename: UInt64 = 0
    var startLine: Int64 = 0
  }

  init(limits: ProfileLimits, budget: Int) {
    self.limits = limits
    self.budget = budget
    wholeBudget = budget
  }

  mutating func add(_ field: FieldStream.Field) throws(ProfileError) {
    var reader = field.reader(Self.name(field.number))
    switch (field.number, field.wire) {
    case (1, .bytes): sampleTypes.append(try Self.valueType(&reader))
    case (2, .bytes): try addSample(&reader)
    case (3, .bytes):
      var mapping = Mapping()
      try Self.read(&reader, into: &mapping.numbers)
      mappings.append(mapping)
      try spend(160, reader)
    case (4, .bytes): try addLocation(&reader)
    case (5, .bytes): try addFunction(&reader)
    case (6, .bytes):
      strings.append(reader.text)
      try spend(48 + field.range.count, reader)
      try check(strings.count, limits.strings, reader, "--max-strings")
    case (7...10, .varint), (12, .varint), (14...15, .varint):
      if field.number == 9, numbers[9, default: 0] != 0 { throw .concatenated }
      numbers[field.number] = Int64(bitPattern: field.number64)
    case (11, .bytes):
      if periodType != nil { throw .concatenated }
      periodType = try Self.valueType(&reader)
    case (13, .varint): comments.append(field.number64)
    case (13, .bytes):
      while !reader.isAtEnd { comments.append(try reader.varint()) }
      try check(comments.count, limits.strings, reader, "--max-strings")
    case (1...15, _): throw reader.malformed("the wrong wire type")
    default: break
    }
  }

  private mutating func addSample(_ reader: inout WireReader) throws(ProfileError) {
    let weight = try samples.add(&reader, limits)
    try spend(weight, reader)
    if samples.count > limits.samples {
      throw .beyondLimit(
        field: "samples", offset: reader.offset, limit: limits.samples, flag: "--max-samples")
    }
  }

  private mutating func addLocation(_ reader: inout WireReader) throws(ProfileError) {
    var location = Location()
    while !reader.isAtEnd {
      let (number, wire) = try reader.key()
      switch number {
      case 1: location.id = UInt64(bitPattern: try reader.signed(wire))
      case 2: location.mapping = UInt64(bitPattern: try reader.signed(wire))
      case 3: location.address = UInt64(bitPattern: try reader.signed(wire))
      case 4:
        let outer = try reader.enter(wire, "line")
        location.lines.append(try Self.line(&reader))
        reader.leave(outer)
        if location.lines.count > limits.stackDepth {
          throw .beyondLimit(
            field: "lines", offset: reader.offset, limit: limits.stackDepth, flag: "--max-depth")
        }
      case 5: location.isFolded = try reader.signed(wire) != 0
      default: try reader.skip(wire)
      }
    }
    locations.append(location)
    try spend(160 + 48 * location.lines.count, reader)
  }

  private static func line(
    _ reader: inout WireReader
  ) throws(ProfileError) -> (function: UInt64, line: Int64, column: Int64) {
    var line: (function: UInt64, line: Int64, column: Int64) = (0, 0, 0)
    while !reader.isAtEnd {
      let (number, wire) = try reader.key()
      switch number {
      case 1: line.function = UInt64(bitPattern: try reader.signed(wire))
      case 2: line.line = try reader.signed(wire)
      case 3: line.column = try reader.signed(wire)
      default: try reader.skip(wire)
      }
    }
    return line
  }

  private mutating func addFunction(_ reader: inout WireReader) throws(ProfileError) {
    var function = Function()
    while !reader.isAtEnd {
      let (number, wire) = try reader.key()
      switch number {
      case 1: function.id = UInt64(bitPattern: try reader.signed(wire))
      case 2: function.name = UInt64(bitPattern: try reader.signed(wire))
      case 3: function.systemName = UInt64(bitPattern: try reader.signed(wire))
      case 4: function.filename = UInt64(bitPattern: try reader.signed(wire))
      case 5: function.startLine = try reader.signed(wire)
      default: try reader.skip(wire)
      }
    }
    functions.append(function)
    try spend(160, reader)
  }

  private static func valueType(
    _ reader: inout WireReader
  ) throws(ProfileError) -> (UInt64, UInt64) {
    var numbers = [UInt64](repeating: 0, count: 3)
    try read(&reader, into: &numbers)
    return (numbers[1], numbers[2])
  }

  /// Reads a message of plain numbers into a list by field number.
  private static func read(
    _ reader: inout WireReader, into numbers: inout [UInt64]
  ) throws(ProfileError) {
    while !reader.isAtEnd {
      let (number, wire) = try reader.key()
      if number < numbers.count {
        numbers[number] = UInt64(bitPattern: try reader.signed(wire))
      } else {
        try reader.skip(wire)
      }
    }
  }

  private mutating func spend(_ bytes: Int, _ reader: WireReader) throws(ProfileError) {
    budget -= bytes
    if budget < 0 {
      throw .beyondLimit(
        field: "\(reader.field) (bytes of memory)", offset: reader.offset, limit: wholeBudget,
        flag: "--max-memory")
    }
  }

  private func check(
    _ count: Int, _ limit: Int, _ reader: WireReader, _ flag: String
  ) throws(ProfileError) {
    if count > limit {
      throw .beyondLimit(
        field: "\(reader.field)", offset: reader.offset, limit: limit, flag: flag)
    }
  }

  private static let names: [StaticString] = [
    "", "sample type", "sample", "mapping", "location", "function", "string", "drop frames",
    "keep frames", "time", "duration", "period type", "period", "comment",
    "default sample type", "documentation",
  ]

  private static func name(_ number: Int) -> StaticString {
    number < names.count ? names[number] : "an unknown field"
  }
}
