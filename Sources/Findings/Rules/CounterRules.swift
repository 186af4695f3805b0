import Measurement
import RunRecords
import Vocabulary

extension RunRule {
  /// Rules over what the kernel counted for the process as a whole.
  static let counters: [RunRule] = [
    RunRule(
      id: "B4", title: "Involuntary switches", condition: involuntarySwitches,
      text: Rule.Text(
        means: [
          "Threads are taken off their cores in the middle of work: more want to run than can."
        ],
        doesNotMean:
          "It does not say who took the core: another thread of the program, or of others.",
        advice: [],
        falsifier: "With no more workers than cores the switches stay.",
        passes:
          "there are fewer involuntary switches for a second of CPU (`counters.json`), and `search.response.p99` does not rise"
      ),
      severity: .low),
    RunRule(
      id: "I2", title: "Small writes", condition: smallWrites,
      text: Rule.Text(
        means: ["Each operation makes several system calls that write little."],
        doesNotMean: "It does not mean that too much is written.",
        advice: [
          Recommendation(
            "Gather writes in a buffer, or hand several over in one call (writev)", effort: .small,
            risk: "low")
        ],
        falsifier: "Half as many calls leave the CPU and the time of a write as they are.",
        passes:
          "`counters.json` has fewer `write_calls` for an operation, and `cpu.per.operation` falls"),
      severity: .medium),
    RunRule(
      id: "I4", title: "Write amplification", condition: writeAmplification,
      text: Rule.Text(
        means: [
          "The program hands many more bytes over to be written than there are in the vectors: records with much beside their vector, room written ahead, or the same data again."
        ],
        doesNotMean: "It does not mean that the disk is what limits the run; see the verdict.",
        ruledOut: [
          "The kernel's count of bytes for the device is not used: it has whole pages and more for each piece that was touched."
        ],
        advice: [
          Recommendation(
            "Look at what is written beside the vectors, and gather small records in one write",
            effort: .small, risk: "low; a write may wait for others of its group")
        ],
        falsifier: "Ten times the vectors in a write leave the bytes for one vector as they are."),
      severity: .low),
    RunRule(
      id: "I6", title: "Bytes stored", condition: storedBytes,
      text: Rule.Text(
        means: ["The store holds more than the vectors and the links of their graph."],
        doesNotMean: "It does not mean that anything is slow for it.",
        advice: [
          Recommendation(
            "Look at what a row carries beside its vector; reclaim what is deleted",
            effort: .medium,
            risk: "medium; files change their layout")
        ],
        falsifier: "After a checkpoint the store is as large as its vectors.",
        passes: "`store.bytes` falls (`compare` says better)"),
      severity: .low),
    RunRule(
      id: "I7", title: "Data not in memory", condition: majorFaults,
      text: Rule.Text(
        means: ["Operations touch pages that must be read from the disk first."],
        doesNotMean: "It does not mean that the machine has too little memory; others may use it.",
        advice: [
          Recommendation(
            "Read the data before the measured phase, or give the process more memory",
            effort: .small, risk: "none")
        ],
        falsifier: "The faults stay in a second run over the same data.",
        passes:
          "`counters.json` has fewer `page_faults_major` for an operation, and `search.response.p99` falls"
      ),
      severity: .medium),
  ]

  /// A value of counters.json, or why there is none.
  private enum Counted {
    case value(Double)
    case missing(String)
  }

  private static func counted(_ name: String, _ evidence: Evidence) -> Counted {
    if let problem = evidence.run.countersProblem { return .missing(problem) }
    guard let counters = evidence.run.counters else {
      return .missing("the run has no counters.json")
    }
    guard let value = counters[name]?.value else {
      return .missing("counters.json does not say \(name)")
    }
    return .value(value)
  }

  private static func operations(_ evidence: Evidence) -> Double {
    Double(evidence.trials.reduce(0) { $0 + $1.operations.values.reduce(0, +) })
  }

  private static func source(_ name: String) -> EvidenceItem.Source {
    EvidenceItem.Source(file: "counters.json", field: "sum.values.\(name)")
  }

  private static func fires(
    _ title: Prose, _ items: [EvidenceItem], _ reason: String
  ) -> Condition {
    .fires(Observation(title: title, share: nil, evidence: items, gain: .notBounded(reason)))
  }

