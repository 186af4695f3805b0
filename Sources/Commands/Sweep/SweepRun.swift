import Basics
import Harness
import Measurement
import RunRecords
import VectorIndex
import Vocabulary
import Workloads

/// One sweep from its words to its results.
struct SweepRun {
  let invocation: Invocation
  private let grid: SweepGrid
  private let recalls: [Double]
  private let trials: Int
  private let progress: Progress

  /// Knobs that make other data, other builds, other searches of one build.
  private static let dataKnobs = ["dataset", "dims", "data", "queries", "metric", "seed"]
  private static let buildKnobs = ["m", "ef-construction"]
  private static let searchKnobs = ["top-k", "kernel", "scratch", "visited"]
  private static let pointKnobs = ["ef", "concurrency"]
  static var knobs: [String] { pointKnobs + searchKnobs + buildKnobs + dataKnobs }

  init(_ invocation: Invocation) throws(Failure) {
    self.invocation = invocation
    let text = invocation.text("over")
    var words = text.map { [$0] } ?? []
    if text?.contains("ef=") != true, invocation.value("ef") == nil, text == nil {
      words.append("ef=16..512x2")
    }
    if invocation.value("concurrency") == nil, text?.contains("concurrency=") != true {
      let cores = ProcessorCount.online
      words.append(cores > 1 ? "concurrency=1,\(cores)" : "concurrency=1")
    }
    grid = try SweepGrid(words.joined(separator: ","), invocation.command, knobs: Self.knobs)
    for axis in grid.axes where invocation.value(axis.knob) != nil {
      throw .usage("--\(axis.knob) is given and swept; one of the two.", invocation.command)
    }
    recalls = try Self.recalls(invocation)
    trials = invocation.count("trials") ?? 3
    progress = Progress(quiet: invocation.has("quiet") || invocation.has("json"))
    for name in ["kernel"] {
      for value in grid.values(name) ?? [invocation.text(name) ?? "automatic"] {
        guard KernelChoice(rawValue: value)?.isAvailable == true else {
          throw .usage("This processor cannot run the \(value) kernel.", invocation.command)
        }
      }
    }
    if invocation.has("json"), invocation.has("csv") {
      throw .usage("--json and --csv are two outputs; choose one.", invocation.command)
    }
  }

