import Measurement
import Pprof
import ProfileViews
import RunRecords
import Vocabulary

/// Reads the profiles of both runs into slices, spread over the same kind of exposure.
struct SliceReader {
  let base: RunFolder
  let new: RunFolder
  let options: ComparisonOptions

  struct Outcome {
    var basis: FunctionTable.Basis
    var slices: [ProfileSlice]
    var notes: [String]
  }

  private struct Loaded {
    let record: RunRecord.Trial?
    let profile: Profile
  }

  /// No slices when the runs share no profile.
  func read() -> Outcome {
    var notes: [String] = []
    var pairs: [(Role, ProfileKind, [[Loaded]])] = []
    for (role, kind) in sharedProfiles(&notes) {
      let sides = [base, new].map { load($0, role, kind, &notes) }
      if sides.allSatisfy({ !$0.isEmpty }) { pairs.append((role, kind, sides)) }
    }
    let basis = self.basis(pairs.flatMap { $0.2.joined() })
    let slices = pairs.flatMap { self.slices($0.0, $0.1, $0.2, basis, &notes) }
    return Outcome(basis: basis, slices: slices, notes: notes)
  }

  // MARK: - Which profiles

  private func sharedProfiles(_ notes: inout [String]) -> [(Role, ProfileKind)] {
    let roles = Set(base.roles).intersection(new.roles)
    let isOnlyClient = roles == [.client]
    var found: [(Role, ProfileKind)] = []
    for role in Set(base.roles).union(new.roles).sorted() {
      if role == .client, !options.includesClient, !isOnlyClient { continue }
      for kind in [ProfileKind.cpu, .mutex, .block] {
        let has = [base, new].map { run in
          run.profileFiles.contains { $0.role == role && $0.kind == kind }
        }
        if has == [true, true] { found.append((role, kind)) }
        if has[0] != has[1] {
          notes.append(
            "Only \(has[0] ? base.name : new.name) has a \(kind.rawValue) profile of "
              + "\(role.rawValue); it is not compared.")
        }
      }
    }
    return found
  }

  /// One profile for each trial that counts, or the merged one where there are none.
  private func load(
    _ run: RunFolder, _ role: Role, _ kind: ProfileKind, _ notes: inout [String]
  ) -> [Loaded] {
    let files = run.profileFiles.filter { $0.role == role && $0.kind == kind }
    let counting = run.record?.trials.filter { $0.status == .complete }
    var loaded: [Loaded] = []
    for file in files.filter({ $0.trial != nil }).sorted(by: { ($0.trial ?? 0) < ($1.trial ?? 0) })
    {
      let record = counting?.first { $0.number == file.trial }
      if counting != nil, record == nil { continue }
      if let profile = open(run, file, &notes) {
        loaded.append(Loaded(record: record, profile: profile))
      }
    }
    if let counting, !loaded.isEmpty, loaded.count < counting.count {
      notes.append(
        "\(run.name) has \(kind.rawValue) profiles of \(role.rawValue) for \(loaded.count) of "
          + "\(counting.count) trials.")
    }
    if loaded.isEmpty, let file = files.first(where: { $0.trial == nil }),
      let profile = open(run, file, &notes)
    {
      loaded = [Loaded(record: counting.map(Self.whole), profile: profile)]
    }
    return loaded
  }

  /// A profile that cannot be read costs its trial, not the comparison.
  private func open(
    _ run: RunFolder, _ file: RunFolder.ProfileFile, _ notes: inout [String]
  ) -> Profile? {
    do { return try run.profile(file) } catch {
      notes.append("\(run.name)/\(file.relativePath) is left out: \(error)")
      return nil
    }
  }

  /// All trials as one, for a merged profile.
  private static func whole(_ trials: [RunRecord.Trial]) -> RunRecord.Trial {
    var whole = RunRecord.Trial(number: 0, status: .complete)
    for trial in trials {
      whole.operations.merge(trial.operations) { $0 &+ $1 }
      whole.measuredSeconds += trial.measuredSeconds
    }
    return whole
  }

  // MARK: - What a cost is spread over

  private func basis(_ loaded: [Loaded]) -> FunctionTable.Basis {
    if loaded.allSatisfy({ Self.operations($0.record) > 0 }) { return .perOperation }
    if loaded.allSatisfy({ $0.profile.durationNanoseconds > 0 }) { return .perSecond }
    return .share
  }

  private static func operations(_ trial: RunRecord.Trial?) -> Double {
    trial?.operations.values.reduce(0) { $0 + max(0, Double($1)) } ?? 0
  }

  private func exposure(
    _ loaded: Loaded, _ operation: String?, _ basis: FunctionTable.Basis, _ total: Int64
  ) -> Double {
    switch basis {
    case .perOperation:
      let own = operation.flatMap { loaded.record?.operations[$0] } ?? 0
      return own > 0 ? Double(own) : Self.operations(loaded.record)
    case .perSecond: return Double(loaded.profile.durationNanoseconds) / 1e9
    case .share: return Double(total)
    }
  }

  // MARK: - Slices

  private func slices(
    _ role: Role, _ kind: ProfileKind, _ sides: [[Loaded]], _ basis: FunctionTable.Basis,
    _ notes: inout [String]
  ) -> [ProfileSlice] {
    let operations = Set(
      sides.joined().flatMap { $0.profile.samples.map { $0.label(LabelKey.operation) } })
    return operations.sorted { ($0 ?? "") < ($1 ?? "") }.compactMap { operation in
      let trials = sides.map { $0.compactMap { trial($0, operation, basis) } }
      if trials.contains(where: \.isEmpty) {
        notes.append("The \(kind.rawValue) profiles of \(role.rawValue) hold nothing to compare.")
        return nil
      }
      return ProfileSlice(
        role: role, kind: kind, operation: operation, base: trials[0], new: trials[1])
    }
  }

  private func trial(
    _ loaded: Loaded, _ operation: String?, _ basis: FunctionTable.Basis
  ) -> ProfileSlice.Trial? {
    let costs = try? FunctionCosts(loaded.profile) { $0.label(LabelKey.operation) == operation }
    guard let costs else { return nil }
    let whole = basis == .share ? (try? FunctionCosts(loaded.profile).total) ?? 0 : 0
    let exposure = exposure(loaded, operation, basis, whole)
    guard exposure > 0 else { return nil }
    return ProfileSlice.Trial(exposure: exposure, costs: costs, profile: loaded.profile)
  }
}