  private static func involuntarySwitches(_ evidence: Evidence, _: SourceCommand) -> Condition {
    let name = "switches_involuntary"
    guard case .value(let switches) = counted(name, evidence) else {
      return notCounted(name, evidence)
    }
    let cpu = evidence.trials.reduce(0) { $0 + $1.cpuSeconds }
    guard cpu > 0 else { return .notEvaluable("the run does not say how much CPU its trials used") }
    let rate = switches / cpu
    let operations = operations(evidence)
    let each =
      operations > 0 ? ", \(NumberText.significant(switches / operations)) an operation" : ""
    let text: Prose =
      "\(Wording.count(Int(switches))) involuntary switches, \(Wording.number(rate.rounded())) in a second of CPU\(each)"
    let limit = evidence.thresholds.involuntarySwitches
    guard rate >= limit else { return .clean(text) }
    return .fires(
      Observation(
        title:
          "Threads are taken off their cores \(Wording.number(rate.rounded())) times in a second of CPU",
        share: nil, evidence: [EvidenceItem(text, source(name))],
        gain: .notBounded("a switch has no price of its own; what it costs is the wait for a core"),
        advice: [FewerWorkers.advice(evidence)],
        trial: FewerWorkers.trial(
          evidence,
          passes:
            "there are fewer than \(Wording.number(limit)) involuntary switches in a second of CPU (`counters.json`), and \(name: "search.response.p99") does not rise"
        )))
  }

  private static func notCounted(_ name: String, _ evidence: Evidence) -> Condition {
    guard case .missing(let reason) = counted(name, evidence) else {
      return .notEvaluable("the run counted nothing")
    }
    return .notEvaluable(reason)
  }

  private static func smallWrites(_ evidence: Evidence, _: SourceCommand) -> Condition {
    guard case .value(let calls) = counted("write_calls", evidence),
      case .value(let bytes) = counted("write_bytes_asked", evidence)
    else { return notCounted("write_calls", evidence) }
    let operations = operations(evidence)
    guard operations > 0 else { return .notEvaluable("the run counted no operations") }
    let (each, size) = (calls / operations, calls > 0 ? bytes / calls : 0)
    let text: Prose =
      "\(Wording.count(Int(calls))) writes of \(NumberText.bytes(size)) on average, \(NumberText.significant(each)) an operation"
    guard calls > 0, each > evidence.thresholds.writesPerOperation,
      size < evidence.thresholds.smallWrite
    else { return .clean(text) }
    return fires(
      "An operation makes \(NumberText.significant(each)) writes of \(NumberText.bytes(size))",
      [EvidenceItem(text, source("write_calls"))],
      "what the calls cost is told by the CPU that is spent in the kernel")
  }

  private static func writeAmplification(_ evidence: Evidence, _: SourceCommand) -> Condition {
    guard case .value(let asked) = counted("write_bytes_asked", evidence) else {
      return notCounted("write_bytes_asked", evidence)
    }
    let vectors = evidence.trials.reduce(0) { $0 + $1.vectorsWritten }
    guard let data = evidence.record?.dataset, vectors > 0 else {
      return .notEvaluable("the run wrote no vectors")
    }
    let raw = Double(vectors) * Double(data.dimensions) * 4
    let factor = asked / raw
    let text: Prose =
      "\(NumberText.bytes(asked)) handed over in writes for \(NumberText.bytes(raw)) of vectors written"
      + madeDirty(evidence)
    guard factor > evidence.thresholds.writeAmplification else { return .clean(text) }
    return .fires(
      Observation(
        title:
          "\(NumberText.significant(factor)) bytes are handed over to be written for each byte of the vectors written",
        share: nil, evidence: [EvidenceItem(text, source("write_bytes_asked"))],
        gain: .notBounded("bytes are no time; what waits for the disk is weighed by its time"),
        trial: largerBatches(evidence)))
  }

