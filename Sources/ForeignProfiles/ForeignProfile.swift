import Basics
package import Pprof

/// Reads what other tools write, and tells which tool it was by the content alone.
///
/// A gzip file is looked into. Text may begin with a byte-order mark of UTF-8. Everything comes
/// from strangers, so every reader counts what it keeps against the limits and none of them traps.
package enum ForeignProfile {
  package enum Format: String, Sendable, CaseIterable {
    case pprof
    case collapsed
    case perfScript
    case perfData
    case gperftoolsCPU
    case heapText
    case jemallocHeap
    case goCount
    case contentionText
    case speedscope

    /// What people call it.
    package var words: String {
      switch self {
      case .pprof: "a pprof profile"
      case .collapsed: "collapsed stacks"
      case .perfScript: "the text of perf script"
      case .perfData: "a perf.data file"
      case .gperftoolsCPU: "a gperftools CPU profile"
      case .heapText: "a heap profile in text"
      case .jemallocHeap: "a jemalloc heap profile"
      case .goCount: "a Go profile in text"
      case .contentionText: "a contention profile in text"
      case .speedscope: "a speedscope file"
      }
    }
  }

  /// Reads a file of any known format.
  ///
  /// `name` is noted in the profile; `naming` names addresses where the file has nothing but them.
  package static func read(
    _ bytes: [UInt8], name: String, limits: ProfileLimits = .standard,
    naming: AddressNaming = .none
  ) throws(ForeignError) -> (format: Format, profile: Profile) {
    if bytes.isEmpty { throw .empty }
    let content = try Content(bytes, limits: limits)
    let format = try FormatSniffer.format(of: content)
    var profile = try read(content, as: format, limits: limits, naming: naming)
    if format != .pprof { profile.comments.append("# \(name) was \(format.words)") }
    return (format, profile)
  }

  private static func read(
    _ content: Content, as format: Format, limits: ProfileLimits, naming: AddressNaming
  ) throws(ForeignError) -> Profile {
    if format == .pprof {
      do { return try ProfileReader.read(content.original, limits: limits) } catch {
        throw .pprof(error)
      }
    }
    let bytes = try content.whole()
    let budget = Budget(format, limits: limits, inputBytes: content.original.count)
    switch format {
    case .pprof: preconditionFailure("read above")
    case .collapsed: return try CollapsedReader.read(bytes, budget)
    case .perfScript: return try PerfScriptReader.read(bytes, budget)
    case .perfData: return try PerfDataReader.read(bytes, budget, naming)
    case .gperftoolsCPU: return try WordProfile.read(bytes, budget, naming)
    case .heapText, .jemallocHeap: return try HeapText.read(bytes, budget, naming)
    case .goCount: return try CountText.read(bytes, budget, naming)
    case .contentionText: return try ContentionText.read(bytes, budget, naming)
    case .speedscope: return try SpeedscopeReader.read(bytes, budget)
    }
  }
}
