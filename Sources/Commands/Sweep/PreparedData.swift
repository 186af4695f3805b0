import Basics
import Harness
import Measurement
import Vocabulary
import Workloads

/// Which rows and queries a sweep or a card uses, and how they become files with a checked truth.
enum PreparedData {
  /// What was asked for.
  enum Choice: Sendable, Equatable {
    case made(DatasetSpec)
    case folder(String, rows: Int?, metric: Metric?)
  }

  /// Reads the flags of the data group.
  static func choice(
    _ invocation: Invocation, standard: DatasetSpec
  ) throws(Failure) -> Choice {
    let typed = invocation.text("data") ?? standard.kind.rawValue
    let metric = invocation.text("metric").flatMap(Metric.init(rawValue:))
    if typed.hasPrefix("file:") {
      for name in ["dims", "queries", "seed"] where invocation.value(name) != nil {
        throw .usage("--\(name) has no effect on data from a file.", invocation.command)
      }
      return .folder(
        String(typed.dropFirst(5)), rows: invocation.count("dataset"), metric: metric)
    }
    guard let kind = DatasetSpec.Kind(rawValue: typed), DatasetSpec.Kind.made.contains(kind) else {
      let words = DatasetSpec.Kind.made.map(\.rawValue)
      throw .usage(
        "--data wants \(words.joined(separator: ", ")) or file:PATH; `\(typed)` is none of them."
          + Nearest.hint(typed, among: words), invocation.command)
    }
    var spec = standard
    spec.kind = kind
    spec.rows = invocation.count("dataset") ?? spec.rows
    spec.dimensions = invocation.count("dims") ?? spec.dimensions
    spec.metric = metric ?? spec.metric
    spec.querySource =
      invocation.text("queries").flatMap(DatasetSpec.QuerySource.init) ?? spec.querySource
    spec.seed = invocation.count("seed").map { UInt64($0) } ?? spec.seed
    spec.queries = invocation.count("query-count") ?? spec.queries
    if spec.querySource == .stored { spec.queries = min(spec.queries, spec.rows) }
    return .made(spec)
  }

  /// Leaves rows, queries and truth as files below `folder`, or finds them where they are.
  static func prepare(
    _ choice: Choice, k: Int, queryCount: Int?, in folder: String, _ progress: Progress
  ) throws -> SearchData {
    do {
      switch choice {
      case .made(let spec): return try make(spec, k: k, in: folder, progress)
      case .folder(let path, let rows, let metric):
        return try open(path, rows, metric, k, queryCount, folder, progress)
      }
    } catch let error as DatasetError {
      throw DatasetWork.failure(error)
    }
  }

  // MARK: - Made

  private static func make(
    _ spec: DatasetSpec, k: Int, in folder: String, _ progress: Progress
  ) throws -> SearchData {
    progress.begin("Making \(NumberText.count(spec.rows)) rows", fraction: 0)
    let source = VectorSource(spec)
    let data = SearchData(
      name: "\(spec.kind.rawValue)\(spec.dimensions)-\(shortCount(spec.rows))",
      base: "\(folder)/base.fvecs", queries: "\(folder)/query.fvecs",
      truth: DatasetFolder.truthPath(folder), rows: spec.rows, dimensions: spec.dimensions,
      queryCount: spec.queries, metric: spec.metric)
    try write(data.base, spec.rows, spec.dimensions) { source.vector(of: VectorID(UInt64($0))) }
    try write(data.queries, spec.queries, spec.dimensions) { source.query($0) }
    try writeTruth(data, k, progress)
    return data
  }

  private static func shortCount(_ count: Int) -> String {
    count % 1_000 == 0 ? "\(count / 1_000)k" : "\(count)"
  }

  /// Makes vectors on every core, in their order.
  static func write(
    _ path: String, _ count: Int, _ dimensions: Int, _ make: @escaping @Sendable (Int) -> [Float]
  ) throws {
    var writer = try VectorFileWriter(path, rows: count, dimensions: dimensions)
    let threads = ProcessorCount.online
    let share = max(1, 262_144 / dimensions)
    for start in stride(from: 0, to: count, by: share * threads) {
      if Interrupts.count > 0 { throw DatasetError.interrupted }
      let parts = try WorkerThreads.run(count: threads, name: "rows") { thread -> [Float] in
        let begin = min(count, start + thread * share)
        return (begin..<min(count, begin + share)).flatMap(make)
      }
      for part in parts { try writer.append(part) }
    }
    try writer.finish()
  }

  private static func writeTruth(_ data: SearchData, _ k: Int, _ progress: Progress) throws {
    progress.begin(
      "Exact neighbors of \(NumberText.count(data.queryCount)) queries", fraction: 0.02)
    let answers = try ExactNeighbors(
      base: data.base, metric: data.metric, k: min(k, data.rows), threads: ProcessorCount.online
    ).answers(
      to: try data.readQueries(), progress: { progress.update(fraction: 0.02 + 0.08 * $0) },
      isStopped: { Interrupts.count > 0 })
    var writer = try VectorFileWriter(
      data.truth, rows: answers.count, dimensions: min(k, data.rows))
    for answer in answers { try writer.append(row: answer.rows.map { Int32($0) }) }
    try writer.finish()
  }

