import RunRecords
import Workloads
import Harness

/// Holds the one writer of a run through the steps that fill it; finished once.
final class RunWriterBox {
  private var writer: RunWriter?

  init(_ writer: consuming RunWriter) { self.writer = consume writer }

  func write(_ bytes: [UInt8], to path: String) throws {
    do { try writer?.write(bytes, to: path) } catch { throw Failure(.failed, "\(error)") }
  }

  /// Where a file of the run grows, for who writes it himself.
  func path(of file: String) throws -> String {
    do { return try writer?.path(of: file) ?? file } catch { throw Failure(.failed, "\(error)") }
  }

  func finish(_ record: RunRecord, _ environment: EnvironmentRecord) throws(RunError) -> String {
    guard let writer = writer.take() else { throw .alreadyFinished(path: "run") }
    try writer.write(record)
    try writer.write(environment)
    return try writer.finish()
  }
}

/// Names the bytes of a run's data.
enum DatasetDigest {
  static func of(_ settings: WorkloadSettings) -> String {
    settings.dataset.files?.digest(settings.dataset) ?? VectorSource(settings.dataset).digest
  }
}
