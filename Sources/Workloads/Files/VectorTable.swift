import Synchronization
package import Vocabulary

/// Rows of a file by number, for many threads that ask in any order and cannot wait for bad news.
///
/// Nothing is kept in memory: the kernel's page cache holds what is asked for often. A row that
/// can no longer be read comes back as zeros and the reason is kept for `check`, which whoever
/// used the table calls before he believes what came of it.
package final class VectorTable: Sendable {
  private let file: VectorFile
  private let isNormalized: Bool
  private let problem = Mutex<DatasetError?>(nil)

  package var rows: Int { file.rows }

  /// - Parameters:
  ///   - path: The file.
  ///   - dimensions: What its rows must have; it may have been replaced since it was looked at.
  ///   - metric: Under cosine rows come with length one.
  /// - Throws: When it cannot be opened or is another one.
  package init(_ path: String, dimensions: Int, metric: Metric) throws(DatasetError) {
    file = try VectorFile(path)
    isNormalized = metric == .cosine
    guard file.dimensions == dimensions else {
      throw .mismatch(
        path: path,
        reason: "its vectors have \(file.dimensions) components and \(dimensions) were expected")
    }
  }

  /// Some rows, one behind the other.
  package func rows(_ range: Range<Int>) -> [Float] {
    do throws(DatasetError) {
      let values = try file.floats(range)
      return isNormalized ? normalized(values) : values
    } catch {
      problem.withLock { $0 = $0 ?? error }
      return [Float](repeating: 0, count: range.count * file.dimensions)
    }
  }

  private func normalized(_ values: [Float]) -> [Float] {
    let width = file.dimensions
    var values = values
    for start in stride(from: 0, to: values.count, by: width) {
      let row = start..<(start + width)
      let length = row.reduce(Float(0)) { $0 + values[$1] * values[$1] }.squareRoot()
      if length > 0 { for index in row { values[index] /= length } }
    }
    return values
  }

  /// Throws what happened to the file while it was used.
  package func check() throws(DatasetError) {
    if let found = problem.withLock({ $0 }) { throw found }
  }
}
