import Basics
import Findings
import RunRecords

/// `vbench syscalls`: what a program asks of the kernel, how often, for how long, and from where.
enum SyscallsCommand {
  static let command = Command(
    "syscalls", "Which system calls a program makes, how long they take, and who makes them.",
    details: """
      With `-- CMD` a command is watched from its first instruction on, with all it starts; vbench
      ends with its status, and the table goes to standard error unless -o says otherwise. With -p a
      running process is watched until it ends, the time is over, or Ctrl-C. Every call is counted
      and timed; one in so many is recorded with its stack, to name the functions that make it.
      Watching makes each call some two microseconds longer, part of it in its time. With RUN
      nothing is watched: the table is made from the CPU and block profiles of a run directory.
      """,
    flags: flags,
    operands: Command.Operands(name: "-- CMD … | RUN", count: 0...1, takesCommand: true),
    examples: [
      "vbench syscalls -- ./server --port 7000", "vbench syscalls -p 4711 -d 30s",
      "vbench syscalls Profiles/latest", "vbench syscalls --out Profiles -- make",
    ]
  ) { invocation in
    guard let path = invocation.operands.first else { return try CallSession(invocation).run() }
    if !invocation.rest.isEmpty || invocation.has("pid") {
      throw Failure.usage(
        "Ask about a run directory or watch a program, not both.", invocation.command)
    }
    let run = try RunSource.open(path)
    let report = ProfiledCalls(run.name, SystemCallRow.rows(of: run), limit: limit(invocation))
    if report.rows.isEmpty {
      throw Failure(
        .badInput,
        "No stack in the profiles of \(run.name) names a system call. Kernel frames are needed, "
          + "which are recorded as root or with CAP_PERFMON.")
    }
    try OutputFile.write(
      invocation.has("json") ? try JSONText.of(report) : report.text, invocation)
    return .fine
  }

  /// How many rows are printed; all of them when asked for none.
  static func limit(_ invocation: Invocation) -> Int {
    let count = invocation.count("nodecount") ?? 40
    return count == 0 ? .max : count
  }

  private static let flags = [
    Flag("pid", short: "p", .count(1...4_194_304), "Watch this process.", group: .target),
    Flag("name", .text("NAME"), "What to call it.", standard: "the program's", group: .target),
    Flag(
      "duration", short: "d", .seconds(0.05...604_800), "Stop after this time.",
      standard: "until it ends, or Ctrl-C", group: .time),
    Flag(
      "hz", .count(1...4_000), "CPU samples a second of each thread.", standard: "199",
      group: .profile),
    Flag(
      "stack-bytes", .count(1_024...65_000), "How much of a stack is copied, 16384 for a call.",
      standard: "32768", group: .profile),
    Flag(
      "nodecount", short: "n", .count(0...1_000_000), "Show so many rows at most; 0 shows all.",
      standard: "40", group: .view),
    Flag(
      "out", .path, "Leave a run directory in this folder, with <role>_syscalls.pprof.",
      standard: "none", group: .output),
    Flag("label", .text("NAME"), "Part of the run directory's name.", group: .output),
    SharedFlags.json, SharedFlags.output,
  ]
}
