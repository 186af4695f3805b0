import Findings
import Measurement
import RunRecords

extension CommonChapters {
  static func files(_ report: FindingsReport) -> Section? {
    guard !report.files.isEmpty else { return nil }
    var table = DocumentTable("Files of the run", ["File", "Size", "What it holds"], numbers: [1])
    let own = report.files.filter { !$0.path.hasPrefix("trials/") }
    for file in own {
      table.add(
        "\(name: file.path)", Prose(NumberText.bytes(Double(file.bytes))),
        Prose(FileMeaning.of(file.path)))
    }
    let rest = report.files.filter { $0.path.hasPrefix("trials/") }
    let bytes = rest.reduce(0) { $0 + $1.bytes }
    let line: [Block] =
      rest.isEmpty
      ? []
      : [
        .text(
          "Below `trials/` lie \(Wording.counted(rest.count, "file")) more, \(NumberText.bytes(Double(bytes))): the same of each trial."
        )
      ]
    return Section("Files Generated", [.table(table)] + line)
  }
}

/// What a file of a run is for.
enum FileMeaning {
  static func of(_ path: String) -> String {
    if path.hasSuffix("_cpu.pprof") { return "CPU by stack" }
    if path.hasSuffix("_mutex.pprof") { return "delay by who held the lock" }
    if path.hasSuffix("_block.pprof") { return "waits by stack" }
    if path.hasSuffix("_heap.pprof") { return "allocations by stack" }
    if path.hasSuffix("_syscalls.pprof") { return "system calls by stack" }
    return known[path] ?? "–"
  }

  private static let known = [
    "run.json": "settings, trials and results", "env.json": "the machine and the build",
    "counters.json": "what the kernel and the processor counted",
    "latency.hlog": "every latency, as histograms", "timeseries.csv": "one row a second",
    "responses.json": "what operations were made of, by how long they took",
    "simulated-cache.json": "what a model of the caches made of the workload",
    "recall.jsonl": "every scored search", "events.jsonl": "rolls and checkpoints",
  ]
}
