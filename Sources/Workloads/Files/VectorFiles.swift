import Vocabulary

/// The files that a run's vectors come from, and what was in them when the run began.
///
/// It travels to the trials with the settings; they open the files again and read what they need.
package struct VectorFiles: Codable, Sendable, Equatable {
  /// What people call the data.
  package var name: String
  package var base: String
  /// Nil where rows are asked for.
  package var queries: String?
  /// A ground truth that was found to belong to these rows and queries.
  package var truth: String?
  /// Rows in the file; those behind the loaded ones are for the writes.
  package var rows: Int
  package var baseDigest: String
  package var queryDigest: String?

  package init(name: String, base: VectorSurvey, queries: VectorSurvey?) {
    self.name = name
    self.base = base.path
    self.queries = queries?.path
    rows = base.rows
    baseDigest = base.digest
    queryDigest = queries?.digest
  }

  /// Names everything that a run with this many rows and queries can see.
  package func digest(_ spec: DatasetSpec) -> String {
    let text =
      "\(baseDigest) \(queryDigest ?? "rows") \(spec.rows) \(spec.queries) \(spec.metric.rawValue)"
    var digest = ContentDigest(dimensions: spec.dimensions)
    digest.update(text.utf8.map { Int($0) })
    return digest.text
  }
}

/// A table of vectors that was read from end to end: its shape, its digest, and that it can be used.
package struct VectorSurvey: Sendable, Equatable {
  package let path: String
  package let rows: Int
  package let dimensions: Int
  package let digest: String
  /// The first row without a direction, which no cosine can be told of.
  package let zeroRow: Int?

  /// - Parameters:
  ///   - path: The file.
  ///   - isStopped: Asked now and then.
  /// - Throws: What is wrong with it, the first component that is not finite among it.
  package init(
    of path: String, isStopped: () -> Bool = { false }
  ) throws(DatasetError) {
    let file = try VectorFile(path)
    var digest = ContentDigest(dimensions: file.dimensions)
    var zeroRow: Int?
    for start in stride(from: 0, to: file.rows, by: file.rowsPerPiece) {
      if isStopped() { throw .interrupted }
      let piece = start..<min(start + file.rowsPerPiece, file.rows)
      let values = try file.floats(piece)
      if zeroRow == nil {
        zeroRow = Self.zeroRow(in: values, file.dimensions).map { start + $0 }
      }
      if file.format == .ivecs || file.format == .ibin {
        digest.update(try file.integers(piece))
      } else {
        digest.update(values)
      }
    }
    self.path = path
    (rows, dimensions) = (file.rows, file.dimensions)
    self.digest = digest.text
    self.zeroRow = zeroRow
  }

  private static func zeroRow(in values: [Float], _ width: Int) -> Int? {
    stride(from: 0, to: values.count, by: width).first { start in
      values[start..<(start + width)].allSatisfy { $0 == 0 }
    }.map { $0 / width }
  }
}
