import Harness
import Measurement
import RunRecords
import StorageEngine
import VectorIndex
import Vocabulary
import Workloads

/// Flags, variables and presets → settings, with where each value came from.
struct SettingsReader {
  private(set) var settings: WorkloadSettings
  private(set) var listed: [RunRecord.Setting] = []
  private(set) var notes: [String] = []
  private let invocation: Invocation
  private let isSource: Bool

  init(_ invocation: Invocation, command: String, notes: [String] = []) throws {
    self.invocation = invocation
    self.notes = notes
    isSource = invocation.text("preset") == "source"
    settings = WorkloadSettings(
      dataset: DatasetSpec(
        kind: .clustered, rows: 50_000, dimensions: 256, metric: .cosine, queries: 1_000,
        querySource: .heldout, seed: 42))
    if command == "search-only" { settings.readRatio = 1 }
    if command == "write-only" { settings.readRatio = 0 }
    if isSource { applySourcePreset() }
    try readData()
    readMix()
    try readTarget()
    readTime()
    noteIneffective()
  }

  /// The seed run of the source documents, as its profile script set it.
  private mutating func applySourcePreset() {
    settings.dataset.rows = 100
    settings.dataset.kind = .uniform
    settings.dataset.querySource = .stored
    settings.dataset.queries = 100
    settings.arrival = .closed
    settings.maxLive = .grow
    settings.measuredSeconds = 60
    settings.trials = 1
    settings.durability = .relaxed
    settings.capacitySeconds = 0.1
    settings.warmSeconds = 0
    notes.append(
      "The source preset grows without bound; it stops at \(NumberText.count(settings.rowBudget)) rows."
    )
  }

  private mutating func readData() throws {
    settings.dataset.rows = take("dataset", settings.dataset.rows) { $0.count("dataset") }
    settings.dataset.dimensions = take("dims", settings.dataset.dimensions) { $0.count("dims") }
    settings.dataset.kind = word("data", settings.dataset.kind)
    settings.dataset.querySource = word("queries", settings.dataset.querySource)
    settings.dataset.metric = word("metric", settings.dataset.metric)
    settings.dataset.seed = UInt64(
      take("seed", Int(settings.dataset.seed)) { $0.count("seed") })
    if invocation.text("scale-by-dim") == "source" {
      settings.dataset.rows = DatasetSpec.sourceRows(
        settings.dataset.rows, dimensions: settings.dataset.dimensions)
    }
    if settings.dataset.querySource == .stored {
      settings.dataset.queries = min(settings.dataset.queries, settings.dataset.rows)
    }
    settings.topK = take("top-k", settings.topK) { $0.count("top-k") }
  }

  private mutating func readMix() {
    settings.readRatio = take("read-ratio", settings.readRatio) { $0.ratio("read-ratio") }
    settings.hotRatio = take("hot-ratio", settings.hotRatio) { $0.ratio("hot-ratio") }
    settings.hotQueryRatio = take("hot-query-ratio", settings.hotQueryRatio) {
      $0.ratio("hot-query-ratio")
    }
    settings.writeBatch = take("write-batch", settings.writeBatch) { $0.count("write-batch") }
    settings.maxLive = word("max-live", settings.maxLive)
    settings.concurrency = take("concurrency", settings.concurrency) { $0.count("concurrency") }
    settings.arrival = word("arrival", settings.arrival)
    if let rate = invocation.number("rate") {
      settings.rate = rate
      list("rate", NumberText.significant(rate), source("rate"))
    }
  }

  private mutating func readTarget() throws {
    if let text = invocation.text("target") {
      guard let target = TargetChoice(spelling: text) else {
        throw Failure.usage(
          "--target wants engine; `\(text)` is nothing that this version can drive.",
          invocation.command)
      }
      settings.target = target
      if target != .engine { list("target", text, source("target")) }
    }
    settings.ef = take("ef", settings.ef) { $0.count("ef") }
    settings.m = take("m", settings.m) { $0.count("m") }
    settings.efConstruction = take("ef-construction", settings.efConstruction) {
      $0.count("ef-construction")
    }
    settings.kernel = word("kernel", settings.kernel)
    settings.scratch = word("scratch", settings.scratch)
    settings.visited = word("visited", settings.visited)
    if let text = invocation.text("durability") {
      guard let durability = Durability(spelling: text) else {
        throw Failure.usage(
          "--durability wants strict, relaxed, relaxed:MS:BYTES or none; `\(text)` is none of them.",
          invocation.command)
      }
      settings.durability = durability
    }
    list("durability", "\(settings.durability)", source("durability"))
    settings.groupCommit = invocation.text("group-commit") != "off"
    list("group-commit", settings.groupCommit ? "on" : "off", source("group-commit"))
    guard settings.kernel.isAvailable else {
      throw Failure.usage(
        "This processor cannot run the \(settings.kernel.rawValue) kernel.", invocation.command)
    }
  }

  private mutating func readTime() {
    settings.measuredSeconds = take("duration", settings.measuredSeconds) { $0.seconds("duration") }
    settings.warmSeconds = take("warmup", settings.warmSeconds) { $0.seconds("warmup") }
    settings.trials = take("trials", settings.trials) { $0.count("trials") }
  }

  private mutating func noteIneffective() {
    for (flag, name) in [
      ("market-clients", "MARKET_CLIENTS"), ("profile-seconds", "PROFILE_SECONDS"),
    ]
    where invocation.text(flag) != nil {
      notes.append("\(name) has no effect; it had none at the source either.")
    }
  }

  // MARK: - Taking values with their source

  private mutating func take<Value>(
    _ name: String, _ standard: Value, _ read: (Invocation) -> Value?
  ) -> Value {
    let value = read(invocation) ?? standard
    list(name, "\(value)", source(name))
    return value
  }

  private mutating func word<Value: RawRepresentable<String>>(
    _ name: String, _ standard: Value
  ) -> Value {
    let value = invocation.text(name).flatMap(Value.init(rawValue:)) ?? standard
    list(name, value.rawValue, source(name))
    return value
  }

  private func source(_ name: String) -> RunRecord.Setting.Source {
    switch invocation.value(name)?.source {
    case .flag: .flag
    case .environment: .environment
    case .like: .like
    case .standard: .standard
    case nil: isSource ? .preset : .standard
    }
  }

  private mutating func list(_ name: String, _ value: String, _ source: RunRecord.Setting.Source) {
    listed.append(RunRecord.Setting(name: name, value: value, source: source))
  }
}
