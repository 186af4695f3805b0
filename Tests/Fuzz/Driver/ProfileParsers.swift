import Basics
@testable import Pprof
import RunRecords

@testable import ForeignProfiles

extension FuzzedParser {
  /// Profiles of every format; what was read must also survive being written and read again.
  static let profiles: [FuzzedParser] = [
    FuzzedParser("pprof") { bytes in
      let profile = try ProfileReader.read(bytes)
      let again = try ProfileReader.read(ProfileWriter.plain(profile))
      precondition(again.samples.count == profile.samples.count)
    },
    FuzzedParser("gzip") { bytes in
      _ = try? Zlib.gunzip(bytes, limit: 1 << 20)
      _ = try ForeignProfile.read(bytes, name: "fuzz")
    },
    FuzzedParser("sniffer") { bytes in _ = try ForeignProfile.read(bytes, name: "fuzz") },
    reader("collapsed", .collapsed) { try CollapsedReader.read($0, $1) },
    reader("perf-script", .perfScript) { try PerfScriptReader.read($0, $1) },
    reader("perf-data", .perfData) { try PerfDataReader.read($0, $1, naming) },
    reader("gperftools-cpu", .gperftoolsCPU) { try WordProfile.read($0, $1, naming) },
    reader("heap-text", .heapText) { try HeapText.read($0, $1, naming) },
    reader("count-text", .goCount) { try CountText.read($0, $1, naming) },
    reader("contention-text", .contentionText) { try ContentionText.read($0, $1, naming) },
    reader("speedscope", .speedscope) { try SpeedscopeReader.read($0, $1) },
  ]

  static let reports: [FuzzedParser] = [
    FuzzedParser("cachegrind") { bytes in
      let file = try CachegrindFile.read(bytes)
      precondition(file.summary.count == file.events.count)
    },
    FuzzedParser("simulated-cache") { bytes in
      let file = try SimulatedCache.decode(bytes)
      for operation in file.operations { _ = (operation.drift, operation.leading(3)) }
    },
    FuzzedParser("perf-stat") { bytes in _ = try PerfStatReport.read(bytes) },
    FuzzedParser("go-benchmarks") { bytes in _ = try GoBenchmarks.read(bytes) },
    FuzzedParser("heaptrack") { bytes in _ = try HeaptrackSummary.read(bytes) },
  ]

  private static let naming = AddressNaming(
    user: { place in [(Profile.Function(name: "f\(place.fileOffset & 7)"), Int64(1))] },
    kernel: { address in address & 1 == 0 ? "k" : nil })

  private static func reader(
    _ name: String, _ format: ForeignProfile.Format,
    _ read: @escaping @Sendable ([UInt8], Budget) throws -> Profile
  ) -> FuzzedParser {
    FuzzedParser(name) { bytes in
      let profile = try read(
        bytes, Budget(format, limits: .standard, inputBytes: bytes.count))
      // A profile that names what it does not have would trap here.
      _ = try ProfileReader.read(ProfileWriter.plain(profile))
    }
  }
}
