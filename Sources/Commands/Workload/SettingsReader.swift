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
  /// Set where the data are a file's.
  private var fileData: FileData?

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
    try readMix(command)
    try readTarget()
    try readTime()
    try readTruth()
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
    let typed = invocation.text("data") ?? settings.dataset.kind.rawValue
    if let path = FileData.path(typed) {
      try readFile(path)
    } else {
      try readMade(typed)
    }
    settings.topK = take("top-k", settings.topK) { $0.count("top-k") }
  }

  private mutating func readMade(_ typed: String) throws {
    guard let kind = DatasetSpec.Kind(rawValue: typed), DatasetSpec.Kind.made.contains(kind) else {
      let words = DatasetSpec.Kind.made.map(\.rawValue)
      throw Failure.usage(
        "--data wants \(words.joined(separator: ", ")) or file:PATH; `\(typed)` is none of them."
          + Nearest.hint(typed, among: words), invocation.command)
    }
    settings.dataset.rows = take("dataset", settings.dataset.rows) { $0.count("dataset") }
    settings.dataset.dimensions = take("dims", settings.dataset.dimensions) { $0.count("dims") }
    settings.dataset.kind = kind
    list("data", typed, source("data"))
    settings.dataset.querySource = word("queries", settings.dataset.querySource)
    settings.dataset.metric = word("metric", settings.dataset.metric)
    readSeed()
    scaleRows()
    if settings.dataset.querySource == .stored {
      settings.dataset.queries = min(settings.dataset.queries, settings.dataset.rows)
    }
  }

  private mutating func readSeed() {
    settings.dataset.seed = UInt64(
      take("seed", Int(settings.dataset.seed)) { $0.count("seed") })
  }

  private mutating func scaleRows() {
    guard invocation.text("scale-by-dim") == "source" else { return }
    settings.dataset.rows = DatasetSpec.sourceRows(
      settings.dataset.rows, dimensions: settings.dataset.dimensions)
  }

  // MARK: - Data from a file

  /// A file says how many rows and dimensions there are; flags may ask for fewer rows.
  private mutating func readFile(_ path: String) throws {
    let data = try FileData(path)
    fileData = data
    if let dimensions = invocation.count("dims"), dimensions != data.dimensions {
      throw Failure.usage(
        "--dims says \(dimensions) and the vectors of \(path) have \(data.dimensions) components; "
          + "leave --dims out.", invocation.command)
    }
    let wanted = invocation.count("dataset") ?? (isSource ? settings.dataset.rows : data.rows)
    if wanted > data.rows {
      throw Failure.usage(PreparedData.tooFew(wanted, data.rows, path), invocation.command)
    }
    settings.dataset.dimensions = data.dimensions
    settings.dataset.rows = wanted
    list("dataset", "\(wanted)", source("dataset"))
    list("dims", "\(data.dimensions)", source("dims"))
    list("data", "\(FileData.prefix)\(path)", source("data"))
    settings.dataset.querySource = word("queries", settings.dataset.querySource)
    if settings.dataset.querySource == .ood {
      throw Failure.usage(
        "Queries far from the rows (--queries ood) are made, and a file brings its own; give "
          + "heldout or stored.", invocation.command)
    }
    try readMetric(data, path)
    readSeed()
    scaleRows()
    settings.dataset = try data.spec(
      rows: settings.dataset.rows, metric: settings.dataset.metric,
      source: settings.dataset.querySource, seed: settings.dataset.seed)
  }

  private mutating func readMetric(_ data: FileData, _ path: String) throws {
    if invocation.text("metric") == nil, data.metric == nil {
      throw Failure(.badInput, "Nothing beside \(path) names a metric; give --metric.")
    }
    settings.dataset.metric = word("metric", data.metric ?? settings.dataset.metric)
  }

  /// Which truth recall is held against, and where vectors for the writes come from, is said.
  private mutating func readTruth() throws {
    guard let fileData else { return }
    switch try fileData.truth(for: settings) {
    case .used(let path):
      settings.dataset.files?.truth = path
      notes.append("Recall is scored by the data's own ground truth.")
    case .unused(let sentence): notes.append(sentence)
    }
    let writes: [OperationKind] = [.insert, .upsert]
    guard writes.contains(where: { settings.share(of: $0) > 0 }) else { return }
    let left = fileData.rows - settings.dataset.rows
    notes.append(
      (left > 0
        ? "Writes take the \(NumberText.count(left)) rows of the file that were not loaded, then "
        : "All rows of the file are loaded, so writes take ")
        + "its rows from the first one again: a vector may be there twice.")
  }

  private mutating func readMix(_ command: String) throws {
    let wins = try mixWins(command)
    if wins {
      try readShares()
    } else {
      try readRatio(command)
    }
    try readKeys()
    try readFilter()
    settings.hotRatio = take("hot-ratio", settings.hotRatio) { $0.ratio("hot-ratio") }
    settings.hotQueryRatio = take("hot-query-ratio", settings.hotQueryRatio) {
      $0.ratio("hot-query-ratio")
    }
    settings.writeBatch = take("write-batch", settings.writeBatch) { $0.count("write-batch") }
    settings.maxLive = word("max-live", settings.maxLive)
    settings.concurrency = take("concurrency", settings.concurrency) { $0.count("concurrency") }
    settings.arrival = word("arrival", settings.arrival)
    try readRate()
  }

  /// A workload that is named after what it does not do stays one.
  private mutating func readRatio(_ command: String) throws {
    let own = settings.readRatio
    settings.readRatio = take("read-ratio", own) { $0.ratio("read-ratio") }
    if command != "market", settings.readRatio != own, !isSource {
      throw Failure.usage(
        "vbench \(command) has a mix of its own; use vbench market for another.",
        invocation.command)
    }
  }

  /// More than that many operations of a trial do not fit into a schedule.
  private static let arrivalsMax = 1e8

  private mutating func readRate() throws {
    guard let rate = invocation.number("rate") else { return }
    if settings.arrival == .closed {
      if source("rate") == .like { return }
      throw Failure.usage(
        "A closed loop takes the next operation when one is done, so it has no --rate; leave one of "
          + "the two out.", invocation.command)
    }
    settings.rate = rate
    list("rate", NumberText.significant(rate), source("rate"))
  }

  private func checkArrivals() throws {
    guard let rate = settings.rate, rate * settings.measuredSeconds > Self.arrivalsMax else {
      return
    }
    throw Failure.usage(
      "\(NumberText.significant(rate)) operations a second for "
        + "\(NumberText.duration(settings.measuredSeconds)) are more than the "
        + "\(NumberText.count(Int(Self.arrivalsMax))) that a trial can hold; offer less or measure "
        + "shorter.", invocation.command)
  }

  /// Whether the mix is given and holds; the nearer one does where a read ratio is given too.
  private mutating func mixWins(_ command: String) throws -> Bool {
    guard let mix = invocation.value("mix") else { return false }
    if command == "search-only" || command == "write-only" {
      if mix.source == .like { return false }
      throw Failure.usage(
        "vbench \(command) has a mix of its own; use vbench market for another.",
        invocation.command)
    }
    guard let ratio = invocation.value("read-ratio") else { return true }
    let (mixRank, ratioRank) = (Self.nearness(mix.source), Self.nearness(ratio.source))
    if mixRank == ratioRank {
      throw Failure.usage(
        "--mix and --read-ratio both say how many searches there are; give one of them.",
        invocation.command)
    }
    notes.append(
      mixRank > ratioRank
        ? "The read ratio of \(ratio.text) is overruled by the mix."
        : "The mix of \(mix.text) is overruled by the read ratio.")
    return mixRank > ratioRank
  }

  private static func nearness(_ source: Invocation.Value.Source) -> Int {
    switch source {
    case .standard: -1
    case .like: 0
    case .environment: 1
    case .flag: 2
    }
  }

  private mutating func readShares() throws {
    let text = invocation.text("mix") ?? ""
    do throws(OperationMix.Problem) {
      let (mix, total) = try OperationMix.parse(text)
      settings.mix = mix
      settings.readRatio = mix.share(of: .search)
      if abs(total - 100) > 1e-6, abs(total - 1) > 1e-6 { noteScaling(mix, total) }
    } catch { throw Failure.usage("--mix \(error).", invocation.command) }
    list("mix", settings.mix?.spelling ?? text, source("mix"))
  }

  private mutating func noteScaling(_ mix: OperationMix, _ total: Double) {
    let shares = OperationMix.kinds.filter { mix.share(of: $0) > 0 }.map {
      "\($0.rawValue) \(NumberText.percent(mix.share(of: $0)))"
    }
    notes.append(
      "The weights of the mix add up to \(NumberText.significant(total)), not to 100; taken as "
        + shares.joined(separator: ", ") + ".")
  }

  private mutating func readKeys() throws {
    if let text = invocation.text("keys") {
      guard let choice = KeyChoice(spelling: text) else {
        throw Failure.usage(
          "--keys wants uniform, zipf, zipf:0.99 (exponents from 0.01 to 10), hotspot or latest; "
            + "`\(text)` is none of them.", invocation.command)
      }
      settings.keys = choice
    }
    list("keys", settings.keys.spelling, source("keys"))
  }

  private mutating func readFilter() throws {
    guard let text = invocation.text("filter"), text != "none" else {
      return list("filter", "none", source("filter"))
    }
    let shares = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      part.hasPrefix("sel=") ? try? HumanInput.ratio(String(part.dropFirst(4))) : nil
    }
    let selectivities = shares.compactMap(\.self).filter { $0 > 0 && $0 <= 1 }
    guard selectivities.count == shares.count, Set(selectivities).count == shares.count else {
      throw Failure.usage(
        "--filter wants sel=0.01, or several such as sel=0.01,sel=0.1, each above 0 and at most 1 "
          + "and given once; `\(text)` is not that.", invocation.command)
    }
    settings.selectivities = selectivities
    list("filter", selectivities.map { "sel=\($0)" }.joined(separator: ","), source("filter"))
    if settings.share(of: .search) == 0 {
      notes.append("Nothing is searched, so the filter has no effect.")
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

  private mutating func readTime() throws {
    settings.measuredSeconds = take("duration", settings.measuredSeconds) { $0.seconds("duration") }
    if invocation.has("cold") {
      settings.pageCache = .dropped
      settings.warmSeconds = 0
      // Listed only where it is so, for runs that never heard of it are like those without.
      list("cold", "true", source("cold"))
    }
    try readWarmUp()
    settings.rampSeconds = take("ramp", settings.rampSeconds) { $0.seconds("ramp") }
    if settings.rampSeconds > settings.measuredSeconds {
      throw Failure.usage(
        "The ramp of \(NumberText.duration(settings.rampSeconds)) is longer than the "
          + "\(NumberText.duration(settings.measuredSeconds)) that are measured; shorten it or give "
          + "a longer --duration.", invocation.command)
    }
    settings.trials = take("trials", settings.trials) { $0.count("trials") }
    try checkArrivals()
  }

  /// How long a search for the steady state may take.
  private static let steadySecondsMax = 20.0

  private mutating func readWarmUp() throws {
    let text = invocation.text("warmup") ?? "\(settings.warmSeconds)"
    let isAutomatic = text == "auto" || text.hasPrefix("auto:")
    let limit = text == "auto" ? nil : isAutomatic ? String(text.dropFirst(5)) : text
    let seconds = limit.map { try? HumanInput.seconds($0) } ?? Self.steadySecondsMax
    guard let seconds, seconds >= 0, seconds <= 3_600, seconds > 0 || !isAutomatic else {
      throw Failure.usage(
        "--warmup wants a time from 0 to 3600 s, auto, or auto with a time such as auto:30s; "
          + "`\(text)` is none of them.", invocation.command)
    }
    settings.warmSeconds = seconds
    settings.findsSteadyState = isAutomatic
    list("warmup", isAutomatic ? "auto:\(seconds)" : "\(seconds)", source("warmup"))
  }

  private mutating func noteIneffective() {
    if settings.topK > settings.ef, settings.share(of: .search) > 0 {
      notes.append(
        "A beam of \(settings.ef) finds no \(settings.topK) neighbors, so searches use one of "
          + "\(settings.topK).")
    }
    for share in settings.selectivities
    where share * Double(settings.dataset.rows) < Double(settings.topK) {
      notes.append(
        "Of \(NumberText.count(settings.dataset.rows)) rows the filter sel=\(share) lets about "
          + "\(NumberText.significant(share * Double(settings.dataset.rows))) through, fewer than the "
          + "\(settings.topK) asked for.")
    }
    if settings.topK > settings.dataset.rows {
      notes.append(
        "There are \(NumberText.count(settings.dataset.rows)) rows, fewer than the "
          + "\(NumberText.count(settings.topK)) neighbors asked for.")
    }
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
