import Pprof
import RunRecords
import Vocabulary

/// Reads the profiles of a run folder into evidence.
///
/// A file that cannot be read takes only its own sentences away: it is listed with its problem, and
/// rules that needed it say so.
struct EvidenceReader {
  private let run: RunFolder
  private var reader: SampleReader
  private var loaded: [RunFolder.ProfileFile: Loaded] = [:]
  private var collected: [CollectedFile] = []
  private var unreadable: [String: String] = [:]

  private struct Loaded {
    var samples: [StackSample]
    var columns: SampleColumns
    var window: ProfileWindow
  }

  static func read(
    _ run: RunFolder, thresholds: Thresholds, rules: RulesFile? = nil
  ) -> Evidence {
    var reader = EvidenceReader(run: run, patterns: FramePatterns.with(rules))
    reader.load()
    return Evidence(
      run: run, roles: reader.roles(idle: thresholds.idleCores), unreadable: reader.unreadable,
      collected: reader.collected, thresholds: thresholds, projectRules: rules?.rules ?? [])
  }

  private init(run: RunFolder, patterns: FramePatterns) {
    self.run = run
    reader = SampleReader(patterns: patterns)
  }

  private mutating func load() {
    for file in run.profileFiles.sorted(by: { $0.relativePath < $1.relativePath }) {
      do {
        let profile = try run.profile(file)
        let columns = SampleColumns(profile: profile, kind: file.kind)
        let samples = reader.samples(of: profile, kind: file.kind)
        loaded[file] = Loaded(
          samples: samples, columns: columns, window: ProfileWindow(file.kind, profile))
        note(file, samples: samples, columns: columns)
      } catch {
        unreadable[file.relativePath] = "\(error)"
        note(file, problem: "\(error)")
      }
    }
  }

  private mutating func note(
    _ file: RunFolder.ProfileFile, samples: [StackSample] = [], columns: SampleColumns? = nil,
    problem: String? = nil
  ) {
    guard file.trial == nil else { return }
    collected.append(
      CollectedFile(
        role: file.role.rawValue, kind: file.kind, path: file.relativePath,
        samples: samples.reduce(0) { $0 + Int(clamping: $1.count) },
        total: ProfileSlice.seconds(samples) * (columns?.isTime == false ? 1e9 : 1),
        sampleType: columns?.type ?? "", isTime: columns?.isTime ?? true, problem: problem))
  }

  private func roles(idle: Double) -> [RoleEvidence] {
    let files = run.profileFiles.filter { $0.trial == nil && loaded[$0] != nil }
    let members = Set(files.map(\.role)).sorted()
    return RoleFamily.families(of: members.map(\.rawValue)).map { family in
      let own = files.filter { family.members.contains($0.role.rawValue) }
      var profiles: [ProfileKind: ProfileSlice] = [:]
      for kind in ProfileKind.allCases {
        profiles[kind] = slice(
          of: own.filter { $0.kind == kind }, kind: kind, role: family.name)?.withoutProfiler()
      }
      let windows = own.compactMap { loaded[$0]?.window }
      let lengths = windows.filter { $0.kind == .cpu }.map(\.seconds)
      if let cpu = profiles[.cpu], let window = lengths.max(), window > 0 {
        let cores = cpu.total / window / Double(max(1, cpu.members.count))
        for kind in profiles.keys { profiles[kind]?.isOfIdleRole = cores < idle }
      }
      if let block = profiles[.block] {
        let window = windows.filter { $0.kind == .block }.map(\.seconds).max()
        profiles[.block]?.standing = StandingWaits.stacks(block, window: window)
      }
      let longest = windows.map(\.seconds).max() ?? 0
      return RoleEvidence(
        name: family.name, members: family.members, profiles: profiles,
        durationSeconds: longest > 0 ? longest : nil, windows: windows)
    }
  }

  private func slice(
    of files: [RunFolder.ProfileFile], kind: ProfileKind, role: String
  ) -> ProfileSlice? {
    let files = files.sorted { $0.relativePath < $1.relativePath }
    let members = files.compactMap { loaded[$0] }
    guard let first = members.first else { return nil }
    let trials = Set(run.profileFiles.compactMap(\.trial)).sorted().map { trial in
      files.flatMap { file in
        run.file(file.role, kind, trial: trial).flatMap { loaded[$0]?.samples } ?? []
      }
    }
    var slice = ProfileSlice(
      role: role, kind: kind, operation: nil, sampleType: first.columns.type,
      isTime: first.columns.isTime,
      files: files.map { ProfileFileReference(role: $0.role.rawValue, path: $0.relativePath) },
      table: reader.table, samples: members.flatMap(\.samples),
      trials: trials.filter { !$0.isEmpty }, members: members.map(\.samples))
    if kind == .block || kind == .mutex, let quality = run.record?.profiling.quality,
      quality.switches > 0
    {
      slice.witnessed = min(1, Double(quality.switchesWithStack) / Double(quality.switches))
    }
    slice.hasScaledCounts = run.record == nil && slice.isGoWaits
    return slice
  }
}

/// Replicas of one service: names that differ only in the number at their end.
struct RoleFamily: Sendable {
  let name: String
  let members: [String]

  /// A number alone at the end makes no family: one `worker1` stays `worker1`.
  static func families(of roles: [String]) -> [RoleFamily] {
    let stems = Dictionary(grouping: roles) { role in
      let stem = String(role.reversed().drop { $0.isNumber }.reversed())
      return stem.isEmpty ? role : stem
    }
    return stems.flatMap { stem, members in
      members.count > 1
        ? [RoleFamily(name: stem, members: members.sorted())]
        : members.map { RoleFamily(name: $0, members: [$0]) }
    }.sorted { $0.name < $1.name }
  }
}
