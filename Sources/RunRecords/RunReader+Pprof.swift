package import Pprof

extension RunReader {
  /// Opens a run and reads its profiles, each when it is asked for, within these limits.
  package static func open(
    _ path: String, limits: ProfileLimits = .standard
  ) throws(RunError) -> RunFolder {
    try open(path) { file in try ProfileReader.read(path: file, limits: limits) }
  }
}
