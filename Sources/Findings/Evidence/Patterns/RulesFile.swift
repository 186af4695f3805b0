/// A file of frame patterns and project rules, as vbench brings one and as users write theirs.
///
/// ```
/// # A line that begins with # is a comment.
/// [group allocation]
///   myarena_alloc* | myarena_free*
///
/// [rule cache-lookup]
/// title = Cache lookups
/// op = search
/// threshold = 5 %
///   cache.(*LRU).Get | cache.(*LRU).Put
/// advice = Keep the last answer of each session
/// effort = S
/// risk = low
/// ```
/// `RulesReader` reads it; the page "Rules of your own" describes it to users.
package struct RulesFile: Sendable, Equatable {
  package internal(set) var groups: [Group] = []
  package internal(set) var rules: [ProjectRule] = []

  init() {}

  /// More patterns for a group.
  package struct Group: Sendable, Equatable {
    package let group: SymbolGroup
    var label: String?
    /// Groups whose patterns belong to this one too.
    var includes: [SymbolGroup] = []
    /// Functions of runtimes and libraries do not count.
    var isOwnCodeOnly = false
    package var patterns: [String] = []
    let line: Int
  }

  /// More than this is no file that somebody wrote by hand.
  package static let byteLimit = 1 << 20
  package static let patternLimit = 10_000
  package static let ruleLimit = 200

  static func standard() throws(RulesFileError) -> RulesFile {
    try RulesReader.read(Array(StandardPatterns.text.utf8), isStandard: true)
  }

  /// Reads a user's file.
  package init(reading bytes: [UInt8]) throws(RulesFileError) {
    self = try RulesReader.read(bytes, isStandard: false)
  }
}

/// A rule that a user wrote.
package struct ProjectRule: Sendable, Equatable {
  package let id: String
  package var title = ""
  package var kind = Kind.cpu
  /// The label of the operation it is about; nil for every one.
  package var operation: String?
  /// From 0 to 1.
  package var threshold = 0.0
  package var patterns: [String] = []
  package var means: String?
  package var advice: Recommendation?

  /// Which profile the rule looks at.
  package enum Kind: String, Sendable, CaseIterable {
    case cpu, mutex, block
  }
}

/// What is wrong with a file of rules, and where.
package struct RulesFileError: Error, Equatable {
  /// Both begin at one; the column counts characters.
  package let line: Int
  package let column: Int
  package let sentence: String

  package init(_ line: Int, _ column: Int, _ sentence: String) {
    (self.line, self.column, self.sentence) = (line, column, sentence)
  }
}
