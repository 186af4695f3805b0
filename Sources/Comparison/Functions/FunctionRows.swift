import Measurement
import ProfileViews
import RunRecords
import Vocabulary

/// Slices → tested rows, and the shifts among them.
struct FunctionRows {
  let outcome: SliceReader.Outcome
  let options: ComparisonOptions
  /// Refusals that forbid a verdict on costs.
  let refusals: [SettingDifference]

  /// A group of names in its slice, big enough to test.
  private struct Entry {
    let slice: ProfileSlice
    let group: FunctionGroup
    let weight: Double
  }

  func build() -> (table: FunctionTable, shifts: [CostShift]) {
    let (entries, leftOut) = select()
    let priors = priors(entries)
    var changes: [Change] = []
    var candidates: [RowDecision.Candidate] = []
    for (index, entry) in entries.enumerated() {
      let prior = priors[ProfileKey(entry.slice)].map { $0 * entry.slice.eventWeight }
      let test = FunctionTest(
        slice: entry.slice, names: entry.group.names, basis: outcome.basis, prior: prior,
        procedure: options.procedure)
      changes.append(test.change(blockedBy: refusals.first?.name))
      if changes[index].reason == nil, let candidate = test.candidate(index) {
        candidates.append(candidate)
      }
    }
    RowDecision.decide(&changes, candidates, alpha: options.procedure.alphaFunctions)
    var rows = zip(entries, changes).map { row($0, $1) }
    var shifts: [CostShift] = []
    for index in rows.indices {
      guard let shift = shift(entries[index], &rows[index]) else { continue }
      shifts.append(shift)
      balance(index, shift, entries, &rows)
    }
    shifts += Exchanges(entries: entries.map { ($0.slice, $0.group) }, procedure: options.procedure)
      .settle(&rows, factor: { CostUnit.scale($0.type, outcome.basis).factor })
    return (
      FunctionTable(
        basis: outcome.basis, rows: Self.ranked(rows), leftOut: leftOut.count,
        leftOutSamples: leftOut.samples),
      shifts
    )
  }

  /// What surely changed comes first, CPU before waits (which follow it), and what changed most of
  /// the whole cost before what changed little; the others keep their order.
  private static func ranked(_ rows: [FunctionRow]) -> [FunctionRow] {
    rows.enumerated().sorted { left, right in
      let (one, other) = (rank(left.element), rank(right.element))
      return (one.group, -one.impact, left.offset) < (other.group, -other.impact, right.offset)
    }.map(\.element)
  }

  private static func rank(_ row: FunctionRow) -> (group: Int, impact: Double) {
    guard row.change.verdict == .worse || row.change.verdict == .better else { return (2, 0) }
    let effect = row.change.ratio.map { abs($0 - 1) * row.baseShare }
    return (row.kind == .cpu ? 0 : 1, effect ?? max(row.baseShare, row.newShare))
  }

  // MARK: - Which functions

  /// By share and samples of both sides together, which says nothing about their difference.
  private func select() -> (entries: [Entry], leftOut: (count: Int, samples: Int)) {
    let totals = roleTotals()
    var entries: [Entry] = []
    var (count, samples) = (0, 0)
    for slice in outcome.slices {
      let total = totals[ProfileKey(slice)] ?? [0, 0]
      let exposure = slice.sides.map { $0.reduce(0) { $0 + $1.exposure } }
      let smallest = zip(total, exposure).map { options.smallestShare * $0 / $1 }.max() ?? 0
      for group in FunctionGroups(slice: slice, smallest: smallest).find() {
        let shares = zip(slice.sides, total).map { side, all in
          all > 0 ? slice.amount(group.names, side) / all : 0
        }
        let seen = slice.sides.reduce(Int64(0)) { $0 &+ slice.samples(group.names, $1) }
        if (shares.max() ?? 0) >= options.smallestShare, seen >= Int64(options.fewestSamples) {
          entries.append(Entry(slice: slice, group: group, weight: shares.reduce(0, +)))
        } else {
          count += 1
          samples += Int(clamping: seen)
        }
      }
    }
    entries.sort {
      ($1.weight, $0.group.names[0], $0.slice.operation ?? "")
        < ($0.weight, $1.group.names[0], $1.slice.operation ?? "")
    }
    for entry in entries.dropFirst(options.functionLimit) {
      count += 1
      samples += Int(
        clamping: entry.slice.sides.reduce(Int64(0)) {
          $0 &+ entry.slice.samples(entry.group.names, $1)
        })
    }
    return (Array(entries.prefix(options.functionLimit)), (count, samples))
  }

