import Basics
import RunRecords
import Sampling
import Vocabulary

/// `vbench record`: profiles of any program, started by us or running already.
enum RecordCommand {
  static let command = Command(
    "record", "Profile any program: one that it starts, or some that run already.",
    details: """
      With `-- CMD` the command is watched from its first instruction on, with all it starts; vbench
      ends with its status. With -p, or --service for several, running processes are watched until
      they end, the time is over, or Ctrl-C; they are never stopped and never signalled. Each
      service gets its own profiles in a new folder under Profiles/.
      """,
    flags: flags, operands: .command,
    examples: [
      "vbench record -- ./server --port 7000", "vbench record -p 4711 -d 30s",
      "vbench record --service gateway=4711 --service worker=4712 -d 1m",
    ]
  ) { invocation in
    try RecordSession(invocation).run()
  }

  private static let flags = [
    Flag("pid", short: "p", .count(1...4_194_304), "Watch this process.", group: .target),
    Flag(
      "service", .repeated("NAME=PID"), "Watch this process under this name; may be repeated.",
      group: .target),
    Flag(
      "tree", .toggle, "With -p or --service: also the processes that it has started before.",
      group: .target),
    Flag("name", .text("NAME"), "What to call it.", standard: "the program's", group: .target),
    Flag(
      "duration", short: "d", .seconds(0.05...604_800), "Stop after this time.",
      standard: "until it ends, or Ctrl-C", group: .time),
    Flag(
      "profile", .choices(RecordKind.allCases.map(\.rawValue)), "What to watch.",
      standard: "cpu,mutex,block", group: .profile),
    Flag(
      "hz", .count(1...4_000), "CPU samples a second of each thread or processor.",
      standard: "199", group: .profile),
    Flag(
      "stack-bytes", .count(1_024...65_000), "How much of a stack is copied.", standard: "32768",
      group: .profile),
    Flag(
      "scope", .choice(RecordingPlan.Scope.allCases.map(\.rawValue)),
      "Whose clock takes the samples: of threads, or of processors for short-lived threads.",
      standard: "processors for a command where allowed, threads otherwise", group: .profile),
    Flag(
      "event", .text("NAME"),
      "Sample this event too, as perf spells it: page-faults, cache-misses, sched:sched_switch.",
      group: .profile),
    Flag(
      "event-period", .count(1...1_000_000_000), "A sample each time it has happened so often.",
      standard: "1", group: .profile),
    Flag(
      "heap-mean", .count(1...1_000_000_000), "Bytes between two samples of the heap.",
      standard: "524288", group: .profile),
    Flag(
      "wait-class", .choices(RecordingPlan.waitClasses), "Keep only waits of these classes.",
      standard: "all", group: .profile),
    Flag("out", .path, "Folder for run directories.", standard: "Profiles", group: .output),
    Flag("label", .text("NAME"), "Part of the run directory's name.", group: .output),
    SharedFlags.json,
  ]
}
