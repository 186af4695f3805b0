import Basics
import RunRecords

/// A workload command that another command runs, as if it had been typed.
struct InnerRun {
  /// `market`, `search-only` or `write-only`, then its flags.
  let words: [String]

  static let commands = [
    WorkloadCommands.market, WorkloadCommands.searchOnly, WorkloadCommands.writeOnly,
  ]

  /// Runs it and returns the run; more words are put behind its own.
  func execute(_ more: [String]) throws -> (path: String, record: RunRecord) {
    let invocation = try invocation(more)
    if invocation.has("dry-run") || (invocation.list("dims")?.count ?? 1) > 1 {
      throw Failure.usage(
        "Only one real run at a time can be repeated: no --dry-run, and one value for --dims.")
    }
    let (filled, notes) = try LikeRun.fill(invocation)
    return try WorkloadRun(filled.command.name, filled, notes: notes).execute()
  }

  private func invocation(_ more: [String]) throws -> Invocation {
    let words = words.first == "vbench" ? Array(words.dropFirst()) : words
    guard let command = Self.commands.first(where: { $0.name == words.first }) else {
      let known = Self.commands.map(\.name)
      throw Failure.usage(
        "`\(words.first ?? "")` is no workload; there are \(known.joined(separator: ", "))."
          + Nearest.hint(words.first ?? "", among: known))
    }
    return try ArgumentParser(command: command, environment: ProcessEnvironment.all)
      .parse(words.dropFirst() + more)
  }
}