  private struct ProfileKey: Hashable {
    let role: Role
    let kind: ProfileKind

    init(_ slice: ProfileSlice) { (role, kind) = (slice.role, slice.kind) }
  }

  /// A role's whole cost on each side, over all operations.
  private func roleTotals() -> [ProfileKey: [Double]] {
    var totals: [ProfileKey: [Double]] = [:]
    for slice in outcome.slices {
      let sums = slice.sides.map { $0.reduce(0) { $0 + Double($1.costs.total) } }
      totals[ProfileKey(slice), default: [0, 0]] = zip(
        totals[ProfileKey(slice)] ?? [0, 0], sums
      ).map { $0 + $1 }
    }
    return totals
  }

  /// The usual dispersion of a profile's functions, in events: eight degrees are few for one row,
  /// so rows lend each other theirs.
  private func priors(_ entries: [Entry]) -> [ProfileKey: Double] {
    Dictionary(grouping: entries) { ProfileKey($0.slice) }.compactMapValues { entries in
      let found = entries.map { entry in
        RateTest.dispersion(of: entry.slice.sides.map { entry.slice.flat(entry.group.names, $0) })
          / max(1e-300, entry.slice.eventWeight)
      }
      guard found.count >= 8 else { return nil }
      return found.sorted()[found.count / 2]
    }
  }

  // MARK: - Rows

  private func row(_ entry: Entry, _ change: Change) -> FunctionRow {
    let (slice, names) = (entry.slice, entry.group.names)
    let totals = roleTotals()[ProfileKey(slice)] ?? [0, 0]
    let own = slice.sides.map { side in
      let all = slice.rate(names, side)
      return names.filter { all > 0 && slice.rate([$0], side) >= 0.05 * all }
    }
    let shares = zip(slice.sides, totals).map { $1 > 0 ? slice.amount(names, $0) / $1 : 0 }
    let scale = CostUnit.scale(slice.type, outcome.basis)
    let cumulative: [Double?] = slice.sides.map { side in
      names.count > 1
        ? nil
        : slice.cumulative(names[0], side).reduce(0) { $0 + $1.amount }
          / side.reduce(0) { $0 + $1.exposure } * scale.factor
    }
    let leading = own.map { $0.isEmpty ? names : $0 }
    return FunctionRow(
      role: slice.role, kind: slice.kind, operation: slice.operation,
      name: leading[0] == leading[1] || entry.group.bond == .alone
        ? leading[1].joined(separator: ", ")
        : "\(leading[0].joined(separator: ", ")) → \(leading[1].joined(separator: ", "))",
      baseNames: own[0], newNames: own[1], unit: scale.unit,
      presence: change.new == 0 ? .gone : change.base == 0 ? .arrived : .both,
      baseShare: shares[0], newShare: shares[1], baseCumulative: cumulative[0],
      newCumulative: cumulative[1], baseSamples: slice.samples(names, slice.base),
      newSamples: slice.samples(names, slice.new), baseTrials: slice.base.count,
      newTrials: slice.new.count, baseSpread: slice.spread(names, slice.base),
      newSpread: slice.spread(names, slice.new), change: change)
  }

  // MARK: - Shifts

