import Comparison
import Measurement
import RunRecords

/// `vbench compare --self-test`: a gate that cannot fail is no gate, and one that always fails
/// neither.
///
/// Simulated runs, of which the truth is known, then real ones: the same search twice, and once
/// with the plain kernel, a regression planted on purpose.
struct GateSelfTest {
  let invocation: Invocation

  struct Row: Encodable {
    let what: String
    let expected: String
    let seen: String
    /// Nil where this machine cannot tell.
    let passes: Bool?

    var mark: String { passes.map { $0 ? "pass" : "FAIL" } ?? "skip" }
  }

  private static let pairs = 60

  func run() throws -> ExitStatus {
    let limit = invocation.ratio("gate") ?? 0.03
    let rows = try simulated(limit) + real(limit)
    try Terminal.print(invocation.has("json") ? try JSONText.of(rows) : Self.text(rows, limit))
    return rows.allSatisfy { $0.passes != false } ? .fine : .failed
  }

  // MARK: - Simulated

  private func simulated(_ limit: Double) throws -> [Row] {
    var equal = SimulatedRuns(seed: 60)
    var (claims, failures) = (0, 0)
    for _ in 0..<Self.pairs {
      let comparison = try compare(equal.run("base"), equal.run("new"), limit)
      claims += comparison.results.count {
        $0.change.verdict == .better || $0.change.verdict == .worse
      }
      failures += comparison.gate?.outcome == .failed ? 1 : 0
    }
    var slower = SimulatedRuns(seed: 61)
    var found = 0
    for _ in 0..<Self.pairs {
      let comparison = try compare(slower.run("base"), slower.run("new", speed: 0.8), limit)
      found += comparison.gate?.outcome == .failed ? 1 : 0
    }
    return [
      Row(
        what: "\(Self.pairs) simulated pairs of equal runs, all rows",
        expected: "at most 3 claims of a change", seen: "\(claims)", passes: claims <= 3),
      Row(
        what: "the gate on them", expected: "never fails", seen: "\(failures) failures",
        passes: failures == 0),
      Row(
        what: "\(Self.pairs) simulated pairs, a fifth slower", expected: "fails in at least 54",
        seen: "\(found) failures", passes: found >= 54),
    ]
  }

  // MARK: - Real

  /// Small, slow to arrive and quick to search, so that the plain kernel cannot drown; with enough
  /// samples of it to say what became slower.
  private static let workload = [
    "search-only", "-n", "2k", "--dims", "256", "-d", "500ms", "--rate", "200", "-c", "2",
    "--hz", "997", "--quiet",
  ]

  private func real(_ limit: Double) throws -> [Row] {
    let work = try WorkFolder(beside: invocation.text("profiles").map { $0 } ?? ".")
    let outcome = Result { try real(limit, in: work.path) }
    work.remove()
    return try outcome.get()
  }

  private func real(_ limit: Double, in folder: String) throws -> [Row] {
    let kernels = ["automatic", "automatic", "portable"]
    let runs = try kernels.enumerated().map { number, kernel -> RunFolder in
      if !invocation.has("quiet") {
        Terminal.note("Searching with the \(kernel) kernel, run \(number + 1) of 3")
      }
      let (path, record) = try InnerRun(words: Self.workload).execute([
        "--kernel", kernel, "--out", folder,
      ])
      if record.status == .interrupted { throw Failure(.interrupted, "Interrupted.") }
      return try RunSource.open(path)
    }
    let itself = try compare(runs[0], runs[0], limit)
    let again = try compare(runs[0], runs[1], limit)
    let planted = try compare(runs[0], runs[2], limit)
    return [
      Row(
        what: "a real run against itself", expected: "does not fail", seen: seen(itself),
        passes: itself.gate?.outcome != .failed),
      Row(
        what: "two real runs of one program", expected: "does not fail", seen: seen(again),
        passes: again.gate?.outcome != .failed),
      Row(
        what: "a planted regression (the plain kernel)", expected: "fails", seen: seen(planted),
        passes: planted.gate?.outcome == .failed),
      firstRow(planted),
    ]
  }

  /// The function that was made slower is what a reader of the table sees first.
  private func firstRow(_ comparison: RunComparison) -> Row {
    let what = "the first row of its function table"
    guard let table = comparison.functions, !table.rows.isEmpty else {
      return Row(
        what: what, expected: "the plain kernel, where CPU can be sampled",
        seen: "no CPU was sampled here, so there is no table", passes: nil)
    }
    let first = table.rows[0]
    return Row(
      what: what, expected: "the plain kernel, as worse",
      seen: "\(first.name), \(first.change.verdict.rawValue)",
      passes: first.name.contains("portable") && first.change.verdict == .worse)
  }

  private func compare(
    _ base: RunFolder, _ new: RunFolder, _ limit: Double
  ) throws -> RunComparison {
    var options = ComparisonOptions()
    options.gate = limit
    return try Comparer.compare(base: base, new: new, options: options)
  }

  private func seen(_ comparison: RunComparison) -> String {
    comparison.gate.map { "\($0.outcome.rawValue): \(comparison.headline)" } ?? ""
  }

  private static func text(_ rows: [Row], _ limit: Double) -> String {
    let lines = rows.map { row in
      "\(row.mark)  \(row.what)\n      expected: \(row.expected)\n"
        + "      seen:     \(row.seen)"
    }
    let verdict =
      rows.allSatisfy { $0.passes != false }
      ? "The gate of \(NumberText.percent(limit)) lets equal runs pass and stops a regression."
      : "The gate of \(NumberText.percent(limit)) cannot be trusted on this machine."
    return lines.joined(separator: "\n") + "\n\n\(verdict)\n"
  }
}
