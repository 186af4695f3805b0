import Basics
import Harness
import Synchronization
import Vocabulary
import Workloads

/// `--data file:PATH`: a dataset's rows and queries, read through once before anything is loaded.
///
/// Whoever has a wrong file is told before minutes have gone into a run, and the digest in the
/// run's record is of every component, not of what a `meta.json` says.
struct FileData: Sendable {
  private let folder: DatasetFolder
  private let base: VectorSurvey
  private let queries: VectorSurvey?

  var rows: Int { base.rows }
  var dimensions: Int { base.dimensions }
  /// What the folder says of itself.
  var metric: Metric? { folder.metric }

  static let prefix = "file:"

  /// The path behind `file:`; nil for another word.
  static func path(_ typed: String) -> String? {
    typed.hasPrefix(prefix) ? String(typed.dropFirst(prefix.count)) : nil
  }

  init(_ path: String) throws {
    do {
      folder = try DatasetFolder(path)
      base = try Self.survey(folder.base)
      queries = try folder.queries.map(Self.survey)
    } catch let error as DatasetError {
      throw DatasetWork.failure(error)
    }
    if let queries, queries.dimensions != base.dimensions {
      throw DatasetWork.failure(
        .mismatch(
          path: queries.path,
          reason: "its vectors have \(queries.dimensions) components and the rows "
            + "\(base.dimensions)"))
    }
  }

  /// Several arms use one file; it is read once.
  private static let surveys = Mutex<[String: VectorSurvey]>([:])

  private static func survey(_ path: String) throws -> VectorSurvey {
    // Trials are other processes; the path must lead there from wherever they stand.
    let real = RealPath.of(path) ?? path
    if let known = surveys.withLock({ $0[real] }) { return known }
    let found = try VectorSurvey(of: real, isStopped: { Interrupts.count > 0 })
    surveys.withLock { $0[real] = found }
    return found
  }

  /// The rows that will be loaded, of which the first `rows` were asked for, and the queries.
  ///
  /// - Throws: When they are not there, or cannot be used under this metric.
  func spec(
    rows: Int, metric: Metric, source: DatasetSpec.QuerySource, seed: UInt64
  ) throws(Failure) -> DatasetSpec {
    if metric == .cosine {
      for table in [base, queries].compactMap(\.self) {
        guard let row = table.zeroRow else { continue }
        throw DatasetWork.failure(.zeroVector(path: table.path, row: row))
      }
    }
    let asked: VectorSurvey? = source == .heldout ? queries : nil
    if source == .heldout, asked == nil {
      throw Failure(
        .badInput,
        "\(folder.path) has no query.fvecs, .fbin or .npy; `vbench dataset import` splits some of "
          + "the rows off, and --queries stored asks for rows themselves.")
    }
    var spec = DatasetSpec(
      kind: .file, rows: rows, dimensions: dimensions, metric: metric,
      queries: asked?.rows ?? min(Self.storedQueries, rows), querySource: source, seed: seed)
    spec.files = VectorFiles(name: folder.name, base: base, queries: asked)
    return spec
  }

  private static let storedQueries = 1_000

  // MARK: - The ground truth

  enum Truth: Sendable {
    case used(path: String)
    /// With what recall is scored instead, and why, in one sentence.
    case unused(String)
  }

  /// Whether the folder's ground truth answers what this workload asks.
  ///
  /// - Throws: When there is one that should, and it was made from other data.
  func truth(for settings: WorkloadSettings) throws -> Truth {
    guard let path = folder.truth else {
      return .unused(
        "\(folder.name) has no ground truth; recall is scored by looking at every row.")
    }
    if let reason = try unusable(path, settings) {
      return .unused(
        "The ground truth of \(folder.name) is not used (\(reason)); recall is scored by looking at "
          + "every vector that was there.")
    }
    do { try checkTruth(path, settings) } catch let error as DatasetError {
      throw DatasetWork.failure(error)
    }
    return .used(path: RealPath.of(path) ?? path)
  }

  private func unusable(_ path: String, _ settings: WorkloadSettings) throws -> String? {
    let writes: [OperationKind] = [.insert, .upsert, .delete]
    if writes.contains(where: { settings.share(of: $0) > 0 }) { return "the run writes" }
    if !settings.selectivities.isEmpty { return "searches are filtered" }
    let data = settings.dataset
    if data.querySource != .heldout { return "its queries are not asked" }
    if data.rows != base.rows { return "it is of all \(base.rows) rows" }
    if let metric, metric != data.metric { return "it is of the metric \(metric.rawValue)" }
    do throws(DatasetError) {
      let width = try VectorFile(path).dimensions
      return width < settings.topK ? "it has \(width) neighbors of each query" : nil
    } catch { throw DatasetWork.failure(error) }
  }

  /// By its digests, or, where nobody kept any, by computing some of it again.
  private func checkTruth(_ path: String, _ settings: WorkloadSettings) throws {
    guard let queries else { return }
    let data = SearchData(
      name: folder.name, base: base.path, queries: queries.path, truth: path, rows: base.rows,
      dimensions: base.dimensions, queryCount: queries.rows, metric: settings.dataset.metric)
    let table = try data.readTruth()
    if let kept = folder.meta?.truth {
      try PreparedData.check(
        kept, (base: base.digest, queries: queries.digest), truth: path, in: folder.path)
    } else {
      try PreparedData.checkSample(of: table, data, in: folder.path)
    }
  }
}
