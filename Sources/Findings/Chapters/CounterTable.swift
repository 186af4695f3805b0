package import Measurement
import RunRecords
import Vocabulary

/// What the kernel and the processor counted, with what it comes to for one operation.
package struct CounterTable: Codable, Sendable, Equatable {
  package var rows: [Row]
  /// Why there are no counters at all, when there are none.
  package var problem: String?

  package struct Row: Codable, Sendable, Equatable {
    /// In words: `context switches, involuntary`.
    package var name: String
    package var role: String?
    /// The path of the number in counters.json.
    package var field: String
    package var value: Reading
    package var perOperation: Double?
    /// The deviation between trials as a share of their mean.
    package var spread: Double?
    package var unit: MetricUnit
    package var analysis: Prose
  }
}

/// Reads counters.json into a table, and says of what is not in it why.
struct CounterReader {
  let evidence: Evidence

  func table() -> CounterTable {
    guard let counters = evidence.run.counters else {
      let reason = evidence.run.countersProblem ?? "the run has no counters.json"
      return CounterTable(rows: hardware(nil, reason), problem: reason)
    }
    // A model is no counter: it is pointed at, and has a table of its own.
    let model = evidence.run.simulatedCache == nil ? "" : "; see Simulated Caches for a model"
    let missing = (counters.hardwareProblem ?? "it was not counted") + model
    return CounterTable(
      rows: hardware(counters, missing) + counters.counts.compactMap(software) + memory(counters),
      problem: nil)
  }

  private var operations: Int {
    evidence.trials.reduce(0) { $0 + $1.operations.values.reduce(0, +) }
  }

  // MARK: - The processor

  private struct Ratio {
    let name: String
    let part: String
    let whole: String
    let isShare: Bool
    let meaning: Prose
  }

  private static let ratios = [
    Ratio(
      name: "instructions per cycle (IPC)", part: "instructions", whole: "cycles", isShare: false,
      meaning: "below 1, something other than instructions takes the cycles"),
    Ratio(
      name: "backend bound", part: "topdown-be-bound", whole: "slots", isShare: true,
      meaning: "slots that waited for memory or for a unit"),
    Ratio(
      name: "frontend bound", part: "topdown-fe-bound", whole: "slots", isShare: true,
      meaning: "slots that waited for instructions"),
    Ratio(
      name: "cache misses", part: "cache-misses", whole: "cache-references", isShare: true,
      meaning: "a ratio is no cost: weigh it by the misses of one operation"),
    Ratio(
      name: "last-level cache (LLC) load misses", part: "LLC-load-misses", whole: "LLC-loads",
      isShare: true, meaning: "a ratio is no cost: weigh it by the misses of one operation"),
    Ratio(
      name: "data TLB load misses", part: "dTLB-load-misses", whole: "dTLB-loads", isShare: true,
      meaning: "many mean that the data lies on too many pages"),
    Ratio(
      name: "branch misses", part: "branch-misses", whole: "branches", isShare: true,
      meaning: "below 1 % it is not where the time goes"),
  ]

  private func hardware(_ counters: RunCounters?, _ reason: String) -> [CounterTable.Row] {
    let roles = Set((counters?.counts ?? []).compactMap(\.role)).sorted()
    let subjects: [String?] = roles.isEmpty ? [nil] : roles
    return subjects.flatMap { role in Self.ratios.map { row($0, role, counters, reason) } }
  }

  private func row(
    _ ratio: Ratio, _ role: String?, _ counters: RunCounters?, _ missing: String
  ) -> CounterTable.Row {
    let (part, whole) = (counters?[ratio.part, role], counters?[ratio.whole, role])
    var value = Reading.notEvaluable(part?.problem ?? whole?.problem ?? missing)
    if let part = part?.value, let whole = whole?.value, whole > 0 {
      let quotient = part / whole
      value = .told(
        Prose(ratio.isShare ? Wording.percent(quotient) : NumberText.ratio(quotient)))
    }
    return CounterTable.Row(
      name: ratio.name, role: role, field: "\(ratio.part) / \(ratio.whole)", value: value,
      perOperation: nil, spread: nil, unit: .ratio, analysis: ratio.meaning)
  }