  static func tooFew(_ wanted: Int, _ there: Int, _ path: String) -> String {
    "--dataset asks for \(NumberText.count(wanted)) rows and \(path) has "
      + "\(NumberText.count(there)); give fewer, or leave it out."
  }

  // MARK: - Found

  private static func open(
    _ path: String, _ rows: Int?, _ metric: Metric?, _ k: Int, _ queryCount: Int?,
    _ folder: String, _ progress: Progress
  ) throws -> SearchData {
    let found = try DatasetFolder(path)
    guard let queryPath = found.queries else {
      throw Failure(
        .badInput,
        "\(found.path) has no query.fvecs, .fbin or .npy; `vbench dataset import` "
          + "splits some of the rows off.")
    }
    guard let metric = metric ?? found.metric else {
      throw Failure(.badInput, "Nothing beside \(found.base) names a metric; give --metric.")
    }
    let base = try VectorFile(found.base)
    let queries = try VectorFile(queryPath)
    guard base.dimensions == queries.dimensions else {
      throw DatasetError.mismatch(
        path: queryPath,
        reason: "its vectors have \(queries.dimensions) components and the rows \(base.dimensions)")
    }
    var data = SearchData(
      name: found.name, base: found.base, queries: queryPath, truth: "", rows: base.rows,
      dimensions: base.dimensions, queryCount: min(queryCount ?? queries.rows, queries.rows),
      metric: metric)
    if let rows, rows > base.rows {
      throw Failure.usage(tooFew(rows, base.rows, found.base))
    }
    if let rows, rows < base.rows {
      data.rows = rows
      data.name += "-first\(shortCount(rows))"
      data.base = "\(folder)/base.fvecs"
      try copyFirst(rows, of: base, to: data.base)
    }
    if data.rows == base.rows, data.queryCount == queries.rows, let truth = found.truth,
      metric == found.metric, try VectorFile(truth).dimensions >= min(k, data.rows)
    {
      data.truth = truth
      try checkTruth(data, found, base, queries, progress)
    } else {
      data.truth = DatasetFolder.truthPath(folder)
      try writeTruth(data, k, progress)
    }
    return data
  }

  private static func copyFirst(
    _ rows: Int, of file: borrowing VectorFile, to path: String
  ) throws {
    var writer = try VectorFileWriter(path, rows: rows, dimensions: file.dimensions)
    for start in stride(from: 0, to: rows, by: file.rowsPerPiece) {
      try writer.append(try file.floats(start..<min(start + file.rowsPerPiece, rows)))
    }
    try writer.finish()
  }

  /// A truth counts when its digests say that it belongs to these rows, or, where nobody kept any,
  /// when some of it has been computed again.
  private static func checkTruth(
    _ data: SearchData, _ found: DatasetFolder, _ base: borrowing VectorFile,
    _ queries: borrowing VectorFile, _ progress: Progress
  ) throws {
    progress.begin("Checking the ground truth", fraction: 0.01)
    let table = try data.readTruth()
    if let kept = found.meta?.truth {
      let digests = (base: try ContentDigest.of(base), queries: try ContentDigest.of(queries))
      try check(kept, digests, truth: data.truth, in: found.path)
    } else {
      try checkSample(of: table, data, in: found.path)
    }
  }

  /// Holds what a truth was made from against what is there.
  static func check(
    _ kept: DatasetMeta.Truth, _ digests: (base: String, queries: String), truth: String,
    in folder: String
  ) throws(DatasetError) {
    guard kept.baseDigest == digests.base, kept.queryDigest == digests.queries else {
      throw .mismatch(
        path: truth,
        reason:
          "it was made from other rows or queries; `vbench dataset gt \(folder)` makes it again")
    }
    guard kept.digest == (try ContentDigest.of(try VectorFile(truth))) else {
      throw .mismatch(
        path: truth,
        reason:
          "it is not the one that meta.json describes; `vbench dataset gt \(folder)` makes it again"
      )
    }
  }

  /// Computes the answers to three queries again.
  static func checkSample(
    of table: TruthTable, _ data: SearchData, in folder: String
  ) throws {
    let base = try VectorFile(data.base)
    let width = data.dimensions
    let all = try data.readQueries()
    let sample = Set([0, data.queryCount / 2, data.queryCount - 1]).sorted()
    let answers = try ExactNeighbors(
      base: data.base, metric: data.metric, k: table.k, threads: ProcessorCount.online
    ).answers(to: sample.flatMap { all[($0 * width)..<(($0 + 1) * width)] })
    var check = TruthCheck()
    for (answer, query) in zip(answers, sample) {
      var claimed: [Double] = []
      for row in table.rows[query] {
        let vector = try base.floats(row..<(row + 1))
        claimed.append(
          ExactDistance.of(all.span, query * width, vector.span, 0, width, data.metric))
      }
      check.hold(claimed, against: answer, query: query)
    }
    if let wrong = check.wrong.first {
      throw DatasetError.mismatch(
        path: data.truth,
        reason: "query \(wrong) has nearer neighbors than it names, so it was made from other "
          + "data; `vbench dataset gt \(folder)` makes it again")
    }
  }
}
