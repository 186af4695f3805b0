import Measurement
import Pprof
import RunRecords
import Sampling
import Vocabulary

/// What `vbench record` says when it is done: how much was seen, and what stands out.
enum RecordText {
  static func of(
    _ record: RunRecord, _ recording: Recording, _ counters: [String], _ path: String
  ) -> String {
    let quality = recording.quality
    var lines = [
      "\(NumberText.count(quality.samples)) samples in \(NumberText.duration(quality.windowSeconds)), "
        + seen(quality) + stacks(quality) + ", \(quality.lostRecords) lost"
    ]
    for role in Set(recording.profiles.map(\.role)).sorted() { lines += service(role, recording) }
    lines += counters + unnamed(record)
    lines += record.profiling.missing.map { "note: \($0)" }
    lines.append("Results in \(path)")
    return lines.joined(separator: "\n")
  }

  /// The files without names that cost most, and what would give them names.
  private static func unnamed(_ record: RunRecord) -> [String] {
    let samples = max(1, record.profiling.quality?.samples ?? 0)
    return (record.profiling.unnamed ?? []).prefix(3).compactMap { file in
      let share = Double(file.samples) / Double(samples)
      guard share >= 0.005 else { return nil }
      let wanted = file.lookedFor.first.map { "; \($0) is not there" } ?? ""
      return "  no names in \(file.path): \(NumberText.percent(share)) of the samples\(wanted)"
    }
  }

  private static func seen(_ quality: RecordingQuality) -> String {
    guard quality.countedCPUSeconds > 0 else { return "no CPU used" }
    let share = quality.sampledCPUSeconds / quality.countedCPUSeconds
    return "\(NumberText.percent(share)) of \(NumberText.duration(quality.countedCPUSeconds)) CPU"
  }

  private static func stacks(_ quality: RecordingQuality) -> String {
    guard quality.samples > 0 else { return "" }
    let complete = Double(quality.completeStacks) / Double(quality.samples)
    let named = Double(quality.namedUserFrames) / Double(max(1, quality.userFrames))
    return "; \(NumberText.percent(complete)) of the stacks complete, "
      + "\(NumberText.percent(named)) of the frames named"
  }

  private static func service(_ role: Role, _ recording: Recording) -> [String] {
    let parts = [ProfileKind.cpu, .block, .mutex].compactMap { kind -> String? in
      guard let profile = RecordResults.profile(recording, role, kind) else { return nil }
      let seconds = NumberText.duration(RecordResults.seconds(profile))
      switch kind {
      case .cpu: return "\(seconds) of CPU"
      case .block: return "\(seconds) of waiting" + classes(profile)
      default: return "\(seconds) of it for locks"
      }
    }
    return ["  \(role.rawValue): " + parts.joined(separator: ", ")]
  }

  /// The three classes of waits that took longest.
  private static func classes(_ profile: Profile) -> String {
    var sums: [String: Int64] = [:]
    for sample in profile.samples {
      for label in sample.labels where label.key == LabelKey.waitClass {
        if case .text(let name) = label.value { sums[name, default: 0] += sample.values.last ?? 0 }
      }
    }
    let longest = sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
    let words = longest.filter { $0.value > 0 }.map {
      "\($0.key) \(NumberText.duration(Double($0.value) / 1e9))"
    }
    return words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
  }
}
