import Basics
import RunRecords

/// A workload command that another command runs, as if it had been typed.
struct InnerRun {
  /// `market`, `search-only` or `write-only`, then its flags.
  let words: [String]

  static let commands = WorkloadCommands.all

  /// Runs it and returns the run; more words are put behind its own.
  func execute(_ more: [String]) throws -> (path: String, record: RunRecord) {
    let invocation = try invocation(more)
    let (filled, notes) = try LikeRun.fill(invocation)
    let run = try WorkloadRun(filled, notes: notes)
    if invocation.has("dry-run") || run.arms.count > 1 {
      throw Failure.usage(
        "Only one real run at a time can be repeated: no --dry-run, and no list of points.")
    }
    let only = try run.execute().runs[0]
    return (only.path, only.record)
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
