import RunRecords
import Vocabulary

extension Plant.Blindness {
  /// The same run, without what a rule needs.
  func applied(to run: RunFolder) -> RunFolder {
    var (record, environment, files) = (run.record, run.environment, run.profileFiles)
    switch self {
    case .without(let kind): files.removeAll { $0.kind == kind }
    case .withoutKernelFrames: record?.profiling.method = RunRecord.Profiling.threadTimers
    case .withoutResults(let name): record?.results.removeAll { $0.name.hasPrefix(name) }
    case .withoutInstructionSets: environment?.instructionSets = []
    }
    return RunFolder(
      path: run.path, record: record, environment: environment, profileFiles: files
    ) { try run.profile($0) }
  }
}