  /// What the kernel counted beside it, which is no measure of what the device wrote.
  ///
  /// It counts when a page is made dirty, and then all of what holds the page: where the file system
  /// has large folios, up to some MiB. Measured on ext4 of Linux 6.18 with 200 records of 448 bytes,
  /// each synced, in a file written ahead by 1 MiB: 210 MB were counted, and the device wrote 6 MB.
  private static func madeDirty(_ evidence: Evidence) -> Prose {
    guard case .value(let device) = counted("write_bytes_device", evidence) else { return "" }
    return
      "; the kernel counted \(NumberText.bytes(device)) made dirty, whole pages or larger units each time a piece of one is written, and what the device wrote was not counted"
  }

  /// Ten times the vectors in a write, and as many vectors a second as before.
  private static func largerBatches(_ evidence: Evidence) -> FixTrial? {
    guard let record = evidence.record,
      let batch = record.setting("write-batch").flatMap({ Int($0) }), batch > 0
    else { return nil }
    let rate = record.setting("rate").flatMap(Double.init).map {
      " --rate \(Wording.number($0 / 10))"
    }
    return .again(
      "--write-batch \(batch * 10)\(rate ?? "")", allowing: ["write-batch", "rate"], evidence,
      passes: "`counters.json` has fewer `write_bytes_asked` for one vector written")
  }

  private static func storedBytes(_ evidence: Evidence, _ commands: SourceCommand) -> Condition {
    guard let stored = evidence.record?.result("store.bytes")?.estimate.value else {
      return .notEvaluable("the run has no result store.bytes")
    }
    guard let plain = evidence.vectorBytes, plain > 0 else {
      return .notEvaluable("the run does not name a dataset")
    }
    let text: Prose =
      "\(NumberText.bytes(stored)) stored for \(NumberText.bytes(plain)) of vectors and links"
    guard stored > evidence.thresholds.storedAmplification * plain else { return .clean(text) }
    return fires(
      "The store is \(NumberText.significant(stored / plain)) times its vectors and links",
      [EvidenceItem(text, commands.record("results.store.bytes"))], "bytes are no time")
  }

  private static func majorFaults(_ evidence: Evidence, _: SourceCommand) -> Condition {
    let name = "page_faults_major"
    guard case .value(let faults) = counted(name, evidence) else {
      return notCounted(name, evidence)
    }
    let operations = operations(evidence)
    guard operations > 0 else { return .notEvaluable("the run counted no operations") }
    let text: Prose =
      "\(Wording.count(Int(faults))) pages read from the disk on a touch, for \(Wording.count(Int(operations))) operations"
    guard faults / operations > evidence.thresholds.majorFaultsPerOperation else {
      return .clean(text)
    }
    return fires(
      "\(NumberText.significant(faults / operations)) pages for each operation are read from the disk on a touch",
      [EvidenceItem(text, source(name))], "how long a page takes was not measured")
  }
}

extension RunRule {
  /// Allocations of one search, where the run counted them.
  static let allocations = RunRule(
    id: "M2", title: "Allocations per operation",
    condition: { evidence, commands in
      guard let result = evidence.record?.result("allocations.per.search") else {
        return .notEvaluable(Unaskable.noAllocations(evidence))
      }
      let value = result.estimate.value
      let bytes = evidence.record?.result("allocated.per.search").map {
        ", \(NumberText.bytes($0.estimate.value)) in all"
      }
      let text: Prose =
        "one search allocates \(NumberText.significant(value)) times\(bytes ?? "")"
      guard value > evidence.thresholds.allocationsPerSearch else { return .clean(text) }
      return .fires(
        Observation(
          title: "One search allocates \(NumberText.significant(value)) times", share: nil,
          evidence: [EvidenceItem(text, commands.record("results.allocations.per.search"))]
            + CPUOfOperation.item(evidence, .search, commands),
          matches: { _ in true },
          gain: .notBounded(
            "how much of the CPU of searches goes into allocating was not told apart"),
          weighed: CPUOfOperation.slice(evidence, .search)))
    },
    text: Rule.Text(
      means: ["A search makes its scratch anew instead of keeping it with the thread."],
      doesNotMean: "It does not mean that memory leaks.",
      advice: [
        Recommendation(
          "Keep the scratch of a search with its thread", effort: .small,
          risk: "low; memory stays held")
      ],
      falsifier: "With pooled scratch the CPU for one search is the same.",
      verify: "--scratch pooled",
      passes: "`allocations.per.search` and `cpu.per.search` fall (`compare` says better)"),
    severity: .medium)
}
