import Pprof
import Vocabulary

/// Reads perf.data itself: events, processes, mapped files, samples with their call chains.
///
/// Names of functions are not in such a file. A place is its file and offset, unless the caller
/// knows better; the mapping keeps the build id, so that others can look it up later.
struct PerfDataReader {
  static func recognizes(_ head: [UInt8]) -> Bool {
    head.starts(with: PerfDataFile.magic) || head.starts(with: Array("2ELIFREP".utf8))
      || head.starts(with: Array("PERFFILE".utf8))
  }

  static func read(
    _ bytes: [UInt8], _ budget: Budget, _ naming: AddressNaming
  ) throws(ForeignError) -> Profile {
    var budget = budget
    let file = try PerfDataFile(bytes)
    var header = try PerfDataHeader(file, bytes)
    let index = try RecordIndex(file, bytes, &header, &budget)
    var reader = PerfDataReader(bytes, header, budget, naming)
    for record in index.records { try reader.read(record) }
    if index.lost > 0 { reader.stacks.addComment("perf lost \(index.lost) records") }
    return reader.stacks.profile()
  }

  private let bytes: [UInt8]
  private let header: PerfDataHeader
  private let naming: AddressNaming
  private var budget: Budget
  private var stacks = PerfStacks()
  private var maps = ProcessMaps()
  private var threads = ThreadLabels()
  private var events: [UInt16: Int32] = [:]
  private var eventsByName: [String: Int32] = [:]
  private var places: [FrameKey: Int32] = [:]

  private struct FrameKey: Hashable {
    let address: UInt64
    let start: UInt64
    let fileOffset: UInt64
    /// −1 for the kernel, −2 where nothing was mapped.
    let file: Int32
  }

  private init(
    _ bytes: [UInt8], _ header: PerfDataHeader, _ budget: Budget, _ naming: AddressNaming
  ) {
    self.bytes = bytes
    self.header = header
    self.budget = budget
    self.naming = naming
  }

  private mutating func read(_ record: RecordIndex.Record) throws(ForeignError) {
    var words = Words(bytes, at: record.body, to: record.body + Int(record.size))
    switch record.kind {
    case .sample: try readSample(&words, record)
    case .mmap, .mmap2: try readMapping(&words, record)
    case .comm:
      let (process, task) = (try words.i32("comm"), try words.i32("comm"))
      // The kernel marks a name that comes from running another program.
      if record.misc & 0x2000 != 0 { maps.execute(process) }
      let name = words.text()
      try budget.keep(nameBytes: name.utf8.count, at: .field("comm", offset: record.body))
      threads.rename(task, name)
    case .fork:
      let (process, parent) = (try words.i32("fork"), try words.i32("fork"))
      let (task, parentTask) = (try words.i32("fork"), try words.i32("fork"))
      if process != parent {
        try maps.fork(process, from: parent, &budget, at: record.body)
      }
      try budget.spend(100, at: .field("fork", offset: record.body))
      threads.fork(task, from: parentTask)
    default: break
    }
  }

  private mutating func readMapping(
    _ words: inout Words, _ record: RecordIndex.Record
  ) throws(ForeignError) {
    let process = try words.i32("mapping")
    _ = try words.i32("mapping")
    let region = (
      start: try words.u64("mapping"), length: try words.u64("mapping"),
      fileOffset: try words.u64("mapping")
    )
    var buildID = ""
    if record.kind == .mmap2 {
      let start = words.offset
      try words.skip(24, "mapping")
      // Either device and inode, or the build id with its length.
      if record.misc & 0x4000 != 0 {
        let size = min(20, Int(bytes[start]))
        buildID = PerfDataHeader.hexadecimal(bytes[start + 4..<start + 4 + size])
      }
      try words.skip(8, "mapping")
    }
    let path = words.text()
    if buildID.isEmpty { buildID = header.buildIDs[path] ?? "" }
    try maps.map(
      region, .init(path: path, buildID: buildID), in: process, &budget, at: record.body)
  }

  // MARK: - Samples

