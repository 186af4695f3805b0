import Basics
import RunRecords

/// `vbench baseline save|list|rm`: names for runs.
enum BaselineCommand {
  static let command = Command(
    "baseline", "Names for runs, to compare with later.",
    details: """
      `save NAME [RUN]` names a run (the latest one without RUN), `list` shows the names, `rm NAME`
      forgets one; runs themselves are never touched. The names lie in baselines.json beside the
      runs, and stand wherever a run is wanted: as NAME, or as baseline:NAME where a folder is
      called the same.
      """,
    flags: [SharedFlags.profiles, SharedFlags.json],
    operands: .between(1...3, "save|list|rm [NAME] [RUN]"),
    examples: [
      "vbench baseline save release-1.2 Profiles/latest", "vbench baseline list",
      "vbench compare baseline:release-1.2 Profiles/latest", "vbench baseline rm release-1.2",
    ]
  ) { invocation in
    let folder = invocation.text("profiles") ?? "Profiles"
    let words = Array(invocation.operands.dropFirst())
    do {
      switch (invocation.operands[0], words.count) {
      case ("save", 1...2): try save(words, folder, invocation)
      case ("list", 0): try list(folder, invocation)
      case ("rm", 1): try remove(words[0], folder, invocation)
      case ("save", _), ("list", _), ("rm", _):
        throw Failure.usage(
          "vbench baseline wants save NAME [RUN], list, or rm NAME.", invocation.command)
      case (let word, _):
        let hint = Nearest.hint(word, among: ["save", "list", "rm"])
        throw Failure.usage("vbench baseline cannot `\(word)`.\(hint)", invocation.command)
      }
    } catch let error as RunError {
      throw Failure(.badInput, "\(error)")
    }
    return .fine
  }

  private static func save(_ words: [String], _ folder: String, _ invocation: Invocation) throws {
    let run = try RunSource.open(
      words.count > 1 ? words[1] : "\(folder)/latest", profiles: folder)
    guard FileSystem.isDirectory(run.path) else {
      throw Failure(
        .badInput,
        "\(run.path) is a file; a baseline is a folder of a run or of profiles, and files are "
          + "compared by their paths.")
    }
    try Baselines.save(words[0], run: run, in: folder)
    if invocation.has("json") { return try list(folder, invocation) }
    try Terminal.print("\(words[0]) now stands for \(run.path).\n")
  }

  private static func list(_ folder: String, _ invocation: Invocation) throws {
    let entries = try Baselines.read(in: folder).entries
    if invocation.has("json") { return try Terminal.print(try JSONText.of(entries)) }
    if entries.isEmpty {
      return try Terminal.print("No run in \(folder) has a name yet.\n")
    }
    let width = entries.map(\.name.count).max() ?? 0
    let lines = entries.map { entry in
      let isThere = (try? Baselines.resolve(entry.name, in: folder)) != nil
      let name = entry.name + String(repeating: " ", count: width - entry.name.count)
      return "\(name)  \(entry.run)  saved \(entry.savedAt)\(isThere ? "" : "  (no longer there)")"
    }
    try Terminal.print(lines.joined(separator: "\n") + "\n")
  }

  private static func remove(_ name: String, _ folder: String, _ invocation: Invocation) throws {
    guard try Baselines.remove(name, in: folder) else {
      throw RunError.unknownBaseline(
        name: name, folder: folder, known: try Baselines.read(in: folder).entries.map(\.name))
    }
    if invocation.has("json") { return try list(folder, invocation) }
    try Terminal.print("\(name) is forgotten; its run stays.\n")
  }
}
