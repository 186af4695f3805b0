package import RunRecords

/// Compares two runs.
package enum Comparer {
  package static func compare(
    base: RunFolder, new: RunFolder, options: ComparisonOptions = ComparisonOptions()
  ) throws(ComparisonError) -> RunComparison {
    let differences = Comparability(base: base, new: new, options: options).differences()
    let refusals = differences.filter { $0.standing == .refused }
    let profiles = SliceReader(base: base, new: new, options: options).read()
    let matched = matched(base, new)
    let functions = functions(profiles, options, refusals)
    if functions == nil, matched.map({ $0.tested.isEmpty && $0.facts.isEmpty }) ?? true {
      throw .nothingInCommon(base: base.name, new: new.name)
    }
    var comparison = RunComparison(
      base: side(base), new: side(new), outcome: .cannotTell, headline: "",
      differences: differences, results: [], facts: matched?.facts ?? [],
      functions: functions?.table, costShifts: functions?.shifts ?? [],
      notes: RunNotes(base: base, new: new, design: options.procedure.design).notes()
        + profiles.notes,
      procedure: options.procedure)
    if let matched {
      comparison.results = rows(matched, options.procedure, refusals, &comparison.notes)
      if !matched.unmatched.isEmpty {
        comparison.notes.append(
          "Only one run has a number for \(matched.unmatched.joined(separator: ", ")).")
      }
    }
    comparison.outcome = OverallOutcome.of(comparison)
    comparison.headline = OverallOutcome.sentence(comparison)
    return comparison
  }

  private static func rows(
    _ matched: MatchedResults, _ procedure: Procedure, _ refusals: [SettingDifference],
    _ notes: inout [String]
  ) -> [ResultRow] {
    guard procedure.design == .paired else {
      return ResultRows(matched: matched, procedure: procedure, refusals: refusals).rows()
    }
    let paired = PairedRows(
      base: matched.base, new: matched.new, procedure: procedure, refusals: refusals)
    notes += paired.pairs.notes
    return paired.rows()
  }

  private static func matched(_ base: RunFolder, _ new: RunFolder) -> MatchedResults? {
    guard let left = base.record, let right = new.record else { return nil }
    return MatchedResults(base: left, new: right)
  }

  private static func functions(
    _ outcome: SliceReader.Outcome, _ options: ComparisonOptions, _ refusals: [SettingDifference]
  ) -> (table: FunctionTable, shifts: [CostShift])? {
    if outcome.slices.isEmpty { return nil }
    let whole = refusals.filter { $0.scope == .everything }
    return FunctionRows(outcome: outcome, options: options, refusals: whole).build()
  }

  private static func side(_ run: RunFolder) -> RunComparison.Side {
    let numbered = Set(run.profileFiles.compactMap(\.trial)).count
    return RunComparison.Side(
      name: run.name, command: run.record?.command, label: run.record?.label,
      startedAt: run.record?.startedAt,
      trials: run.record?.trials.filter { $0.status == .complete }.count ?? max(1, numbered),
      hasRecord: run.record != nil)
  }
}
