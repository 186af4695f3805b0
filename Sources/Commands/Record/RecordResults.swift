import Basics
import FoundationEssentials
import Measurement
import Pprof
import RunRecords
import Sampling
import Vocabulary

/// The few figures that a recording has beside its profiles.
enum RecordResults {
  static func of(_ recording: Recording, _ subject: RecordOutput.Subject) -> [RunRecord.Result] {
    let quality = recording.quality
    let window = max(quality.windowSeconds, 1e-9)
    var results = [
      result("window.seconds", .seconds, quality.windowSeconds),
      result("cpu.seconds", .seconds, quality.countedCPUSeconds),
      result("cpu.cores", .ratio, quality.countedCPUSeconds / window),
      result("switches.rate", .perSecond, Double(quality.switches) / window),
    ]
    if let end = subject.end {
      results += [
        result("process.cpu.user", .seconds, end.userSeconds),
        result("process.cpu.system", .seconds, end.systemSeconds),
        result("process.memory.peak", .bytes, Double(end.peakResidentBytes)),
        result("process.status", .count, Double(end.end.status)),
      ]
    }
    for role in subject.roles {
      for kind in [ProfileKind.cpu, .block, .mutex] {
        guard let profile = profile(recording, role, kind) else { continue }
        results.append(result("\(role.rawValue).\(kind.rawValue)", .seconds, seconds(profile)))
      }
    }
    return results
  }

  static func profile(_ recording: Recording, _ role: Role, _ kind: ProfileKind) -> Profile? {
    recording.profiles.first { $0.role == role && $0.kind == kind }?.profile
  }

  /// All that a profile of times holds.
  static func seconds(_ profile: Profile) -> Double {
    profile.samples.reduce(0.0) { $0 + Double($1.values.last ?? 0) } / 1e9
  }

  private static func result(_ name: String, _ unit: MetricUnit, _ value: Double)
    -> RunRecord.Result
  {
    RunRecord.Result(
      name: name, unit: unit, direction: .neutral, estimate: Estimate(value: value, count: 1),
      trials: [value])
  }
}

extension RunRecord.Profiling.Unnamed {
  /// Files below the working folder are named from there: a run may be read elsewhere.
  init(_ seen: Recording.Unnamed) {
    let here = FileManager.default.currentDirectoryPath + "/"
    let path = seen.file.path
    self.init(
      path: path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path,
      buildID: seen.file.buildID, samples: seen.samples,
      lookedFor: seen.file.lookedFor)
  }
}
