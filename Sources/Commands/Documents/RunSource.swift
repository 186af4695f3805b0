import RunRecords

/// The run directory that a command was asked about.
enum RunSource {
  static func open(_ path: String) throws(Failure) -> RunFolder {
    do { return try RunReader.open(path) } catch {
      throw Failure(.badInput, "\(error)")
    }
  }
}
