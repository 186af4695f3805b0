package import RunRecords

/// Compares two runs, or several runs of one program with several of another.
package enum Comparer {
  package static func compare(
    base: RunFolder, new: RunFolder, options: ComparisonOptions = ComparisonOptions()
  ) throws(ComparisonError) -> RunComparison {
    try compare(base: [base], new: [new], options: options)
  }

  /// Neither side may be empty.
  package static func compare(
    base: [RunFolder], new: [RunFolder], options: ComparisonOptions = ComparisonOptions()
  ) throws(ComparisonError) -> RunComparison {
    precondition(!base.isEmpty && !new.isEmpty, "a side without runs")
    var options = options
    if tookTurns(base, new) { options.procedure.pair() }
    options.procedure = options.procedure.adapted(baseRuns: base.count, newRuns: new.count)
    let sides = [ComparisonSide(runs: base), ComparisonSide(runs: new)]
    let differences = SideDifferences(base: base, new: new, options: options).differences()
    let refusals = differences.filter { $0.standing == .refused }
    let profiles = SliceReader(base: base, new: new, options: options).read()
    let matched = matched(sides, options.procedure.design)
    let functions = functions(profiles, options, refusals)
    if functions == nil, matched.map({ $0.tested.isEmpty && $0.facts.isEmpty }) ?? true {
      throw .nothingInCommon(base: sides[0].name, new: sides[1].name, notes: profiles.notes)
    }
    var comparison = RunComparison(
      base: sides[0].summary(profiles.groups), new: sides[1].summary(profiles.groups),
      outcome: .cannotTell, headline: "", differences: differences, results: [],
      facts: matched?.facts ?? [], unmatched: matched?.unmatched ?? .init(),
      functions: functions?.table,
      costShifts: functions?.shifts ?? [],
      notes: RunNotes(base: base, new: new, procedure: options.procedure).notes() + profiles.notes
        + options.notes,
      procedure: options.procedure)
    if let matched {
      comparison.results = rows(matched, options.procedure, refusals, &comparison.notes)
      comparison.notes += onlyOnOneSide(comparison)
    }
    comparison.outcome = OverallOutcome.of(comparison)
    comparison.headline = OverallOutcome.sentence(comparison)
    comparison.gate = options.gate.map { Gate(comparison, limit: $0) }
    return comparison
  }

  /// Whether the trials of the two are pairs, whoever asks.
  private static func tookTurns(_ base: [RunFolder], _ new: [RunFolder]) -> Bool {
    guard base.count == 1, new.count == 1, base[0].place != new[0].place,
      let turns = base[0].record?.turns
    else { return false }
    return turns == new[0].record?.turns
  }

  private static func onlyOnOneSide(_ comparison: RunComparison) -> [String] {
    let sides = [
      ("Only \(comparison.base.name)", comparison.unmatched.inBase),
      ("Only \(comparison.new.name)", comparison.unmatched.inNew),
      ("Neither side", comparison.unmatched.inNeither),
    ]
    return sides.filter { !$0.1.isEmpty }.map { side, names in
      "\(side) has a number for \(names.joined(separator: ", "))."
    }
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

  private static func matched(
    _ sides: [ComparisonSide], _ design: Procedure.Design
  ) -> MatchedResults? {
    guard let left = sides[0].record(design), let right = sides[1].record(design) else {
      return nil
    }
    return MatchedResults(base: left, new: right)
  }

  private static func functions(
    _ outcome: SliceReader.Outcome, _ options: ComparisonOptions, _ refusals: [SettingDifference]
  ) -> (table: FunctionTable, shifts: [CostShift])? {
    if outcome.slices.isEmpty { return nil }
    let whole = refusals.filter { $0.scope == .everything }
    return FunctionRows(outcome: outcome, options: options, refusals: whole).build()
  }
}
