import Measurement

/// Cost that went from a function into one that it calls, or back.
///
/// Another build inlines and attributes otherwise: what stood in a function stands in the lines of a
/// helper, and both change by as much as the other does, one of them surely. Where the two together
/// are what they were, neither has become slower or faster.
struct Exchanges {
  let entries: [(slice: ProfileSlice, group: FunctionGroup)]
  let procedure: Procedure

  /// Takes the verdicts of such pairs back and tells the exchange instead.
  func settle(_ rows: inout [FunctionRow], factor: (ProfileSlice) -> Double) -> [CostShift] {
    var shifts: [CostShift] = []
    for one in rows.indices where isClaim(rows[one]) {
      guard let other = rows.indices.first(where: { areExchanged(one, $0, rows) }) else { continue }
      let slice = entries[one].slice
      let (inner, outer) = (name(one), name(other))
      let both = [slice.base, slice.new].map { slice.flat([inner, outer], $0) }
      guard
        let net = RateTest(
          base: both[0], new: both[1], eventWeight: max(1e-300, slice.eventWeight),
          allowance: procedure.functionAllowance),
        let ratio = net.ratio, net.p > 0.05,
        abs(net.new - net.base) * factor(slice) < 0.5 * abs(rows[one].change.delta)
      else { continue }
      let hasGrown = rows[one].change.delta > 0
      let (from, to) = hasGrown ? (outer, inner) : (inner, outer)
      let message =
        "cost went from \(from) to \(to), which are caller and called; together they did not "
        + "change visibly (\(NumberText.change(ratio - 1)))"
      shifts.append(
        CostShift(
          kind: .within, role: rows[one].role, operation: rows[one].operation, from: [from],
          to: [to], caller: outer, base: net.base * factor(slice), new: net.new * factor(slice),
          verdict: .noDifferenceSeen, message: message))
      for index in [one, other] where rows[index].change.reason == nil {
        if isClaim(rows[index]) { rows[index].change.verdict = .noDifferenceSeen }
        rows[index].change.reason = message
      }
    }
    return shifts
  }

  private func name(_ index: Int) -> String { entries[index].group.names[0] }

  private func isClaim(_ row: FunctionRow) -> Bool {
    row.change.verdict == .worse || row.change.verdict == .better
  }

  /// Whether the second is the caller of the first, and lost about what that gained.
  private func areExchanged(_ one: Int, _ other: Int, _ rows: [FunctionRow]) -> Bool {
    let (inner, outer) = (rows[one], rows[other])
    guard one != other, entries[one].group.bond == .alone,
      entries[other].group.bond == .alone, inner.role == outer.role, inner.kind == outer.kind,
      inner.operation == outer.operation, inner.change.delta * outer.change.delta < 0
    else { return false }
    let share = abs(inner.change.delta) / abs(outer.change.delta)
    guard (0.5...2).contains(share) else { return false }
    let slice = entries[one].slice
    let fuller = inner.change.delta > 0 ? slice.new : slice.base
    return LeafCallers([name(one)], slice, fuller).main(of: name(one)) == name(other)
  }
}
