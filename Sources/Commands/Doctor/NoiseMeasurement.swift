import Basics
import Comparison
import Measurement
import RunRecords

/// `vbench doctor --aa N [-- COMMAND FLAGS]`: how far equal runs lie apart on this machine.
///
/// The first run calibrates, the others take its rate. What they differ by is stored in noise.json
/// beside the runs, and `compare` uses it for runs of the same command and settings.
struct NoiseMeasurement {
  let invocation: Invocation
  let count: Int

  private static let standard = ["market", "-n", "5k", "-d", "1s"]

  func run() throws -> ExitStatus {
    let profiles = invocation.text("profiles") ?? "Profiles"
    let words = invocation.rest.isEmpty ? Self.standard : invocation.rest
    var paths: [String] = []
    var more = ["--out", "\(profiles)/noise"]
    for number in 1...count {
      if !invocation.has("quiet") { Terminal.note("Run \(number) of \(count)") }
      let quiet = invocation.has("quiet") || invocation.has("json") ? ["--quiet"] : []
      let (path, record) = try InnerRun(words: words).execute(more + quiet)
      if record.status == .interrupted {
        Terminal.note("Interrupted: nothing was stored; the runs so far are in \(profiles)/noise.")
        return .interrupted
      }
      paths.append(path)
      if number == 1, let rate = record.setting("rate") { more += ["--rate", rate] }
    }
    let entry = try measure(paths)
    try store(entry, in: profiles)
    try Terminal.print(
      invocation.has("json") ? try JSONText.of(entry) : text(entry, profiles))
    return .fine
  }

  private func measure(_ paths: [String]) throws -> NoiseRecord.Entry {
    let runs = try paths.map { try RunSource.open($0) }
    guard
      let entry = NoiseMeter.measure(
        runs, measuredAt: LocalTime.iso(Clock.wall()), toolVersion: Vbench.version)
    else { throw Failure(.failed, "The runs have nothing that could be compared.") }
    return entry
  }

  private func store(_ entry: NoiseRecord.Entry, in profiles: String) throws {
    do throws(RunError) {
      var record = try NoiseRecord.read(in: profiles) ?? NoiseRecord()
      record.add(entry)
      try record.write(in: profiles)
    } catch { throw Failure(.badInput, "\(error)") }
  }

  private func text(_ entry: NoiseRecord.Entry, _ profiles: String) -> String {
    let headline = entry.spreads.filter { Procedure.headlineNames.contains($0.key) }
    let others = entry.spreads.filter { !Procedure.headlineNames.contains($0.key) }
    let rows =
      [headline, others].flatMap { $0.sorted { $0.key < $1.key } }
      .map { ($0.key, $0.value) } + (entry.functions.map { [("functions, usually", $0)] } ?? [])
    let width = rows.map(\.0.count).max() ?? 0
    let lines = rows.map { name, spread in
      let numbers = [spread.betweenRuns, spread.betweenTrials, spread.floor].map {
        let text = NumberText.percent($0)
        return String(repeating: " ", count: max(0, 9 - text.count)) + text
      }
      return "  " + name + String(repeating: " ", count: width - name.count)
        + numbers.joined(separator: "  ")
    }
    let head =
      "  " + String(repeating: " ", count: width) + "     runs     trials      floor"
    return """
      Equal runs of \(entry.command) on \(entry.machine.text): \(entry.runs) runs of \
      \(entry.trialsPerRun) trials differ by (standard deviations)

      \(head)
      \(lines.joined(separator: "\n"))

      The floor is what runs differ by beyond what their trials explain. compare uses it for runs of
      this command with these settings, instead of an assumption.
      Stored in \(profiles)/noise.json; the runs are in \(profiles)/noise.

      """
  }
}