  private func shift(_ entry: Entry, _ row: inout FunctionRow) -> CostShift? {
    switch entry.group.bond {
    case .sameKernel, .sameCallers: regrouped(entry.group.bond, row)
    case .alone: row.presence == .both ? nil : within(entry, &row)
    }
  }

  private func regrouped(_ bond: FunctionGroup.Bond, _ row: FunctionRow) -> CostShift {
    let subject = bond == .sameKernel ? "same kernel" : "same callers, another function"
    let factor = row.change.ratio.map { "×\(NumberText.ratio($0))" } ?? ""
    let story =
      switch row.change.verdict {
      case .worse: "grown slower \(factor)"
      case .better: "grown faster \(factor)"
      case .noDifferenceSeen, .equivalent: "at a cost that does not differ visibly"
      case .cannotTell, .inconclusive: "\(factor), too little to judge"
      }
    return CostShift(
      kind: bond == .sameKernel ? .renamed : .replaced, role: row.role, operation: row.operation,
      from: row.baseNames, to: row.newNames, caller: nil, base: row.change.base,
      new: row.change.new, verdict: row.change.verdict,
      message: "\(subject) \(story)\(row.operation.map { " in \($0)" } ?? "") (\(row.name))"
    )
  }

  /// What took over the work of a function that went, or gave it to one that came, inside the same
  /// caller, has not become slower or faster either.
  private func balance(
    _ index: Int, _ shift: CostShift, _ entries: [Entry], _ rows: inout [FunctionRow]
  ) {
    guard shift.kind == .within, let caller = shift.caller else { return }
    let moved = rows[index].change.delta
    for other in rows.indices {
      let (slice, row) = (entries[other].slice, rows[other])
      guard row.presence == .both, row.change.verdict == .worse || row.change.verdict == .better,
        ProfileKey(slice) == ProfileKey(entries[index].slice),
        slice.operation == entries[index].slice.operation, entries[other].group.names.count == 1,
        row.change.delta * moved < 0, abs(row.change.delta) <= 1.5 * abs(moved)
      else { continue }
      let name = entries[other].group.names[0]
      guard name == caller || LeafCallers([name], slice, slice.new).main(of: name) == caller else {
        continue
      }
      rows[other].change.verdict = .noDifferenceSeen
      rows[other].change.reason =
        "it \(moved < 0 ? "took over from" : "gave work to") \(rows[index].name) inside \(caller), "
        + "whose total did not change visibly"
    }
  }

  /// A function that went or came inside a caller whose total stayed is no win and no loss.
  private func within(_ entry: Entry, _ row: inout FunctionRow) -> CostShift? {
    let (slice, name) = (entry.slice, entry.group.names[0])
    let side = row.presence == .gone ? slice.base : slice.new
    guard let caller = LeafCallers([name], slice, side).main(of: name),
      let net = RateTest(
        base: slice.cumulative(caller, slice.base), new: slice.cumulative(caller, slice.new),
        eventWeight: max(1e-300, slice.eventWeight),
        allowance: options.procedure.functionAllowance)
    else { return nil }
    let factor = CostUnit.scale(slice.type, outcome.basis).factor
    let moved = (net.new - net.base) * factor
    guard net.ratio != nil, net.p > 0.05, abs(moved) < 0.5 * abs(row.change.delta) else {
      return nil
    }
    let change = net.ratio.map { NumberText.change($0 - 1) } ?? "0 %"
    let message =
      "\(name) \(row.presence == .gone ? "went" : "came") inside \(caller), whose total did not "
      + "change visibly (\(change))"
    if row.change.verdict == .better || row.change.verdict == .worse {
      row.change.verdict = .noDifferenceSeen
    }
    row.change.reason = message
    return CostShift(
      kind: .within, role: row.role, operation: row.operation,
      from: row.presence == .gone ? [name] : [], to: row.presence == .gone ? [] : [name],
      caller: caller, base: net.base * factor, new: net.new * factor,
      verdict: row.change.verdict, message: message)
  }
}
