import Measurement
import Pprof
import ProfileViews
import RunRecords
import Vocabulary

/// Reads the profiles of both sides into slices, spread over the same kind of exposure.
struct SliceReader {
  let base: [RunFolder]
  let new: [RunFolder]
  let options: ComparisonOptions

  struct Outcome {
    var basis: FunctionTable.Basis
    var slices: [ProfileSlice]
    var groups: [RoleGroup]
    var notes: [String]
  }

  /// Profiles that count as one value: of a trial, of a replica, or of a run.
  private struct Loaded {
    /// Whose operations they did; nil where nobody counted.
    let record: RunRecord.Trial?
    /// What part of those operations: a third for one of three replicas.
    let part: Double
    /// False for a profile of a whole run.
    let isOfTrial: Bool
    let profiles: [Profile]

    var seconds: Double {
      profiles.reduce(0) { $0 + max(0, Double($1.durationNanoseconds) / 1e9) }
    }

    var operations: Double {
      record?.operations.values.reduce(0) { $0 + max(0, Double($1)) } ?? 0
    }
  }

  private struct Pair {
    let group: RoleGroup
    let kind: ProfileKind
    let sides: [[Loaded]]
  }

  /// No slices when the sides share no profile.
  func read() -> Outcome {
    var notes: [String] = []
    let groups = RoleGroup.groups(of: base + new)
    let pairs = shared(groups, &notes).compactMap { group, kind -> Pair? in
      let sides = [base, new].map { runs in
        byUnit(runs.map { load($0, group, kind, &notes) })
      }
      return sides.allSatisfy { !$0.isEmpty } ? Pair(group: group, kind: kind, sides: sides) : nil
    }
    let basis = self.basis(pairs.flatMap { $0.sides.joined() })
    let slices = pairs.flatMap { self.slices($0, basis, &notes) }
    notes += groups.filter(\.isPooled).map { replicas($0, basis) }
    return Outcome(basis: basis, slices: slices, groups: groups, notes: notes)
  }

  private func replicas(_ group: RoleGroup, _ basis: FunctionTable.Basis) -> String {
    let names = [base, new].map { runs in
      group.members(of: runs).map(\.rawValue).joined(separator: ", ")
    }
    let members = names[0] == names[1] ? names[0] : "\(names[0]) against \(names[1])"
    let spread = basis == .perSecond ? ", per second of one replica" : ""
    return "The replicas \(members) are pooled as \(group.role.rawValue)\(spread)."
  }

  // MARK: - Which profiles

  private func shared(
    _ groups: [RoleGroup], _ notes: inout [String]
  ) -> [(RoleGroup, ProfileKind)] {
    let isOnlyClient = groups.map(\.role) == [.client]
    var found: [(RoleGroup, ProfileKind)] = []
    for group in groups {
      if group.role == .client, !options.includesClient, !isOnlyClient { continue }
      for kind in ProfileKind.allCases {
        let has = [base, new].map { runs in runs.contains { !files($0, group, kind).isEmpty } }
        if has == [true, true] { found.append((group, kind)) }
        if has[0] != has[1] {
          notes.append(
            "Only \(ComparisonSide(runs: has[0] ? base : new).name) has a \(kind.rawValue) profile "
              + "of \(group.role.rawValue); it is not compared.")
        }
      }
    }
    return found
  }

  private func files(
    _ run: RunFolder, _ group: RoleGroup, _ kind: ProfileKind
  ) -> [RunFolder.ProfileFile] {
    run.profileFiles.filter { group.members.contains($0.role) && $0.kind == kind }
      .sorted { ($0.trial ?? 0, $0.role) < ($1.trial ?? 0, $1.role) }
  }

  private func counted(_ pair: Pair) -> String {
    if options.procedure.design == .runs { return "runs" }
    return pair.sides.joined().allSatisfy(\.isOfTrial) ? "trials" : "profiles"
  }

  /// One entry for each trial that counts; without trials, one for each replica.
  private func load(
    _ run: RunFolder, _ group: RoleGroup, _ kind: ProfileKind, _ notes: inout [String]
  ) -> [Loaded] {
    let files = files(run, group, kind)
    let counting = run.record?.trials.filter { $0.status == .complete }
    var loaded: [Loaded] = []
    for number in Set(files.compactMap(\.trial)).sorted() {
      let record = counting?.first { $0.number == number }
      if counting != nil, record == nil { continue }
      let profiles = files.filter { $0.trial == number }.compactMap { open(run, $0, &notes) }
      if profiles.isEmpty { continue }
      loaded.append(Loaded(record: record, part: 1, isOfTrial: true, profiles: profiles))
    }
    if let counting, !loaded.isEmpty, loaded.count < counting.count {
      notes.append(
        "\(run.name) has \(kind.rawValue) profiles of \(group.role.rawValue) for \(loaded.count) "
          + "of \(counting.count) trials.")
    }
    return loaded.isEmpty ? merged(run, files.filter { $0.trial == nil }, &notes) : loaded
  }

  /// The profiles at the top of the folder, a value for each replica.
  private func merged(
    _ run: RunFolder, _ files: [RunFolder.ProfileFile], _ notes: inout [String]
  ) -> [Loaded] {
    let profiles = files.compactMap { open(run, $0, &notes) }
    let record = run.record.map { PooledRecord.whole($0.trials, number: 0) }
    return profiles.map {
      Loaded(
        record: record, part: 1 / Double(profiles.count), isOfTrial: false, profiles: [$0])
    }
  }

