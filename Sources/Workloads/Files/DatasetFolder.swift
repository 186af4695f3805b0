import Basics
import FoundationEssentials
package import Vocabulary

/// A dataset on disk: rows, queries, the truth about them, and what is known of all three.
///
/// ```
/// NAME/
///   base.fvecs            the rows; any format
///   query.fvecs           the queries; any format, may be missing
///   gt.ivecs              per query the numbers of its nearest rows, closest first; may be missing
///   gt.distances.fvecs    their distances, under the metric of meta.json
///   meta.json             name, metric, digests: which rows and queries the truth belongs to
/// ```
package struct DatasetFolder: Sendable {
  package let path: String
  package let name: String
  package let base: String
  package let queries: String?
  package let truth: String?
  package let meta: DatasetMeta?

  package static func metaPath(_ folder: String) -> String { "\(folder)/meta.json" }
  package static func truthPath(_ folder: String) -> String { "\(folder)/gt.ivecs" }
  package static func distancesPath(_ folder: String) -> String { "\(folder)/gt.distances.fvecs" }

  /// Opens a folder, or the folder that a file of rows lies in.
  package init(_ path: String) throws(DatasetError) {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let isFolder = FileSystem.isDirectory(path)
    guard isFolder || FileSystem.exists(path) else {
      throw .system(SystemError("open", path, code: 2))
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let parent = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
    let folder = isFolder ? path : parent.isEmpty ? "/" : parent
    let names: [String]
    do throws(SystemError) { names = try FileSystem.list(folder) } catch { throw .system(error) }
    func find(_ stem: String) -> String? {
      VectorFileFormat.allCases.map { "\(stem).\($0.rawValue)" }.first(where: names.contains)
        .map { "\(folder)/\($0)" }
    }
    guard let base = isFolder ? find("base") : path else {
      throw .mismatch(
        path: path, reason: "there is no base.fvecs, .bvecs, .fbin or .npy in it")
    }
    self.path = folder
    self.base = base
    queries = find("query") ?? find("queries")
    truth = find("gt") ?? find("groundtruth")
    meta = try Self.readMeta(folder)
    let last = (RealPath.of(folder) ?? folder).split(separator: "/").last.map(String.init)
    name = meta?.name ?? last ?? "dataset"
  }

  private static func readMeta(_ folder: String) throws(DatasetError) -> DatasetMeta? {
    let path = metaPath(folder)
    guard let size = FileSystem.size(of: path) else { return nil }
    guard size <= 1 << 20 else {
      throw .damaged(path: path, offset: 0, reason: "it has \(size) bytes")
    }
    do {
      let bytes = try FileSystem.contents(of: path)
      return try JSONDecoder().decode(DatasetMeta.self, from: Data(bytes))
    } catch let error as SystemError {
      throw .system(error)
    } catch {
      throw .damaged(path: path, offset: 0, reason: "it is not the JSON of a dataset")
    }
  }

  /// The metric that the folder was made for.
  package var metric: Metric? { meta?.knownMetric }
}

/// `meta.json`; every part may be missing, because other tools write less.
package struct DatasetMeta: Codable, Sendable, Equatable {
  package var name: String?
  package var n: Int?
  package var dim: Int?
  package var queries: Int?
  package var metric: String?
  /// Where the vectors came from, in words.
  package var source: String?
  package var baseDigest: String?
  package var queryDigest: String?
  package var truth: Truth?

  package init() {}

  /// What a ground truth was computed from.
  package struct Truth: Codable, Sendable, Equatable {
    package var k: Int
    package var metric: String
    package var baseDigest: String
    package var queryDigest: String
    /// Of the row numbers themselves.
    package var digest: String
    /// Queries whose k-th neighbor is as near as the next one: which of the two counts is chance.
    package var tiedQueries: Int

    package init(
      k: Int, metric: Metric, baseDigest: String, queryDigest: String, digest: String,
      tiedQueries: Int
    ) {
      self.k = k
      self.metric = metric.rawValue
      self.baseDigest = baseDigest
      self.queryDigest = queryDigest
      self.digest = digest
      self.tiedQueries = tiedQueries
    }
  }

  /// The metric, in our spelling or in that of others.
  package var knownMetric: Metric? {
    switch metric?.lowercased() {
    case "cos", "cosine", "angular": .cosine
    case "l2", "euclidean": .l2
    case "ip", "dot", "innerproduct": .innerProduct
    default: nil
    }
  }

  package func write(to folder: String) throws(DatasetError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      let bytes = Array(try encoder.encode(self)) + [10]
      try FileSystem.replace(DatasetFolder.metaPath(folder), with: bytes)
    } catch let error as SystemError {
      throw .system(error)
    } catch {
      throw .cannotHold(path: DatasetFolder.metaPath(folder), reason: "\(error)")
    }
  }
}
