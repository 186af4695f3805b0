import Measurement
import RunRecords
import Vocabulary

/// Finds in what two runs differ and whether they may be compared.
struct Comparability {
  let base: RunFolder
  let new: RunFolder
  let options: ComparisonOptions

  /// Refusals first, then what is under test, then the rest.
  func differences() -> [SettingDifference] {
    let all = records() + environments()
    let order: [SettingDifference.Standing] = [.refused, .allowed, .underTest, .noted]
    return order.flatMap { standing in all.filter { $0.standing == standing } }
  }

  // MARK: - The records

  private func records() -> [SettingDifference] {
    guard let left = base.record, let right = new.record else { return [] }
    return command(left, right) + dataset(left, right) + settings(left, right)
      + profiling(left, right) + recall(left, right) + code(left, right)
  }

  private func command(_ left: RunRecord, _ right: RunRecord) -> [SettingDifference] {
    difference("command", left.command, right.command, .refused)
      + difference("layout", "\(left.schema)", "\(right.schema)", .refused)
  }

  private func dataset(_ left: RunRecord, _ right: RunRecord) -> [SettingDifference] {
    let digests = difference(
      "dataset-digest", left.dataset?.digest ?? "none", right.dataset?.digest ?? "none", .refused)
    let dimensions = difference(
      "dims", left.dataset.map { "\($0.dimensions)" } ?? "none",
      right.dataset.map { "\($0.dimensions)" } ?? "none", .refused)
    let metrics = difference(
      "metric", left.dataset?.metric.rawValue ?? "none", right.dataset?.metric.rawValue ?? "none",
      .refused)
    return digests + dimensions + metrics
  }

  private func settings(_ left: RunRecord, _ right: RunRecord) -> [SettingDifference] {
    // The dataset block already speaks for these.
    var told: Set<String> = ["dims", "metric"]
    // One file may have several paths; its digest says whether it is one.
    if [left, right].allSatisfy({ $0.setting("data")?.hasPrefix("file:") == true }) {
      told.insert("data")
    }
    let names = Set((left.settings + right.settings).map(\.name)).subtracting(told).sorted()
    return names.flatMap { name -> [SettingDifference] in
      let (one, other) = (left.setting(name) ?? "unset", right.setting(name) ?? "unset")
      if name == SettingStanding.rate { return rates(one, other) }
      return difference(name, one, other, SettingStanding.of(name))
    }
  }

  /// Offered rates within half a percent are one rate.
  private func rates(_ one: String, _ other: String) -> [SettingDifference] {
    if let left = Double(one), let right = Double(other),
      abs(left - right) <= 0.005 * max(abs(left), abs(right))
    {
      return []
    }
    return difference(SettingStanding.rate, one, other, .refused, scope: .paced).map { found in
      var found = found
      found.message =
        "The offered rates differ (\(one) and \(other) a second): latencies and rates that follow "
        + "the offer are not compared; capacity is. Repeat one run with --like the other."
      return found
    }
  }

  /// A profiled run pays for its profiler.
  private func profiling(_ left: RunRecord, _ right: RunRecord) -> [SettingDifference] {
    func text(_ profiling: RunRecord.Profiling) -> String {
      profiling.method == "none" || profiling.hertz == 0
        ? "none" : "\(profiling.method) at \(NumberText.significant(profiling.hertz)) Hz"
    }
    return difference("profiling", text(left.profiling), text(right.profiling), .refused)
  }

  /// Speed at another recall is another product: half a point apart, and surely so, is refused.
  private func recall(_ left: RunRecord, _ right: RunRecord) -> [SettingDifference] {
    guard let one = left.result("search.recall"), let other = right.result("search.recall") else {
      return []
    }
    let (low, high) = (one.estimate.value, other.estimate.value)
    guard abs(high - low) > 0.005 else { return [] }
    let test = DifferenceTest(base: one.trials, new: other.trials, confidence: 0.99)
    let isSure = test.map { $0.low > 0 || $0.high < 0 } ?? true
    return difference(
      "recall", NumberText.percent(low), NumberText.percent(high), isSure ? .refused : .noted)
  }

  private func code(_ left: RunRecord, _ right: RunRecord) -> [SettingDifference] {
    difference("program", left.toolVersion, right.toolVersion, .underTest)
      + difference(
        "revision", base.environment?.gitRevision ?? "", new.environment?.gitRevision ?? "",
        .underTest)
      + difference(
        "compiler", base.environment?.compiler ?? "", new.environment?.compiler ?? "", .underTest)
  }

  // MARK: - The machines

  private func environments() -> [SettingDifference] {
    guard let left = base.environment, let right = new.environment else { return [] }
    func known(_ value: String?) -> String { value ?? "" }
    let machine: [(String, String, String)] = [
      ("processor", known(left.processor), known(right.processor)),
      ("cores", "\(left.cores)", "\(right.cores)"),
      ("memory", memoryClass(left.memoryBytes), memoryClass(right.memoryBytes)),
      ("file-system", known(left.fileSystem), known(right.fileSystem)),
      ("frequency-governor", known(left.frequencyGovernor), known(right.frequencyGovernor)),
      ("build-mode", left.buildMode, right.buildMode),
    ]
    return machine.flatMap { difference($0.0, $0.1, $0.2, .refused) }
      + difference("operating-system", left.kernel, right.kernel, .noted)
  }

  /// To a tenth of a GiB: firmware takes a few pages more or less from boot to boot.
  private func memoryClass(_ bytes: UInt64) -> String {
    bytes == 0 ? "" : NumberText.fixed(Double(bytes) / Double(1 << 30), digits: 1) + " GiB"
  }

  // MARK: - One difference

  private func difference(
    _ name: String, _ one: String, _ other: String, _ standing: SettingDifference.Standing,
    scope: SettingDifference.Scope = .everything
  ) -> [SettingDifference] {
    // What one side does not know is no difference.
    if one.isEmpty || other.isEmpty || isSame(one, other) { return [] }
    let isAllowed = standing == .refused && options.allows(name)
    return [
      SettingDifference(
        name: name, base: one, new: other, standing: isAllowed ? .allowed : standing, scope: scope,
        message: message(name, one, other, isAllowed ? .allowed : standing))
    ]
  }

  private func isSame(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    guard let left = Double(one), let right = Double(other) else { return false }
    return left == right
  }

  private func message(
    _ name: String, _ one: String, _ other: String, _ standing: SettingDifference.Standing
  ) -> String {
    switch standing {
    case .refused:
      "The two runs differ in \(name) (\(one) and \(other)), so they do not measure the same thing; "
        + "repeat one with --like the other, or accept it with --allow \(name)."
    case .allowed: "The two runs differ in \(name) (\(one) and \(other)), which was allowed."
    case .underTest: "Under test: \(name) \(one) → \(other)."
    case .noted: "\(name): \(one) and \(other)."
    }
  }
}