  private static func recalls(_ invocation: Invocation) throws(Failure) -> [Double] {
    guard let text = invocation.text("target-recall") else { return [0.9, 0.95, 0.99, 0.999] }
    var values: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = try? HumanInput.ratio(String(part)), value > 0, value <= 1 else {
        throw .usage(
          "--target-recall wants shares such as 0.95; `\(part)` is none.", invocation.command)
      }
      values.append(value)
    }
    return values
  }

  /// What would be done, for `--dry-run`.
  var plan: String {
    let builds = grid.combinations(of: Self.dataKnobs + Self.buildKnobs).count
    let points = grid.combinations(of: Self.knobs).count
    let seconds =
      Double(points * trials)
      * ((invocation.seconds("duration") ?? 0.5) + (invocation.seconds("warmup") ?? 0.2))
    let axes = grid.axes.map { "  \($0.knob): \($0.values.joined(separator: ", "))\n" }.joined()
    return
      "\(builds) builds, \(points) points, \(trials) trials each: \(points * trials) processes, "
      + "\(NumberText.duration(seconds)) of searching beside building and loading\n\(axes)"
  }

  // MARK: - Doing it

  func execute() throws -> [SweepResult] {
    Interrupts.startCounting()
    let work = try Self.workFolder(invocation)
    defer { progress.end() }
    let outcome = Result { try sweep(in: work.path) }
    work.remove()
    if Interrupts.count > 0, case .failure = outcome {
      throw Failure(.interrupted, "Interrupted before the first point was measured.")
    }
    return try outcome.get()
  }

  private static func workFolder(_ invocation: Invocation) throws -> WorkFolder {
    do { return try WorkFolder(beside: invocation.text("store-dir") ?? ".") } catch {
      throw Failure(
        .failed, "No work folder could be made (\(error)); name a place with --store-dir.")
    }
  }

  private func sweep(in folder: String) throws -> [SweepResult] {
    var results: [SweepResult] = []
    for (number, words) in grid.combinations(of: Self.dataKnobs).enumerated() {
      let place = "\(folder)/data-\(number)"
      try FileSystem.makeDirectory(place)
      let filled = set(words, on: invocation)
      let data = try PreparedData.prepare(
        try PreparedData.choice(filled, standard: Self.standard),
        k: try deepest(filled), queryCount: filled.count("query-count"), in: place, progress)
      for build in grid.combinations(of: Self.buildKnobs) {
        let more = try sweep(data, set(build, on: filled), words + build, place)
        results += more
        if more.contains(where: \.isInterrupted) { return results }
      }
      try FileSystem.removeTree(place)
    }
    return results
  }

  private static let standard = DatasetSpec(
    kind: .clustered, rows: 50_000, dimensions: 256, metric: .cosine, queries: 1_000,
    querySource: .heldout, seed: 42)

  /// The truth must reach as deep as the largest k that is asked for.
  private func deepest(_ invocation: Invocation) throws -> Int {
    (grid.values("top-k") ?? []).compactMap { try? HumanInput.count($0) }.max()
      ?? invocation.count("top-k") ?? 10
  }

  private func set(_ words: [(String, String)], on invocation: Invocation) -> Invocation {
    words.reduce(invocation) { $0.filled(with: [$1.0: .init(text: $1.1, source: .flag)]) }
  }

  private func options(_ invocation: Invocation, _ data: SearchData) -> IndexOptions {
    IndexOptions(
      dimensions: data.dimensions, metric: data.metric, m: invocation.count("m") ?? 16,
      efConstruction: invocation.count("ef-construction") ?? 200,
      seed: UInt64(invocation.count("seed") ?? 42),
      kernel: invocation.text("kernel").flatMap(KernelChoice.init) ?? .automatic,
      scratch: invocation.text("scratch").flatMap(ScratchPolicy.init) ?? .pooled,
      visited: invocation.text("visited").flatMap(VisitedSet.init) ?? .marks)
  }

  /// One build and all searches of it.
  private func sweep(
    _ data: SearchData, _ invocation: Invocation, _ words: [(String, String)], _ folder: String
  ) throws -> [SweepResult] {
    let snapshot = "\(folder)/index"
    let build = try measureBuild(data, options(invocation, data), snapshot, folder)
    var results = grid.combinations(of: Self.searchKnobs).map { more in
      result(data, set(more, on: invocation), words + more, build)
    }
    var points: [(configuration: Int, ef: Int, threads: Int)] = []
    for place in results.indices {
      for words in grid.combinations(of: Self.pointKnobs) {
        let filled = set(words, on: invocation)
        points.append((place, filled.count("ef") ?? 64, filled.count("concurrency") ?? 1))
      }
    }
    let searches = grid.combinations(of: Self.searchKnobs)
    for trial in 0..<trials {
      var random = SeededRandom(UInt64(invocation.count("seed") ?? 42), stream: 0x5E, UInt64(trial))
      for (done, point) in points.shuffled(using: &random).enumerated() {
        progress.begin(
          "Trial \(trial + 1) of \(trials): ef \(point.ef), \(point.threads) threads",
          fraction: 0.4 + 0.6 * Double(trial * points.count + done)
            / Double(trials * points.count))
        let filled = set(searches[point.configuration], on: invocation)
        do {
          try measure(
            point.ef, point.threads, trial, data, filled, snapshot, folder,
            &results[point.configuration])
        } catch is Interrupted {
          for place in results.indices { results[place].isInterrupted = true }
          return results.map(finished)
        }
      }
    }
    return results.map(finished)
  }

  private func measureBuild(
    _ data: SearchData, _ options: IndexOptions, _ snapshot: String, _ folder: String
  ) throws -> SweepResult.Build {
    let threads = ProcessorCount.online
    let job = ChildJob<IndexBuildJob.Outcome>(IndexBuildJob.name)
    progress.begin("Building with \(threads) threads", fraction: 0.1)
    let built = try job.run(
      IndexBuildJob.Plan(data: data, options: options, threads: threads, snapshot: snapshot),
      in: folder)
    var build = SweepResult.Build(
      threads: threads, seconds: built.seconds,
      singleSeconds: threads == 1 ? built.seconds : nil, memoryBytes: built.memoryBytes,
      fileBytes: built.fileBytes ?? 0)
    if threads > 1, !invocation.has("no-single-build") {
      progress.begin("Building with one thread", fraction: 0.2)
      build.singleSeconds = try job.run(
        IndexBuildJob.Plan(data: data, options: options, threads: 1, snapshot: nil), in: folder
      ).seconds
    }
    return build
  }

  private func result(
    _ data: SearchData, _ invocation: Invocation, _ words: [(String, String)],
    _ build: SweepResult.Build
  ) -> SweepResult {
    let options = options(invocation, data)
    var knobs = [
      "m": "\(options.m)", "ef-construction": "\(options.efConstruction)",
      "kernel": options.kernel.resolved.rawValue, "scratch": options.scratch.rawValue,
      "visited": options.visited.rawValue, "seed": "\(options.seed)",
    ]
    for (knob, value) in words where knobs[knob] == nil { knobs[knob] = value }
    let extra = words.filter { !Self.buildKnobs.contains($0.0) }.map { "-\($0.0)=\($0.1)" }
    return SweepResult(
      label: "vbench-M\(options.m)-efc\(options.efConstruction)" + extra.joined(),
      dataset: data.name, rows: data.rows, dimensions: data.dimensions, queries: data.queryCount,
      metric: data.metric, k: invocation.count("top-k") ?? 10, knobs: knobs, build: build,
      trials: trials)
  }

  private func measure(
    _ ef: Int, _ threads: Int, _ trial: Int, _ data: SearchData, _ invocation: Invocation,
    _ snapshot: String, _ folder: String, _ result: inout SweepResult
  ) throws {
    let place = result.points.firstIndex { $0.ef == ef }
    let outcome = try ChildJob<IndexSearchJob.Outcome>(IndexSearchJob.name).run(
      IndexSearchJob.Plan(
        data: data, options: options(invocation, data), snapshot: snapshot, k: result.k, ef: ef,
        threads: threads, warmSeconds: invocation.seconds("warmup") ?? 0.2,
        seconds: invocation.seconds("duration") ?? 0.5, scores: place == nil), in: folder)
    if let recall = outcome.recall {
      result.points.append(SweepResult.Point(ef: ef, recall: recall))
    }
    guard let at = place ?? result.points.indices.last else { return }
    var rate = result.points[at].rates[threads] ?? SweepResult.Rate()
    rate.perSecond.append(outcome.search.perSecond)
    rate.p50.append(outcome.search.p50)
    rate.p99.append(outcome.search.p99)
    rate.searches += outcome.search.searches
    result.points[at].rates[threads] = rate
  }

  private func finished(_ result: SweepResult) -> SweepResult {
    var result = result
    result.points.sort { $0.ef < $1.ef }
    result.environment = EnvironmentCapture.record(
      storeFolder: invocation.text("store-dir") ?? ".", toolVersion: Vbench.version)
    if result.environment?.buildMode == "debug" {
      result.notes.append("This is a debug build; its rates mean nothing.")
    }
    if trials == 1 { result.notes.append("One trial has no interval.") }
    let gap = result.points.map { abs($0.recall.byDistance - $0.recall.byNumber) }.max() ?? 0
    if gap > 5e-4 {
      result.notes.append(
        "By row numbers alone recall is up to \(NumberText.significant(gap * 100)) points lower: "
          + "rows at equal distances.")
    }
    if result.isInterrupted {
      result.notes.append("Interrupted: points and trials are missing.")
    }
    result.finish(targets: recalls)
    return result
  }
}
