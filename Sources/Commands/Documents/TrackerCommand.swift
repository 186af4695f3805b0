import Basics
import Findings
import Ledger
import Measurement
import Reporting
import RunRecords

/// `vbench tracker VERB …`: what could be done, what was done, and what it brought.
enum TrackerCommand {
  static let command = Command(
    "tracker", "What to optimize, what was tried, and proof of what helped.",
    details: """
      list                     what there is
      add TITLE                a new item; with --run and --finding, for a finding
      link ITEM                this finding asked for it too (--run, --finding)
      defer ITEM, accept ITEM  not now, or never, with --reason
      done ITEM BASE NEW       it helped: refused unless the comparison says so now
      tried ITEM BASE NEW      it did not help: refused where the comparison cannot tell
      reopen ITEM              take a closed item up again, with --reason
      render                   write TRACKER.md anew
      verify                   test every claim again, from the runs

      The items lie in Reports/tracker.txt, a line for each fact, made to be read and edited by
      hand; Reports/TRACKER.md is made from it after every change. A proof names its runs, a digest
      of their files, and the rows that are claimed; for several runs a side, put --against between
      them. Runs must lie in this folder or below, so that a proof can travel.

      verify ends with 0 when everything holds; 1 when a claim does not (changed files, other
      figures, no longer significant, TRACKER.md out of date), 2 when the comparison says the
      opposite, 5 when the runs cannot be compared any more, 6 when a run is gone.
      """,
    flags: [
      Flag(
        "file", .path, "Where the items lie.", standard: TrackerStore.standardPath, group: .target),
      Flag("run", .path, "The run whose finding asks.", group: .target),
      Flag("finding", .text("F1|RULE:ROLE/OP"), "Which finding of it.", group: .target),
      Flag("reason", .text("TEXT"), "Why it is deferred, accepted or reopened.", group: .target),
      Flag(
        "metric", .text("NAME,…"), "The results that are claimed.",
        standard: "the headline results",
        group: .target),
      Flag(
        "against", .several("NEW"),
        "The new side, when there are several runs: all words up to the next flag.", group: .target),
      Flag(
        "allow", .text("NAME,…"), "Settings that may differ, as for compare.", group: .target),
      Flag(
        "state", .choices(TrackedItem.State.allCases.map(\.rawValue)),
        "Only items of these states.",
        standard: "all", group: .view),
      SharedFlags.profiles, SharedFlags.json,
    ], operands: .between(1...10_000, "VERB"),
    examples: [
      "vbench tracker add \"Keep candidates in a bounded array\" --run Profiles/latest --finding F4",
      "vbench tracker done T1 Profiles/before Profiles/after",
      "vbench tracker tried T2 Profiles/before Profiles/after --metric capacity",
      "vbench tracker defer T3 --reason \"changes the file format\"",
      "vbench tracker list --state pending,deferred", "vbench tracker verify",
    ]
  ) { invocation in
    do { return try TrackerVerbs(invocation).run() } catch let error as TrackerError {
      throw Failure(status(of: error), "\(error)")
    }
  }

  private static func status(of error: TrackerError) -> ExitStatus {
    switch error {
    case .malformed, .unknownVersion, .unknownItem, .evidence: .badInput
    case .notComparable: .notComparable
    case .closed, .alreadyOpen, .refused, .system: .failed
    }
  }
}
