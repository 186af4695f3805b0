import Pprof
import Vocabulary

/// Reads what `perf script` prints, in its default fields and in most choices of others.
///
/// A sample is a line that says who and when, then its stack, the leaf first, then a blank line.
/// Threads, events and frames repeat, so each distinct piece of text is looked into once.
struct PerfScriptReader {
  static func recognizes(_ head: [UInt8]) -> Bool {
    FormatSniffer.firstLine(head).map { PerfScriptHeader($0, head) != nil } ?? false
  }

  static func read(_ bytes: [UInt8], _ budget: Budget) throws(ForeignError) -> Profile {
    var reader = PerfScriptReader(bytes, budget)
    try reader.readAll()
    return reader.stacks.profile()
  }

  private let bytes: [UInt8]
  private var lines: TextLines
  private var budget: Budget
  private var stacks = PerfStacks()

  private var frameKeys: TextKeys
  private var frames: [Known] = []
  private var threadKeys: TextKeys
  private var eventKeys: TextKeys
  private var eventNumbers: [Int32] = []
  private var eventsByName: [String: Int32] = [:]

  private var sample: PerfScriptHeader?
  private var stack: [Int32] = []
  /// Inlined functions whose caller's line is still to come.
  private var inlined: [PerfScriptFrame] = []

  private enum Known {
    case placed(Int32)
    case inlined(PerfScriptFrame)
  }

  private init(_ bytes: [UInt8], _ budget: Budget) {
    self.bytes = bytes
    self.budget = budget
    lines = TextLines(bytes)
    frameKeys = TextKeys(bytes)
    threadKeys = TextKeys(bytes)
    eventKeys = TextKeys(bytes)
  }

  private mutating func readAll() throws(ForeignError) {
    while let line = lines.next() {
      if line.isEmpty {
        try finishSample()
      } else if sample != nil, bytes[line.lowerBound] == UInt8(ascii: "\t") {
        try addFrame(bytes.trimmed(line))
      } else if bytes[line.lowerBound] != UInt8(ascii: "#") {
        try read(bytes.trimmed(line), isIndented: bytes[line.lowerBound] == UInt8(ascii: " "))
      }
    }
    try finishSample()
  }

  /// A line that is not surely a frame: a header, a frame behind blanks, or a source line.
  private mutating func read(_ line: Range<Int>, isIndented: Bool) throws(ForeignError) {
    if line.isEmpty { return try finishSample() }
    if let header = PerfScriptHeader(line, bytes) {
      try finishSample()
      return try begin(header)
    }
    if sample != nil, isIndented {
      if let word = bytes.word(from: line.lowerBound, in: line), word.upperBound < line.upperBound,
        bytes.hex(word) != nil
      {
        try addFrame(line)
      }
      return
    }
    throw .malformed(
      .perfScript, lines.place, "a sample begins with a thread's name, its number and its event")
  }

  private mutating func begin(_ header: PerfScriptHeader) throws(ForeignError) {
    sample = header
    if !header.rest.isEmpty, let word = bytes.word(from: header.rest.lowerBound, in: header.rest),
      bytes.hex(word) != nil, bytes[header.rest.upperBound - 1] == UInt8(ascii: ")")
    {
      try addFrame(header.rest)
    }
  }

  // MARK: - Frames

  private mutating func addFrame(_ line: Range<Int>) throws(ForeignError) {
    let key = frameKeys.number(of: line)
    if key == frames.count {
      try budget.keep(nameBytes: line.count, at: lines.place)
      let frame = PerfScriptFrame(line, bytes)
      frames.append(frame.isInlined ? .inlined(frame) : .placed(place(frame)))
    }
    switch frames[key] {
    case .inlined(let frame): inlined.append(frame)
    case .placed(let location): stack.append(inlined.isEmpty ? location : joined(line))
    }
    try budget.check(depth: stack.count + inlined.count, at: lines.place)
  }

  private mutating func place(_ frame: PerfScriptFrame) -> Int32 {
    stacks.builder.location(
      of: .init(address: frame.address, mapping: frame.mapping, function: frame.function))
  }

  /// The function of this line and those inlined into it are one place in the program.
  private mutating func joined(_ line: Range<Int>) -> Int32 {
    let caller = PerfScriptFrame(line, bytes)
    defer { inlined.removeAll(keepingCapacity: true) }
    return stacks.builder.location(
      of: .init(
        address: caller.address, mapping: caller.mapping,
        lines: (inlined + [caller]).map { ($0.function, 0) }))
  }

  // MARK: - Samples

  private mutating func finishSample() throws(ForeignError) {
    guard let header = sample else { return }
    for frame in inlined { stack.append(place(frame)) }
    inlined.removeAll(keepingCapacity: true)
    if stack.isEmpty { stack.append(stacks.builder.location(of: .init(named: "[no stack]"))) }
    try budget.addSample(at: lines.place)
    let key = PerfStacks.Key(
      event: try event(header), labels: try labels(header), locations: stack)
    if stacks.add(key, period: header.period, nanoseconds: header.nanoseconds) {
      try budget.keep(frames: stack.count + 4 * stacks.events.count, at: lines.place)
    }
    stack.removeAll(keepingCapacity: true)
    sample = nil
  }

  private mutating func event(_ header: PerfScriptHeader) throws(ForeignError) -> Int32 {
    let key = eventKeys.number(of: header.event)
    if key < eventNumbers.count { return eventNumbers[key] }
    try budget.keep(nameBytes: header.event.count, at: lines.place)
    guard eventNumbers.count < PerfStacks.eventLimit else {
      throw .beyondLimit(
        .perfScript, "different events", lines.place, limit: PerfStacks.eventLimit,
        flag: nil)
    }
    let name = PerfEvent.plainName(bytes.text(header.event))
    let number = eventsByName[name] ?? stacks.addEvent(PerfEvent(name: name))
    eventsByName[name] = number
    eventNumbers.append(number)
    return number
  }

  private mutating func labels(_ header: PerfScriptHeader) throws(ForeignError) -> Int32 {
    let key = threadKeys.number(of: header.identity)
    if key < stacks.labelCount { return Int32(key) }
    try budget.keep(nameBytes: header.identity.count, at: lines.place)
    var labels = [Profile.Label(LabelKey.thread, bytes.text(header.thread))]
    if let process = header.process { labels.append(Profile.Label("pid", number: process)) }
    labels.append(Profile.Label("tid", number: header.task))
    return stacks.addLabels(labels)
  }
}
