import Harness
import Measurement

/// The outcome of a kill test for people.
enum KillTestText {
  static func of(_ outcome: KillTest.Outcome) -> String {
    let moments = KillMoments.Moment.allCases.map { moment in
      "\(outcome.moments[moment.rawValue] ?? 0) in a \(moment.rawValue)"
    }
    let verdict =
      outcome.problems.isEmpty
      ? "Nothing lost, nothing torn."
      : (["FAILED:"] + outcome.problems.prefix(10).map { "  \($0)" }).joined(separator: "\n")
    var lines = [
      "\(outcome.isInterrupted ? "Interrupted after " : "")\(outcome.kills) kills "
        + "in \(NumberText.duration(outcome.seconds)): \(moments.joined(separator: ", ")), "
        + "\(outcome.elsewhere) between them (a kill can fall into several)",
      "\(NumberText.count(outcome.acknowledged)) batches acknowledged, each looked for after every "
        + "kill: \(NumberText.count(outcome.verifiedVectors)) vectors compared byte for byte",
      "\(outcome.wholeInFlight + outcome.absentInFlight) batches were under way: "
        + "\(outcome.wholeInFlight) found whole, \(outcome.absentInFlight) not begun", verdict, "",
      "replay: vbench write-only --kill-test \(outcome.kills) "
        + "--durability \(outcome.durability) --seed \(outcome.seed)",
    ]
    if let store = outcome.keptStore { lines.append("The store is kept in \(store)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