  private mutating func readSample(
    _ words: inout Words, _ record: RecordIndex.Record
  ) throws(ForeignError) {
    let attribute = header.attributes[Int(record.event)]
    let sample = try PerfSample(&words, attribute, budget)
    var inKernel = record.misc & 7 != 2
    var isCall = false
    var stack: [Int32] = []
    stack.reserveCapacity(sample.chain.count)
    for address in sample.chain.isEmpty ? [sample.address] : sample.chain {
      if let mark = ContextMark(address) {
        inKernel = mark.isKernel
        isCall = false
        continue
      }
      // A caller's address is where it goes on: one back is the call.
      let place = isCall && address > 0 ? address - 1 : address
      stack.append(try location(place, inKernel: inKernel, sample.process, record.body))
      isCall = true
    }
    let key = PerfStacks.Key(
      event: try event(record), labels: try labels(sample, record.body), locations: stack)
    if stacks.add(key, period: sample.period, nanoseconds: sample.nanoseconds) {
      try budget.keep(
        frames: stack.count + 4 * stacks.events.count, at: .field("sample", offset: record.body))
    }
  }

  private mutating func location(
    _ address: UInt64, inKernel: Bool, _ process: Int32, _ offset: Int
  ) throws(ForeignError) -> Int32 {
    let region = inKernel ? nil : maps.region(address, in: process)
    let key = FrameKey(
      address: address, start: region?.start ?? 0, fileOffset: region?.fileOffset ?? 0,
      file: region?.file ?? (inKernel ? -1 : -2))
    if let known = places[key] { return known }
    try budget.keep(nameBytes: 64, at: .field("sample", offset: offset))
    let place = stacks.builder.location(
      of: inKernel ? kernelFrame(address) : .unnamed(address, region.map(mapping), naming))
    places[key] = place
    return place
  }

  private func kernelFrame(_ address: UInt64) -> ProfileBuilder.Frame {
    let name = naming.kernel(address)
    return .init(
      address: address,
      mapping: Profile.Mapping(
        start: 0, limit: 0, offset: 0, filename: "[kernel.kallsyms]", buildID: ""),
      function: Profile.Function(name: name ?? "[kernel]", systemName: "k:\(name ?? "[kernel]")"))
  }

  private func mapping(_ region: ProcessMaps.Region) -> Profile.Mapping {
    let file = maps.files[Int(region.file)]
    return Profile.Mapping(
      start: region.start, limit: region.end, offset: region.fileOffset, filename: file.path,
      buildID: file.buildID, hasFunctions: false)
  }

  private mutating func event(_ record: RecordIndex.Record) throws(ForeignError) -> Int32 {
    if let known = events[record.event] { return known }
    let name = header.attributes[Int(record.event)].name
    guard stacks.events.count < PerfStacks.eventLimit else {
      throw .beyondLimit(
        .perfData, "sampled events", .field("sample", offset: record.body),
        limit: PerfStacks.eventLimit, flag: nil)
    }
    let number = eventsByName[name] ?? stacks.addEvent(PerfEvent(name: name))
    eventsByName[name] = number
    events[record.event] = number
    return number
  }

  private mutating func labels(
    _ sample: PerfSample, _ offset: Int
  ) throws(ForeignError) -> Int32 {
    if let known = threads.labels[sample.task] { return known }
    try budget.spend(400, at: .field("sample", offset: offset))
    let number = stacks.addLabels([
      Profile.Label(LabelKey.thread, threads.name(of: sample.task)),
      Profile.Label("pid", number: Int64(sample.process)),
      Profile.Label("tid", number: Int64(sample.task)),
    ])
    threads.labels[sample.task] = number
    return number
  }
}

/// Where a call chain goes from the kernel to the program: addresses that nothing can have.
private struct ContextMark {
  let isKernel: Bool

  init?(_ address: UInt64) {
    let depth = 0 &- address
    guard depth > 0, depth <= 4_095 else { return nil }
    // PERF_CONTEXT_USER is −512, and the guest's −2560; hypervisor and kernel are the others.
    isKernel = depth != 512 && depth != 2_560
  }
}

/// What threads are called at this point of the recording.
private struct ThreadLabels {
  private var names: [Int32: String] = [:]
  /// The labels that were made for a thread under its present name.
  var labels: [Int32: Int32] = [:]

  func name(of task: Int32) -> String { names[task] ?? "thread \(task)" }

  mutating func rename(_ task: Int32, _ name: String) {
    names[task] = name
    labels[task] = nil
  }

  mutating func fork(_ task: Int32, from parent: Int32) {
    names[task] = names[parent]
    labels[task] = nil
  }
}
