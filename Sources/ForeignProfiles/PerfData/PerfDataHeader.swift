/// Which events a perf.data file holds, and what its features say of them and of files.
struct PerfDataHeader {
  private(set) var attributes: [EventAttribute] = []
  private var numbers: [UInt64: Int] = [:]
  private var identities = 0
  private(set) var buildIDs: [String: String] = [:]

  /// As many events as one recording can sensibly have.
  private static let attributeLimit = 4_096
  /// One for each event and processor or thread.
  private static let identityLimit = 4_000_000

  private enum Feature {
    static let buildID = 2
    static let eventDescription = 12
    static let compressed = 27
  }

  init(_ file: PerfDataFile, _ bytes: [UInt8]) throws(ForeignError) {
    if file.features[Feature.compressed] != nil { throw Self.compressed }
    var start = file.attrs.start
    while !file.isPiped, start + file.attrSize <= file.attrs.end {
      var words = Words(bytes, at: start, to: start + file.attrSize - 16)
      let attribute = try EventAttribute(&words)
      var tail = Words(bytes, at: start + file.attrSize - 16, to: start + file.attrSize)
      let (place, size) = (try tail.u64("event ids"), try tail.u64("event ids"))
      guard place <= UInt64(bytes.count), size <= UInt64(bytes.count) - place else {
        throw .malformed(.perfData, .field("event ids", offset: start), "they lie past the end")
      }
      var ids = Words(bytes, at: Int(place), to: Int(place + size))
      try add(attribute, &ids)
      start += file.attrSize
    }
    if let section = file.features[Feature.eventDescription] {
      try readNames(Words(bytes, at: section.start, to: section.end))
    }
    if let section = file.features[Feature.buildID] {
      try readBuildIDs(Words(bytes, at: section.start, to: section.end))
    }
  }

  static let compressed = ForeignError.unsupported(
    .perfData, "with compressed records (perf record -z); `perf script -i FILE` makes text of it")

  /// The event whose identity a sample carries; the first where there is only one.
  func number(of identity: UInt64?) -> Int {
    identity.flatMap { numbers[$0] } ?? 0
  }

  // MARK: - From a pipe

  /// PERF_RECORD_HEADER_ATTR: an attribute and the identities of its counters.
  mutating func readAttribute(_ words: Words) throws(ForeignError) {
    var words = words
    let start = words.offset
    var size = Words(words.bytes, at: start, to: words.end)
    _ = try size.u32("attr type")
    let length = Int(try size.u32("attr size"))
    let attribute = try EventAttribute(&words)
    let end = start + max(48, length)
    guard end <= words.end else {
      throw .malformed(.perfData, .field("attr size", offset: start), "it is \(length)")
    }
    var ids = Words(words.bytes, at: end, to: words.end)
    try add(attribute, &ids)
  }

  /// PERF_RECORD_HEADER_FEATURE.
  mutating func readFeature(_ words: Words) throws(ForeignError) {
    var words = words
    let feature = try words.u64("feature")
    if feature == UInt64(Feature.eventDescription) { try readNames(words) }
    if feature == UInt64(Feature.compressed) { throw Self.compressed }
  }

  mutating func readBuildID(_ words: Words, misc: UInt16) throws(ForeignError) {
    var words = words
    _ = try words.u32("build id")
    let start = words.offset
    try words.skip(24, "build id")
    // Newer files say how long it is; older ones pad it with zeros.
    let size = misc & 0x8000 != 0 ? min(20, Int(words.bytes[start + 20])) : 20
    buildIDs[words.text()] = Self.hexadecimal(words.bytes[start..<start + size])
  }

  static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  // MARK: - Parts

  private mutating func add(_ attribute: EventAttribute, _ ids: inout Words) throws(ForeignError) {
    if attribute.has(EventAttribute.Bit.userStack) {
      throw .unsupported(
        .perfData,
        "with copied stacks (perf record --call-graph dwarf), which only perf unwinds; "
          + "`perf script -i FILE` makes text of it")
    }
    guard attributes.count < Self.attributeLimit else {
      throw .beyondLimit(
        .perfData, "events", .field("attrs", offset: ids.offset), limit: Self.attributeLimit,
        flag: nil)
    }
    attributes.append(attribute)
    while ids.remaining >= 8 {
      numbers[try ids.u64("event ids")] = attributes.count - 1
      identities += 1
      // Many attributes may claim the same long list.
      guard identities <= Self.identityLimit else {
        throw .beyondLimit(
          .perfData, "event ids", .field("attrs", offset: ids.offset), limit: Self.identityLimit,
          flag: nil)
      }
    }
  }

  private mutating func readNames(_ words: Words) throws(ForeignError) {
    var words = words
    let count = try words.u32("event description")
    let size = Int(try words.u32("event description"))
    for index in 0..<Int(count) {
      try words.skip(size, "event description")
      let ids = Int(try words.u32("event description"))
      let name = try words.countedText("event description")
      try words.skip(ids * 8, "event description")
      guard index < attributes.count else { return }
      attributes[index].name = PerfEvent.plainName(name)
    }
  }

  private mutating func readBuildIDs(_ words: Words) throws(ForeignError) {
    var words = words
    while words.remaining >= 8 {
      let start = words.offset
      _ = try words.u32("build id")
      let misc = try words.u16("build id")
      let size = Int(try words.u16("build id"))
      guard size >= 36, start + size <= words.end else { return }
      try readBuildID(Words(words.bytes, at: start + 8, to: start + size), misc: misc)
      try words.skip(size - 8, "build id")
    }
  }
}
