import Comparison
import Harness
import Measurement
import Reporting
import RunRecords

/// `vbench ab`: two option sets, or two builds, in turns; then the paired comparison.
enum ABCommand {
  static let name = "ab"

  static let command = Command(
    name, "Two option sets or two builds of vbench in turns, and what differs between them.",
    details: """
      Pairs of trials in the order ABBA or BAAB, drawn from the seed; both trials of a pair see the
      same operations at the same moments, each in a fresh process on a fresh copy of the loaded
      store. The offered rate is calibrated once, at half of what the slower arm takes, and is the
      same for both. Each arm leaves a run directory like any other; the comparison is made pair by
      pair. Options of an arm say how the engine works (kernel, ef, durability …); what is asked of
      it stands behind `--` for both. An arm that begins with a revision of git (HEAD~1, a branch, a
      tag, a commit) is built from it: the revision is checked out beside the runs, --build is run
      there, and --product is the program that carries the arm out. What is not committed is in no
      revision. A --program is a build of vbench that is there already.
      A regression of at least the gate is measured a second time, from loading on; when it is there
      again, the command ends with 2.
      """,
    flags: [
      Flag(
        "a", .options, "Arm A, the base: options, or a revision and then options.",
        standard: "this program as it is"),
      Flag("b", .options, "The same for arm B.", standard: "this program as it is"),
      Flag("program-a", .path, "The vbench that carries out arm A.", standard: "this one"),
      Flag("program-b", .path, "The vbench that carries out arm B.", standard: "this one"),
      Flag("project", .path, "The project whose revisions are meant.", standard: "this folder"),
      Flag(
        "build", .text("COMMAND"), "What builds a revision, in the project's folder, by a shell.",
        standard: RevisionBuild.standardCommand),
      Flag(
        "product", .path, "The program that it leaves, from there.",
        standard: RevisionBuild.standardProduct),
      Flag(
        "builds", .path, "Keep the checkouts of revisions there, built, for the next time.",
        standard: "removed at the end"),
      Flag(
        "pairs", .count(1...1_000), "Pairs of trials; fewer than 6 give no verdict.",
        standard: "10"),
      Flag(
        "gate", .ratio(0.001...1),
        "What a result may lose, such as 3%: exit with 2 when one surely is worse."),
      Flag(
        "allow", .text("NAME,…"), "Differences that may stay although they forbid a verdict."),
      Flag(
        "format", .choice(["text", "markdown", "json", "html"]), "How to print.",
        standard: "text, or by the ending of the output file"),
      Flag("all", .toggle, "Also the functions about which there is nothing to say."),
      Flag("strict", .toggle, "Exit with 3 when nothing can be told."),
      Flag("dry-run", .toggle, "Print the plan of both arms, and stop.", group: .output),
      SharedFlags.json, SharedFlags.output,
    ],
    operands: .command,
    examples: [
      "vbench ab --b \"--visited map\" -- search-only -d 10s",
      "vbench ab --a \"--ef 64\" --b \"--ef 96\" --allow recall --pairs 12 -- search-only -n 20k",
      "vbench ab --a HEAD~1 --b HEAD --builds ../builds --gate 3% -- search-only -d 20s",
      "vbench ab --program-a ../before/.build/release/vbench --gate 3% -- market",
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> ExitStatus {
    let pairs = invocation.count("pairs") ?? 10
    let typed = try ABSides(invocation, pairs)
    if invocation.has("dry-run") {
      for side in typed.sides {
        let reader = try SettingsReader(side.invocation, command: side.invocation.command.name)
        try Terminal.print(
          "\(side.letter.uppercased()): " + typed.origin(side)
            + PlanText.of(reader, side.invocation.command.name))
      }
      return .fine
    }
    let progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    let measured = try typed.withArms(progress) { arms in
      let (outcome, forecast) = try measure(arms(), pairs, progress)
      var measured = try Measured(outcome, forecast, invocation)
      if measured.mustBeSeenAgain {
        progress.say(again(measured.comparison, pairs))
        do {
          try measured.confirm {
            try Experiment(arms: arms(), rounds: pairs, progress: progress).execute()
          }
        } catch {
          progress.say(
            "That came to nothing, and the first word stands: \(Failure.of(error).sentence)")
        }
      }
      return measured
    }
    return try tell(measured, invocation)
  }

  private static func again(_ comparison: RunComparison, _ pairs: Int) -> String {
    let rows = comparison.gate?.failedWords ?? ""
    return "Worse in \(rows) by more than the gate lets pass; \(pairs) more pairs must say so too."
  }

  /// Runs the pairs, and says beforehand and on the way what they will show.
  private static func measure(
    _ arms: [Arm], _ pairs: Int, _ progress: Progress
  ) throws -> (Experiment.Outcome, Detectability?) {
    let folder = arms[0].invocation.text("out") ?? "Profiles"
    var detectability = Detectability(
      stored: Experiment.noise(folder), for: arms[0], of: pairs, storeFolder: folder)
    if pairs < 6 { progress.say("\(pairs) pairs are too few for a verdict; 6 are needed.") }
    if let text = detectability?.text {
      progress.say(text)
    } else if pairs >= 6 {
      progress.say(Detectability.unknown(pairs, forecastAfter: pairsForForecast))
    }
    var experiment = Experiment(arms: arms, rounds: pairs, progress: progress)
    experiment.afterRound = { round in
      guard round == Self.pairsForForecast, pairs > round else { return }
      detectability = Detectability(after: arms[0], arms[1], of: pairs) ?? detectability
      if let text = detectability?.text { progress.say(text) }
    }
    return (try experiment.execute(), detectability)
  }

  /// Enough to see a spread, early enough to stop.
  private static let pairsForForecast = 4

  // MARK: - The answer

  struct Answer: Encodable {
    let base: String
    let new: String
    let isInterrupted: Bool
    let forecast: Detectability?
    let comparison: RunComparison
  }

  private static func tell(_ measured: Measured, _ invocation: Invocation) throws -> ExitStatus {
    let runs = measured.outcome.runs
    let answer = Answer(
      base: runs[0].path, new: runs[1].path, isInterrupted: measured.isInterrupted,
      forecast: measured.forecast, comparison: measured.comparison)
    let text = try text(answer, invocation) {
      Comparer.flames(
        base: [measured.sources[0]], new: [measured.sources[1]], options: measured.options)
    }
    try OutputFile.write(text, invocation)
    if measured.isInterrupted { return .interrupted }
    return CompareCommand.status(measured.comparison, strict: invocation.has("strict"))
  }

  private static func text(
    _ answer: Answer, _ invocation: Invocation, _ flames: () -> [DifferentialFlame]
  ) throws -> String {
    let last = "Runs in \(answer.base) (A) and \(answer.new) (B)"
    let interrupted = "interrupted: the pairs that were finished by then are saved.\n"
    switch CompareCommand.format(invocation) {
    case "json": return try JSONText.of(answer)
    case "html": return ComparisonHTML.render(answer.comparison, flames: flames())
    case "markdown":
      return ComparisonMarkdown.render(answer.comparison)
        + (answer.isInterrupted ? "\n" + interrupted : "")
    default:
      return ComparisonText.render(answer.comparison, showsAll: invocation.has("all"))
        + "\n" + (answer.isInterrupted ? interrupted : "") + last + "\n"
    }
  }
}
