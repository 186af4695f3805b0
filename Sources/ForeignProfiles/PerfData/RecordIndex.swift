/// The records of a perf.data file in the order in which they happened.
///
/// Each processor wrote its own buffer, so neighbours in the file may be seconds apart. What matters
/// for a profile is that a file was mapped before it was sampled, so records are sorted by time.
struct RecordIndex {
  enum Kind: UInt32 {
    case mmap = 1
    case lost = 2
    case comm = 3
    case fork = 7
    case sample = 9
    case mmap2 = 10
    case lostSamples = 13
    case headerAttribute = 64
    case buildID = 67
    case auxtraceInfo = 70
    case auxtrace = 71
    case feature = 80
    case compressed = 81
    case compressed2 = 83
  }

  struct Record {
    let time: UInt64
    /// Where the body begins, behind the header of eight bytes.
    let body: Int
    let size: UInt16
    let misc: UInt16
    let kind: Kind
    let event: UInt16
  }

  private(set) var records: [Record] = []
  private(set) var lost: UInt64 = 0

  /// Walks over all records once; events and build ids that stand among them go to the header.
  init(
    _ file: PerfDataFile, _ bytes: [UInt8], _ header: inout PerfDataHeader, _ budget: inout Budget
  ) throws(ForeignError) {
    var words = Words(bytes, at: file.data.start, to: file.data.end)
    while words.remaining >= 8 {
      let start = words.offset
      let type = try words.u32("record type")
      let misc = try words.u16("record header")
      let size = try words.u16("record size")
      guard size >= 8, Int(size) - 8 <= words.remaining else {
        throw .malformed(
          .perfData, .field("record", offset: start),
          "it claims \(size) bytes and \(words.remaining + 8) are left: the recording was cut short"
        )
      }
      let body = words.offset
      let end = body + Int(size) - 8
      try words.skip(Int(size) - 8, "record")
      guard let kind = Kind(rawValue: type) else { continue }
      let content = Words(bytes, at: body, to: end)
      switch kind {
      case .compressed, .compressed2: throw PerfDataHeader.compressed
      case .auxtrace, .auxtraceInfo:
        throw .unsupported(
          .perfData, "with processor traces; `perf script -i FILE` makes text of it")
      case .headerAttribute: try header.readAttribute(content)
      case .buildID: try header.readBuildID(content, misc: misc)
      case .feature: try header.readFeature(content)
      case .lost, .lostSamples: try addLost(kind, content)
      case .sample: try budget.addSample(at: .field("record", offset: start)); fallthrough
      case .mmap, .mmap2, .comm, .fork:
        try budget.spend(32, at: .field("record", offset: start))
        let event = try event(kind, content, header)
        guard event < header.attributes.count else {
          throw .malformed(.perfData, .field("record", offset: start), "it has no event")
        }
        let time = try time(kind, content, header.attributes[event])
        records.append(
          Record(
            time: time, body: body, size: size - 8, misc: misc, kind: kind,
            event: UInt16(clamping: event)))
      }
    }
    sort()
  }

  /// Records of one time stay in the order of the file.
  private mutating func sort() {
    if zip(records, records.dropFirst()).allSatisfy({ $0.time <= $1.time }) { return }
    records.sort { ($0.time, $0.body) < ($1.time, $1.body) }
  }

  private mutating func addLost(_ kind: Kind, _ content: Words) throws(ForeignError) {
    var content = content
    if kind == .lost { try content.skip(8, "lost") }
    let (sum, overflow) = lost.addingReportingOverflow(try content.u64("lost"))
    lost = overflow ? .max : sum
  }

  private func event(
    _ kind: Kind, _ content: Words, _ header: PerfDataHeader
  ) throws(ForeignError) -> Int {
    guard kind == .sample, header.attributes.count > 1, let first = header.attributes.first,
      let offset = PerfSample.identityOffset(first)
    else { return 0 }
    var content = content
    try content.skip(offset, "sample identifier")
    return header.number(of: try content.u64("sample identifier"))
  }

  private func time(
    _ kind: Kind, _ content: Words, _ attribute: EventAttribute
  ) throws(ForeignError) -> UInt64 {
    typealias Bit = EventAttribute.Bit
    guard attribute.has(Bit.time) else { return 0 }
    var content = content
    if kind == .sample {
      let before = [Bit.identifier, Bit.ip, Bit.tid].reduce(0) {
        $0 + (attribute.has($1) ? 8 : 0)
      }
      try content.skip(before, "sample time")
      return try content.u64("sample time")
    }
    guard attribute.hasSampleIDs else { return 0 }
    let behind = [Bit.id, Bit.streamID, Bit.cpu, Bit.identifier].reduce(8) {
      $0 + (attribute.has($1) ? 8 : 0)
    }
    try content.skip(content.remaining - behind, "record time")
    return try content.u64("record time")
  }
}
