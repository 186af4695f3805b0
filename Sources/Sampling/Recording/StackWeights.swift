/// By how much the stacks of a thread must be stretched to stand for all its switches.
///
/// When threads switch too often, only every n-th switch has a stack, while the times of all are
/// known. What the others took is shared out over those that have one, thread by thread, and apart
/// for each spacing: a calm minute says nothing about a busy one.
struct StackWeights {
  private struct Group: Hashable {
    let tid: Int32
    let spacing: UInt64
  }

  private let weights: [Group: Double]

  init(_ ledger: WaitLedger) {
    var known: [Group: (with: Int64, without: Int64)] = [:]
    for (key, sum) in ledger.sums where key.kind != .begunBefore {
      let time = sum.blocked + sum.runnable
      let group = Group(tid: key.tid, spacing: key.spacing)
      if key.stack == nil {
        known[group, default: (0, 0)].without += time
      } else {
        known[group, default: (0, 0)].with += time
      }
    }
    weights = known.compactMapValues { times in
      times.with > 0 && times.without > 0
        ? Double(times.with + times.without) / Double(times.with) : nil
    }
  }

  /// A sum as it counts; nil for one that is shared out over others.
  func scaled(_ sum: WaitLedger.Sum, of key: WaitLedger.Key) -> WaitLedger.Sum? {
    if key.kind == .begunBefore { return sum }
    let weight = weights[Group(tid: key.tid, spacing: key.spacing)]
    guard let weight else { return sum }
    return key.stack == nil ? nil : sum.times(weight)
  }
}

extension WaitLedger.Sum {
  fileprivate func times(_ weight: Double) -> WaitLedger.Sum {
    WaitLedger.Sum(
      count: Int64((Double(count) * weight).rounded()),
      blocked: Int64((Double(blocked) * weight).rounded()),
      runnable: Int64((Double(runnable) * weight).rounded()))
  }
}
