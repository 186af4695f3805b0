/// Tells a format by the first bytes, never by the file's name.
///
/// Binary formats have a magic number or a header that only fits them; text has a first line.
/// What is binary and none of these is left to the pprof reader, whose errors are precise.
enum FormatSniffer {
  static func format(of content: Content) throws(ForeignError) -> ForeignProfile.Format {
    let head = content.head
    if PerfDataReader.recognizes(head) { return .perfData }
    if WordProfile.recognizes(head) { return .gperftoolsCPU }
    if let wide = wideText(head) { throw .unknown(wide) }
    guard isText(head) else {
      if let stranger = stranger(head) { throw .unknown(stranger) }
      return .pprof
    }
    return try text(head)
  }

  private static func text(_ head: [UInt8]) throws(ForeignError) -> ForeignProfile.Format {
    guard let first = firstLine(head) else { throw .unknown("it holds nothing but blank lines") }
    if head.has("heap profile:", at: first) { return .heapText }
    if head.has("heap_v2/", at: first) { return .jemallocHeap }
    if head.has("--- mutex:", at: first) || head.has("--- contention", at: first) {
      return .contentionText
    }
    if CountText.recognizes(head, first) { return .goCount }
    if head.has("{", at: first) {
      if SpeedscopeReader.recognizes(head) { return .speedscope }
      if let report = report(head) { throw .unknown(report.words) }
      throw .unknown("it is JSON, and of JSON vbench reads only speedscope files")
    }
    if let report = report(head) { throw .unknown(report.words) }
    if PerfScriptReader.recognizes(head) { return .perfScript }
    if CollapsedReader.recognizes(head) { return .collapsed }
    throw .unknown(
      "its text is neither collapsed stacks nor perf script nor a profile of gperftools, "
        + "jemalloc or Go")
  }

  /// The first line that is neither blank nor a comment.
  static func firstLine(_ head: [UInt8]) -> Range<Int>? {
    var lines = TextLines(head)
    while let line = lines.next() {
      let words = head.trimmed(line)
      if !words.isEmpty, head[words.lowerBound] != UInt8(ascii: "#") { return words }
    }
    return nil
  }

  /// Text has tabs and line ends, and no other control characters.
  private static func isText(_ head: [UInt8]) -> Bool {
    !head.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D && $0 != 0x1B }
  }

  private static func wideText(_ head: [UInt8]) -> String? {
    guard head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) else { return nil }
    return "it is text in UTF-16; convert it first: iconv -f UTF-16 -t UTF-8"
  }

  /// Files that people take for profiles, and where theirs is.
  private static func stranger(_ head: [UInt8]) -> String? {
    if head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return "it is a program (ELF)" }
    if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      return "it is compressed with zstd; a heaptrack recording becomes text by heaptrack_print"
    }
    if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return "it is a zip archive" }
    return head.allSatisfy { $0 == 0 } ? "it holds nothing but zeros" : nil
  }

  /// Which tool's numbers without stacks it holds; nil for a profile, and for what nobody knows.
  static func report(in content: Content) -> ToolReport.Kind? {
    guard isText(content.head), (try? format(of: content)) == nil else { return nil }
    return report(content.head)
  }

  private static func report(_ head: [UInt8]) -> ToolReport.Kind? {
    ToolReport.Kind.allCases.first { $0.recognizes(head) }
  }
}
