import Basics
import Ledger

/// `vbench lint REPORT.md`: claims that a document should not make.
enum LintCommand {
  static let command = Command(
    "lint", "Find claims in a report that its own figures do not carry.",
    details: """
      Reads Markdown (tables, `key: value` notes, sentences with numbers, trees) and fails where
      levels do not add up, units are mixed, shares of a part are called shares of the whole, gains
      are multiplied or larger than what they come from, two runs are called stable, targets have
      no source, or something is done without a figure and the runs that show it. Each place is
      told as file:line:column. It exits with 1 when there is any; silence is no proof.
      """,
    flags: [
      Flag("checks", .toggle, "Instead: list the checks and what each is about.", group: .view),
      SharedFlags.json,
    ], operands: .between(0...10_000, "FILE"),
    examples: ["vbench lint Reports/market.md", "vbench lint --checks"]
  ) { invocation in
    if invocation.has("checks") { return try list(invocation) }
    if invocation.operands.isEmpty {
      throw Failure.usage("vbench lint wants a Markdown file.", invocation.command)
    }
    let files = try invocation.operands.map {
      Document(file: $0, faults: ClaimBook.faults(in: try text(of: $0)))
    }
    let count = files.reduce(0) { $0 + $1.faults.count }
    try Terminal.print(
      invocation.has("json") ? try JSONText.of(files) : text(files))
    return count == 0 ? .fine : .failed
  }

  private struct Document: Encodable {
    let file: String
    let faults: [ClaimFault]
  }

  private struct Check: Encodable {
    let id: String
    let title: String
    let explanation: String
  }

  private static let longest = 16 << 20

  private static func text(of path: String) throws(Failure) -> String {
    if FileSystem.isDirectory(path) {
      throw Failure(.badInput, "\(path) is a folder; name a Markdown file.")
    }
    if let size = FileSystem.size(of: path), size > longest {
      throw Failure(.badInput, "\(path) has more than 16 MiB, which is no report.")
    }
    do throws(SystemError) { return try FileSystem.text(of: path) } catch {
      throw Failure(.badInput, "\(path) cannot be read: \(error.reason).")
    }
  }

  private static func text(_ files: [Document]) -> String {
    let lines = files.flatMap { document in
      document.faults.map { fault in
        "\(document.file):\(fault.line):\(fault.column): \(fault.check): "
          + "\(TrackerText.harmless(fault.text)): \(TrackerText.harmless(fault.message))"
      }
    }
    let names = files.map(\.file).joined(separator: ", ")
    let verdict =
      lines.isEmpty
      ? "\(names): none of the \(ClaimBook.checks.count) checks found anything."
      : "\(lines.count) claim\(lines.count == 1 ? "" : "s") that the figures do not carry."
    return (lines + [verdict]).joined(separator: "\n") + "\n"
  }

  private static func list(_ invocation: Invocation) throws -> ExitStatus {
    let checks = ClaimBook.checks.map {
      Check(id: $0.id, title: $0.title, explanation: $0.explanation)
    }
    if invocation.has("json") {
      try Terminal.print(try JSONText.of(checks))
    } else {
      try Terminal.print(
        checks.map { "\($0.id)\n  \($0.title). \($0.explanation)" }.joined(separator: "\n") + "\n")
    }
    return .fine
  }
}
