/// One number of the report in a sentence, with the way back to where it came from.
package struct EvidenceItem: Codable, Sendable, Equatable {
  package var statement: Prose
  package var source: Source

  /// File, column and filter of a number, and commands that show it again.
  package struct Source: Codable, Sendable, Equatable {
    /// From the run folder on.
    package var file: String
    /// The column of a profile (`cpu`, `delay`) or the path of a value inside run.json.
    package var field: String
    package var filters: [String]
    package var command: String?
    package var pprofCommand: String?

    package init(
      file: String, field: String, filters: [String] = [], command: String? = nil,
      pprofCommand: String? = nil
    ) {
      self.file = file
      self.field = field
      self.filters = filters
      self.command = command
      self.pprofCommand = pprofCommand
    }
  }

  package init(_ statement: Prose, _ source: Source) {
    self.statement = statement
    self.source = source
  }
}

/// Makes the commands that show a number again.
struct SourceCommand: Sendable {
  private let folder: String

  /// - Parameter path: The run folder. Only its part from `Profiles` on is printed, or its name:
  ///   a report must not carry the paths of the machine it was made on.
  init(path: String) { folder = Self.shareable(path) }

  static func shareable(_ path: String) -> String {
    let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
    if let start = parts.lastIndex(where: { $0 == "Profiles" || $0 == "profiles" }) {
      return parts[start...].joined(separator: "/")
    }
    if path.hasPrefix("/") || parts.contains("..") { return parts.last ?? "." }
    return parts.joined(separator: "/")
  }

  /// A command line or a value without the directories of the machine it was made on.
  static func scrubbed(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let pieces = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let last = pieces.last, last.hasPrefix("/") else { return String(word) }
      return (pieces.dropLast().map(String.init) + [shareable(String(last))]).joined(separator: "=")
    }.joined(separator: " ")
  }

  /// A number that comes from run.json.
  func record(_ field: String) -> EvidenceItem.Source {
    EvidenceItem.Source(file: "run.json", field: field)
  }

  func environment(_ field: String) -> EvidenceItem.Source {
    EvidenceItem.Source(file: "env.json", field: field)
  }

  /// The table of a slice, or the stacks of it that hold one of the functions.
  ///
  /// Replicas are added up by both programs, as they are in the slice; `member` is one of them.
  func top(_ slice: ProfileSlice, member: Int? = nil, focus functions: [String] = [])
    -> EvidenceItem.Source
  {
    let focus =
      functions.isEmpty ? [] : ["-focus=" + functions.map(Self.pattern).joined(separator: "|")]
    return table(of: slice, member: member, filters: Self.labels(slice) + focus)
  }

  /// What a slice is made of: one operation alone, or all but what the profiler itself did.
  static func labels(_ slice: ProfileSlice) -> [String] {
    (slice.operation.map { ["-tagfocus=op=\($0)"] } ?? []) + withoutProfiler(slice)
  }

  /// The stacks of the profiler itself, which the slice leaves out.
  func profiler(_ slice: ProfileSlice) -> EvidenceItem.Source {
    table(of: slice, filters: Self.ofProfiler(slice).map { ["-focus=\($0)"] } ?? [])
  }

  private static func withoutProfiler(_ slice: ProfileSlice) -> [String] {
    ofProfiler(slice).map { ["-ignore=\($0)"] } ?? []
  }

  private static func ofProfiler(_ slice: ProfileSlice) -> String? {
    guard !slice.ofProfiler.isEmpty else { return nil }
    let names = slice.ofProfiler.compactMap { sample in
      sample.symbols.last { slice.table[$0].groups.contains(.profiler) }
        .map { slice.table[$0].short }
    }
    return Set(names).sorted().map(pattern).joined(separator: "|")
  }

  /// Percentages are of what the filters leave, so that the table shows the shares of the report.
  func table(
    of slice: ProfileSlice, member: Int? = nil, filters: [String]
  ) -> EvidenceItem.Source {
    let files = member.map { [slice.files[$0].path] } ?? slice.files.map(\.path)
    let filters = filters + (slice.sampleType.isEmpty ? [] : ["-sample_index=\(slice.sampleType)"])
    let words = (["-relative_percentages"] + filters + files.map { "\(folder)/\($0)" })
      .map(Self.quoted).joined(separator: " ")
    return EvidenceItem.Source(
      file: files.joined(separator: ", "), field: slice.sampleType, filters: filters,
      command: "vbench top \(words)",
      pprofCommand: "go tool pprof -top \(words)")
  }

  /// A regular expression that finds this function; short names are anchored at both ends, or
  /// `free` would find half of the program.
  static func pattern(_ name: String) -> String {
    let isClosure = name.hasSuffix(" (closure)")
    let plain = isClosure ? String(name.dropLast(10)) : name
    var pattern = ""
    for character in plain.unicodeScalars {
      if "\\.+*?()|[]{}^$".unicodeScalars.contains(character) { pattern += "\\" }
      pattern.unicodeScalars.append(character)
    }
    let isShort = !plain.contains(".") && !plain.contains(":")
    if isClosure { return "closure #.* in \(pattern)" + (isShort ? "$" : "") }
    return isShort ? "^\(pattern)$" : pattern
  }

  /// Quotes a word for a shell unless it is harmless; a line feed becomes a space.
  static func quoted(_ word: String) -> String {
    let clean = String(
      String.UnicodeScalarView(
        word.unicodeScalars.map {
          $0.value < 32 || $0.value == 127 ? " " : $0
        }))
    let harmless = clean.unicodeScalars.allSatisfy {
      ($0.isASCII && $0.properties.isAlphabetic) || ("0"..."9").contains($0)
        || "-_=./:,%+".unicodeScalars.contains($0)
    }
    if harmless && !clean.isEmpty { return clean }
    return "'"
      + clean.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  var folderWord: String { Self.quoted(folder) }
}
