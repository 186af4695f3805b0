package import Basics

/// What is wrong with one line of a tracker file.
package struct TrackerProblem: Error, Codable, Sendable, Equatable {
  /// Both counted from 1.
  package var line: Int
  package var column: Int
  /// A sentence without its beginning and end.
  package var what: String
}

/// Why the tracker could not be read or changed.
package enum TrackerError: Error, CustomStringConvertible {
  case malformed(path: String, [TrackerProblem])
  case unknownVersion(path: String, found: String)
  case unknownItem(String, known: [String])
  case closed(item: String, state: String)
  case alreadyOpen(item: String)
  case refused(item: String, reason: String)
  case notComparable(item: String, reason: String)
  case evidence(reason: String)
  case system(path: String, SystemError)

  package var description: String {
    switch self {
    case .malformed(let path, let problems):
      "\(path)\(Self.first(problems)). Mend the line, or take the file back from version control."
    case .unknownVersion(let path, let found):
      "\(path) begins with \(found.debugDescription) and not with \"\(Tracker.firstLine)\"; "
        + "use the vbench that wrote it, or begin the file with that line."
    case .unknownItem(let name, let known):
      "The tracker has no item \(name). "
        + (known.isEmpty
          ? "It is empty: add one with `vbench tracker add TITLE`."
          : "It has \(known.joined(separator: ", ")).")
    case .closed(let item, let state):
      "\(item) is \(state) already; open it again with `vbench tracker reopen \(item) --reason …`."
    case .alreadyOpen(let item): "\(item) is open; there is nothing to reopen."
    case .refused(let item, let reason): "\(item) is not changed: \(reason)."
    case .notComparable(let item, let reason): "\(item) is not changed: \(reason)"
    case .evidence(let reason): reason
    case .system(let path, let error):
      "\(path) could not be used (\(error)). Check its permissions, or name another file with --file."
    }
  }

  private static func first(_ problems: [TrackerProblem]) -> String {
    guard let first = problems.first else { return " is not a tracker" }
    let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
    return ":\(first.line):\(first.column): \(first.what)\(more)"
  }
}