  // MARK: - The kernel

  private struct Meaning {
    let name: String
    let unit: MetricUnit
    let analysis: Prose
  }

  private static let meanings: [String: Meaning] = [
    "page_faults_minor": Meaning(
      name: "page faults, minor", unit: .count, analysis: "memory touched for the first time"),
    "page_faults_major": Meaning(
      name: "page faults, major", unit: .count,
      analysis: "a page that was touched had to be waited for"),
    "switches_voluntary": Meaning(
      name: "context switches, voluntary", unit: .count, analysis: "a thread had to wait"),
    "switches_involuntary": Meaning(
      name: "context switches, involuntary", unit: .count,
      analysis: "a thread was put off its core with work to do"),
    "read_calls": Meaning(name: "read calls", unit: .count, analysis: "system calls that read"),
    "write_calls": Meaning(name: "write calls", unit: .count, analysis: "system calls that write"),
    "read_bytes_asked": Meaning(
      name: "bytes read", unit: .bytes, analysis: "asked for by the program"),
    "write_bytes_asked": Meaning(
      name: "bytes written", unit: .bytes, analysis: "handed over by the program"),
    "read_bytes_device": Meaning(
      name: "bytes read from the device", unit: .bytes, analysis: "the page cache had the others"),
    "write_bytes_device": Meaning(
      name: "bytes made dirty", unit: .bytes,
      analysis:
        "pages, or larger units, each counted whole whenever a piece of it is written; what the device wrote was not counted"
    ),
    "context-switches": Meaning(
      name: "context switches", unit: .count, analysis: "of all threads, for whatever reason"),
    "cpu-migrations": Meaning(
      name: "migrations", unit: .count, analysis: "a thread went on on another core"),
    "page-faults": Meaning(name: "page faults", unit: .count, analysis: "minor and major together"),
    "minor-faults": Meaning(
      name: "page faults, minor", unit: .count, analysis: "memory touched for the first time"),
    "major-faults": Meaning(
      name: "page faults, major", unit: .count,
      analysis: "a page that was touched had to be waited for"),
  ]

  private func software(_ count: RunCounters.Count) -> CounterTable.Row? {
    guard let meaning = Self.meanings[count.name] else { return nil }
    let value = count.value.map { Prose(NumberText.text($0, meaning.unit)) }
    let each = count.value.flatMap { operations > 0 ? $0 / Double(operations) : nil }
    let analysis =
      ["page_faults_major", "major-faults"].contains(count.name) ? majorFaults : meaning.analysis
    return CounterTable.Row(
      name: meaning.name, role: count.role, field: count.name,
      value: value.map(Reading.told) ?? .notEvaluable(count.problem ?? "it was not counted"),
      perOperation: each, spread: count.trials.count > 1 ? Summary(count.trials).share : nil,
      unit: meaning.unit, analysis: analysis)
  }

  /// A fault is major when it had to wait for a page, which need not have come from the disk.
  private var majorFaults: Prose {
    guard let read = evidence.run.counters?["read_bytes_device"]?.value else {
      return "a page that was touched had to be waited for"
    }
    return read > 0
      ? "a page that was touched had to be waited for; the device gave \(NumberText.bytes(read)) meanwhile"
      : "a page that was touched had to be waited for, but nothing was read from the device meanwhile: memory is not short"
  }

  private func memory(_ counters: RunCounters) -> [CounterTable.Row] {
    guard let peak = counters.peakResidentBytes else { return [] }
    let ofAll = evidence.run.environment.flatMap {
      $0.memoryBytes > 0 ? Wording.percent(peak / Double($0.memoryBytes)) : nil
    }
    return [
      CounterTable.Row(
        name: "peak resident memory", role: nil, field: "peakResidentBytes",
        value: .told(Prose(NumberText.bytes(peak))), perOperation: nil, spread: nil, unit: .bytes,
        analysis: Prose(ofAll.map { "\($0) of the machine's memory" } ?? "of one trial"))
    ]
  }
}
