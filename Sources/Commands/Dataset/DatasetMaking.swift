import Basics
import Measurement
import Vocabulary
import Workloads

/// `vbench dataset gen` and `vbench dataset import`: a new folder of data.
struct DatasetMaking {
  let work: DatasetWork
  let path: String

  init(_ work: DatasetWork, _ path: String) {
    self.work = work
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  struct Outcome: Encodable {
    var path: String
    var rows: Int
    var queries: Int
    var dimensions: Int
    var metric: String
    /// Rows left out because they were not finite, or zero under cosine.
    var skipped = 0
    var truth: DatasetTruth.Outcome?
  }

  private var metric: Metric {
    work.invocation.text("metric").flatMap(Metric.init(rawValue:)) ?? .cosine
  }

  private var format: String { work.invocation.text("format") ?? "fvecs" }

  // MARK: - Generated

  func generate() throws -> ExitStatus {
    let invocation = work.invocation
    for name in ["base", "query", "skip-bad"] where invocation.value(name) != nil {
      throw Failure.usage("--\(name) is for `vbench dataset import`.", invocation.command)
    }
    let rows = invocation.count("dataset") ?? 50_000
    let source = invocation.text("queries").flatMap(DatasetSpec.QuerySource.init) ?? .heldout
    let wanted = invocation.count("query-count") ?? 1_000
    let spec = DatasetSpec(
      kind: invocation.text("data").flatMap(DatasetSpec.Kind.init) ?? .clustered, rows: rows,
      dimensions: invocation.count("dims") ?? 256, metric: metric,
      queries: source == .stored ? min(wanted, rows) : wanted, querySource: source,
      seed: UInt64(invocation.count("seed") ?? 42))
    try refuseOldData()
    try work.checkRoom(for: (rows + spec.queries) * (4 * spec.dimensions + 4), at: path)
    let vectors = VectorSource(spec)
    work.progress.begin("Making \(NumberText.count(rows)) rows", fraction: 0)
    try write("base", rows, spec) { vectors.vector(of: VectorID(UInt64($0))) }
    try write("query", spec.queries, spec) { vectors.query($0) }
    return try finish(
      Outcome(
        path: path, rows: rows, queries: spec.queries, dimensions: spec.dimensions,
        metric: metric.rawValue),
      source: "vbench \(Vbench.version): \(spec.kind.rawValue), \(spec.querySource.rawValue) "
        + "queries, seed \(spec.seed)")
  }

  /// Makes rows on every core, and writes them in their order.
  private func write(
    _ stem: String, _ count: Int, _ spec: DatasetSpec, _ make: @escaping @Sendable (Int) -> [Float]
  ) throws {
    var writer = try VectorFileWriter(
      "\(path)/\(stem).\(format)", rows: count, dimensions: spec.dimensions)
    let threads = ProcessorCount.online
    let share = max(1, 262_144 / spec.dimensions)
    for start in stride(from: 0, to: count, by: share * threads) {
      try work.checkInterrupt()
      let parts = try WorkerThreads.run(count: threads, name: "rows") { thread -> [Float] in
        let begin = min(count, start + thread * share)
        return (begin..<min(count, begin + share)).flatMap(make)
      }
      for part in parts { try writer.append(part) }
      if stem == "base" { work.progress.update(fraction: 0.3 * Double(start) / Double(count)) }
    }
    try work.checkInterrupt()
    try writer.finish()
  }

  // MARK: - Imported

  func importFiles() throws -> ExitStatus {
    let invocation = work.invocation
    guard let basePath = invocation.text("base") else {
      throw Failure.usage("vbench dataset import wants the rows: --base FILE.", invocation.command)
    }
    for name in ["dims", "data", "queries", "seed"] where invocation.value(name) != nil {
      throw Failure.usage("--\(name) is for `vbench dataset gen`.", invocation.command)
    }
    try refuseOldData()
    let base = try VectorFile(basePath)
    work.progress.begin("Reading \(NumberText.count(base.rows)) rows", fraction: 0)
    var (good, skipped) = try goodRows(of: base)
    if let limit = invocation.count("dataset") {
      // The queries that are split off come from behind the rows that are kept.
      let split = invocation.text("query") == nil ? invocation.count("query-count") ?? 1_000 : 0
      good = Array(good.prefix(limit + split))
    }
    let queries = try importQueries(&good, base, &skipped)
    guard !good.isEmpty else { throw DatasetError.empty(path: basePath) }
    try copy(base, good, to: "base")
    return try finish(
      Outcome(
        path: path, rows: good.count, queries: queries, dimensions: base.dimensions,
        metric: metric.rawValue, skipped: skipped),
      source: "imported from \(basePath.split(separator: "/").last ?? "")")
  }

  /// From their own file, or the last of the rows.
  private func importQueries(
    _ good: inout [Int], _ base: borrowing VectorFile, _ skipped: inout Int
  ) throws -> Int {
    let wanted = work.invocation.count("query-count")
    if let queryPath = work.invocation.text("query") {
      let file = try VectorFile(queryPath)
      guard file.dimensions == base.dimensions else {
        throw DatasetError.mismatch(
          path: queryPath,
          reason: "its vectors have \(file.dimensions) components and the rows \(base.dimensions)")
      }
      let (rows, bad) = try goodRows(of: file)
      guard !rows.isEmpty else { throw DatasetError.empty(path: queryPath) }
      skipped += bad
      let taken = Array(rows.prefix(wanted ?? rows.count))
      try copy(file, taken, to: "query")
      return taken.count
    }
    let count = wanted ?? min(1_000, good.count / 10)
    guard count > 0, count < good.count else {
      throw Failure(
        .badInput,
        "\(base.path) has \(good.count) rows, too few to split \(max(1, count)) queries off; "
          + "give --query FILE or a smaller --query-count.")
    }
    try copy(base, Array(good.suffix(count)), to: "query")
    good.removeLast(count)
    return count
  }

  /// The numbers of the rows that can be used, and how many cannot.
  private func goodRows(of file: borrowing VectorFile) throws -> (rows: [Int], skipped: Int) {
    let skips = work.invocation.has("skip-bad")
    var good: [Int] = []
    for start in stride(from: 0, to: file.rows, by: file.rowsPerPiece) {
      try work.checkInterrupt()
      let piece = start..<min(start + file.rowsPerPiece, file.rows)
      let values = skips ? try file.unchecked(piece) : try file.floats(piece)
      for row in piece {
        let first = (row - start) * file.dimensions
        let vector = values[first..<(first + file.dimensions)]
        let isZero = metric == .cosine && vector.allSatisfy { $0 == 0 }
        if !skips, isZero { throw DatasetError.zeroVector(path: file.path, row: row) }
        if !isZero, vector.allSatisfy(\.isFinite) { good.append(row) }
      }
      work.progress.update(fraction: 0.2 * Double(start) / Double(file.rows))
    }
    return (good, file.rows - good.count)
  }

  private func copy(_ file: borrowing VectorFile, _ rows: [Int], to stem: String) throws {
    try work.checkRoom(for: rows.count * (4 * file.dimensions + 4), at: path)
    var writer = try VectorFileWriter(
      "\(path)/\(stem).\(format)", rows: rows.count, dimensions: file.dimensions)
    var next = 0
    while next < rows.count {
      try work.checkInterrupt()
      // Neighboring rows are read together.
      var end = next + 1
      while end < rows.count, rows[end] == rows[end - 1] + 1, end - next < file.rowsPerPiece {
        end += 1
      }
      try writer.append(try file.floats(rows[next]..<(rows[end - 1] + 1)))
      next = end
    }
    try writer.finish()
  }

  // MARK: - Both

  private func refuseOldData() throws {
    for name in (try? FileSystem.list(path)) ?? []
    where ["base", "query", "gt", "queries", "groundtruth"].contains(name.prefix { $0 != "." }) {
      throw Failure(
        .failed, "\(path) holds \(name) already; name a new folder, or remove that one first.")
    }
  }

  private func finish(_ made: Outcome, source: String) throws -> ExitStatus {
    var outcome = made
    var meta = DatasetMeta()
    meta.name = (RealPath.of(path) ?? path).split(separator: "/").last.map(String.init)
    meta.n = made.rows
    meta.dim = made.dimensions
    meta.queries = made.queries
    meta.metric = made.metric
    meta.source = source
    try meta.write(to: path)
    let folder = try DatasetFolder(path)
    if work.invocation.has("no-gt") {
      meta.baseDigest = try ContentDigest.of(try VectorFile(folder.base))
      if let queries = folder.queries {
        meta.queryDigest = try ContentDigest.of(try VectorFile(queries))
      }
      try meta.write(to: path)
    } else {
      outcome.truth = try DatasetTruth(work, path).write(folder)
    }
    work.progress.end()
    try Terminal.print(
      work.invocation.has("json") ? try JSONText.of(outcome) : Self.text(outcome))
    return .fine
  }

  private static func text(_ outcome: Outcome) -> String {
    var text =
      "\(outcome.path): \(NumberText.count(outcome.rows)) × \(outcome.dimensions), "
      + "\(NumberText.count(outcome.queries)) queries, \(outcome.metric)\n"
    if outcome.skipped > 0 {
      text += "\(NumberText.count(outcome.skipped)) rows that no index can take were left out.\n"
    }
    return text + (outcome.truth.map(DatasetTruth.text) ?? "No ground truth was asked for.\n")
  }
}
