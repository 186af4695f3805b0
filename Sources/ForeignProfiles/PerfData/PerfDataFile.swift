/// The frame of a perf.data file: where its parts lie.
///
///     "PERFILE2"  header size  attr size                8 bytes each
///     attrs  data  event types                          offset and size of each section
///     256 bits: which features follow the data, in the order of their bits, each as offset, size
///
/// A header of 16 bytes means that the file was written to a pipe: then there is only data, and
/// attributes and features are records in it.
struct PerfDataFile {
  static let magic = Array("PERFILE2".utf8)

  struct Section {
    let start: Int
    let end: Int
  }

  let isPiped: Bool
  let attrSize: Int
  let attrs: Section
  let data: Section
  /// By the number of the feature.
  let features: [Int: Section]

  init(_ bytes: [UInt8]) throws(ForeignError) {
    guard bytes.starts(with: Self.magic) else {
      throw .unsupported(
        .perfData, "of another byte order or age; `perf script -i FILE` makes text of it")
    }
    var words = Words(bytes, at: 8)
    let headerSize = try words.u64("header size")
    if headerSize == 16 {
      isPiped = true
      attrSize = 0
      attrs = Section(start: 0, end: 0)
      data = Section(start: 16, end: bytes.count)
      features = [:]
      return
    }
    isPiped = false
    guard headerSize >= 104, headerSize < 1 << 16 else {
      throw .malformed(.perfData, .field("header size", offset: 8), "it is \(headerSize)")
    }
    let size = try words.u64("attr size")
    guard size >= 80, size < 1 << 16 else {
      throw .malformed(.perfData, .field("attr size", offset: 16), "it is \(size)")
    }
    attrSize = Int(size)
    attrs = try Self.section(&words, "attrs")
    data = try Self.section(&words, "data")
    _ = try words.u64("event types")
    _ = try words.u64("event types")
    var list = Words(bytes, at: data.end)
    var features: [Int: Section] = [:]
    for word in 0..<4 {
      let bits = try words.u64("features")
      for bit in 0..<64 where bits >> UInt64(bit) & 1 == 1 {
        features[word * 64 + bit] = try Self.section(&list, "features")
      }
    }
    self.features = features
  }

  private static func section(_ words: inout Words, _ name: String) throws(ForeignError) -> Section
  {
    let place = ForeignError.Place.field(name, offset: words.offset)
    let (start, size) = (try words.u64(name), try words.u64(name))
    let (end, overflow) = start.addingReportingOverflow(size)
    guard !overflow, end <= UInt64(words.bytes.count) else {
      throw .malformed(
        .perfData, place,
        "the section ends at byte \(overflow ? .max : end) of a file of \(words.bytes.count): "
          + "the recording was cut short")
    }
    return Section(start: Int(start), end: Int(end))
  }
}