  /// By runs, what a run has is one value; otherwise all stand side by side.
  private func byUnit(_ runs: [[Loaded]]) -> [Loaded] {
    guard options.procedure.design == .runs else { return Array(runs.joined()) }
    return runs.filter { !$0.isEmpty }.map { entries in
      let trials = entries.compactMap(\.record)
      // Replicas share the operations of their run; trials have each their own.
      let record = entries[0].part < 1 ? trials.first : PooledRecord.whole(trials, number: 1)
      return Loaded(
        record: trials.count == entries.count ? record : nil, part: 1, isOfTrial: false,
        profiles: entries.flatMap(\.profiles))
    }
  }

  /// A profile that cannot be read costs its trial, not the comparison.
  private func open(
    _ run: RunFolder, _ file: RunFolder.ProfileFile, _ notes: inout [String]
  ) -> Profile? {
    let name = "\(run.name)/\(file.relativePath)"
    do {
      let profile = try run.profile(file)
      if Self.fits(profile) { return profile }
      notes.append("\(name) is left out: its values add up to more than 2⁶³.")
    } catch { notes.append("\(name) is left out: \(error)") }
    return nil
  }

  /// Whether no sum of its values can wrap.
  private static func fits(_ profile: Profile) -> Bool {
    profile.sampleTypes.indices.allSatisfy { index in
      profile.samples.reduce(0) { $0 + Double($1.values[index].magnitude) } < 9.2e18
    }
  }

  // MARK: - What a cost is spread over

  private func basis(_ loaded: [Loaded]) -> FunctionTable.Basis {
    if loaded.allSatisfy({ $0.operations > 0 }) { return .perOperation }
    // Of profiles that are added up, each must know how long it lasted.
    let durations = loaded.flatMap(\.profiles).map(\.durationNanoseconds)
    return durations.allSatisfy { $0 > 0 } ? .perSecond : .share
  }

  private func exposure(
    _ loaded: Loaded, _ operation: String?, _ basis: FunctionTable.Basis, _ total: Int64
  ) -> Double {
    switch basis {
    case .perOperation:
      let own = operation.flatMap { loaded.record?.operations[$0] } ?? 0
      return (own > 0 ? Double(own) : loaded.operations) * loaded.part
    case .perSecond: return loaded.seconds
    case .share: return Double(total)
    }
  }

  // MARK: - Slices

  private func slices(
    _ pair: Pair, _ basis: FunctionTable.Basis, _ notes: inout [String]
  ) -> [ProfileSlice] {
    let all = pair.sides.joined().flatMap(\.profiles)
    guard let type = valueType(of: pair.kind, all) else {
      notes.append(
        "The \(pair.kind.rawValue) profiles of \(pair.group.role.rawValue) do not all count the "
          + "same thing (\(counted(pair.kind, all))); they are not compared.")
      return []
    }
    let operations = Set(all.flatMap { $0.samples.map { $0.label(LabelKey.operation) } })
    let found = operations.sorted { ($0 ?? "") < ($1 ?? "") }.compactMap {
      operation -> ProfileSlice? in
      let trials = pair.sides.map { $0.compactMap { trial($0, operation, basis, type.type) } }
      if trials.contains(where: \.isEmpty) { return nil }
      return ProfileSlice(
        role: pair.group.role, kind: pair.kind, operation: operation, type: type,
        counted: counted(pair), base: trials[0], new: trials[1])
    }
    if found.isEmpty {
      notes.append(
        "The \(pair.kind.rawValue) profiles of \(pair.group.role.rawValue) hold nothing to compare."
      )
    }
    return found
  }

  private func counted(_ kind: ProfileKind, _ profiles: [Profile]) -> String {
    let types = Set(profiles.flatMap { $0.sampleTypes.map { "\($0.type) in \($0.unit)" } })
    return types.sorted().joined(separator: ", ")
  }

  /// The value that all profiles share: allocated bytes for the heap, else their own first choice.
  private func valueType(of kind: ProfileKind, _ profiles: [Profile]) -> Profile.ValueType? {
    guard let first = profiles.first else { return nil }
    let wanted = kind == .heap ? "alloc_space" : nil
    guard let place = try? first.sampleIndex(wanted) else { return nil }
    let type = first.sampleTypes[place]
    return profiles.allSatisfy { $0.sampleTypes.contains(type) } ? type : nil
  }

  private func trial(
    _ loaded: Loaded, _ operation: String?, _ basis: FunctionTable.Basis, _ type: String
  ) -> ProfileSlice.Trial? {
    let parts = loaded.profiles.compactMap { profile in
      try? FunctionCosts(profile, sampleType: type) { $0.label(LabelKey.operation) == operation }
    }
    guard parts.count == loaded.profiles.count else { return nil }
    let whole =
      basis != .share
      ? 0
      : loaded.profiles.reduce(Int64(0)) {
        $0 &+ ((try? FunctionCosts($1, sampleType: type).total) ?? 0)
      }
    let exposure = exposure(loaded, operation, basis, whole)
    guard exposure > 0 else { return nil }
    return ProfileSlice.Trial(
      exposure: exposure, wholeExposure: self.exposure(loaded, nil, basis, whole),
      costs: FunctionCosts(summing: parts), profiles: loaded.profiles)
  }
}
