package import RunRecords

/// Compares two runs.
package enum Comparer {
  package static func compare(
    base: RunFolder, new: RunFolder, options: ComparisonOptions = ComparisonOptions()
  ) throws(ComparisonError) -> RunComparison {
    let differences = Comparability(base: base, new: new, options: options).differences()
    let refusals = differences.filter { $0.standing == .refused }
    let outcome = SliceReader(base: base, new: new, options: options).read()
    let functions = functions(outcome, options, refusals)
    let rows = results(base, new, options, refusals)
    if functions == nil, rows.map({ $0.rows().isEmpty && $0.facts().isEmpty }) ?? true {
      throw .nothingInCommon(base: base.name, new: new.name)
    }
    var comparison = RunComparison(
      base: side(base), new: side(new), outcome: .cannotTell, headline: "",
      differences: differences, results: rows?.rows() ?? [], facts: rows?.facts() ?? [],
      functions: functions?.table, costShifts: functions?.shifts ?? [],
      notes: RunNotes(base: base, new: new).notes() + outcome.notes,
      procedure: options.procedure)
    if let rows, !rows.unmatched().isEmpty {
      comparison.notes.append(
        "Only one run has a number for \(rows.unmatched().joined(separator: ", ")).")
    }
    comparison.outcome = OverallOutcome.of(comparison)
    comparison.headline = OverallOutcome.sentence(comparison)
    return comparison
  }

  private static func functions(
    _ outcome: SliceReader.Outcome, _ options: ComparisonOptions, _ refusals: [SettingDifference]
  ) -> (table: FunctionTable, shifts: [CostShift])? {
    if outcome.slices.isEmpty { return nil }
    let whole = refusals.filter { $0.scope == .everything }
    return FunctionRows(outcome: outcome, options: options, refusals: whole).build()
  }

  private static func results(
    _ base: RunFolder, _ new: RunFolder, _ options: ComparisonOptions,
    _ refusals: [SettingDifference]
  ) -> ResultRows? {
    guard let left = base.record, let right = new.record else { return nil }
    return ResultRows(base: left, new: right, procedure: options.procedure, refusals: refusals)
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
