import Harness
import Measurement
import RunRecords

/// One line of what the disk can do.
struct DiskTextRow {
  let figure: DiskRecord.Figure
  let entry: DiskRecord.Entry

  private var task: DiskTask? { DiskTask(rawValue: figure.name) }

  /// Whether the rounds agree; `unsure` is an answer.
  var state: String {
    if headline == nil { return "missing" }
    return isSteady && figure.problem == nil ? "ok     " : "unsure "
  }

  private var headline: Estimate? { figure.p50 ?? figure.bytesPerSecond }

  private var isSteady: Bool { headline.map(DiskRecord.Figure.isSteady) ?? false }

  var what: String {
    switch task {
    case .commit: "append 4 KiB + fdatasync, blocks written ahead as the log does"
    case .growing: "append 4 KiB + fdatasync, the file grows"
    case .four, .eight: "\(figure.writers) writers, each its own file"
    case .write: "write a new file in order, one sync at the end"
    case .scan: "read in order, page cache dropped"
    case .directScan: "read in order, O_DIRECT"
    case .pick: "read 4 KiB at random, page cache dropped"
    case .directPick: "read 4 KiB at random, O_DIRECT"
    case nil: figure.name
    }
  }

  var sentence: String {
    guard let headline else { return (figure.problem ?? "too slow to be asked in this time") + "." }
    var parts = [numbers]
    if let problem = figure.problem { parts.append("but \(problem)") }
    if !isSteady { parts.append("cannot tell: \(rounds(headline))") } else { parts += meaning }
    return parts.joined(separator: "; ") + "."
  }

  private var numbers: String {
    if let rate = figure.bytesPerSecond {
      return "\(bytesRate(rate.value))\(spread(rate)) (\(NumberText.bytes(Double(figure.bytes))))"
    }
    let noun = task?.isCommit == true ? "syncs" : "reads"
    let times = [
      figure.p50.map { "p50 \(NumberText.duration($0.value))\(spread($0))" },
      figure.p99.map { "p99 \(NumberText.duration($0.value))\(spread($0))" },
      figure.longest.map { "max \(NumberText.duration($0))" },
    ].compactMap(\.self).joined(separator: ", ")
    let rate = figure.operationsPerSecond.map { ", \(NumberText.count(Int($0.value))) a second" }
    return "\(times)\(rate ?? "") (\(NumberText.count(figure.operations)) \(noun))"
  }

  private func bytesRate(_ value: Double) -> String { NumberText.bytes(value) + "/s" }

  /// Where rounds lie far apart a share of the value would hide to which side.
  private func spread(_ estimate: Estimate) -> String {
    if DiskRecord.Figure.isSteady(estimate) {
      return NumberText.plusMinus(estimate).map { " \($0)" } ?? ""
    }
    // The headline's rounds are told at the end of the line.
    return estimate == headline ? "" : " (\(rounds(estimate)))"
  }

  private func rounds(_ estimate: Estimate) -> String {
    guard let range = estimate.interval else { return "too few rounds" }
    let texts = [range.low, range.high].map { value in
      figure.bytesPerSecond == nil ? NumberText.duration(value) : bytesRate(value)
    }
    return "rounds between \(texts[0]) and \(texts[1])"
  }

  // MARK: - What it means

  private var meaning: [String] {
    switch task {
    case .commit: ["a commit of one writer is not faster"]
    case .growing: against(DiskTask.commit, "the file system's journal") ?? []
    case .four, .eight: scaling
    case .write: ["sealing and copying are not faster"]
    case .scan: ["opening a cold store is not faster"]
    case .pick: ["a row that is not in memory costs that"]
    default: []
    }
  }

  /// The difference of medians, where the two can be told apart.
  private func against(_ other: DiskTask, _ what: String) -> [String]? {
    guard let base = entry.figure(other.rawValue)?.p50, let own = figure.p50,
      let low = base.interval, let high = own.interval
    else { return nil }
    guard high.low > low.high else { return ["\(what) costs nothing that could be told"] }
    return ["\(what) adds \(NumberText.duration(own.value - base.value))"]
  }

  private var scaling: [String] {
    guard let one = entry.figure(DiskRecord.Figure.commit)?.operationsPerSecond,
      let all = figure.operationsPerSecond,
      DiskRecord.Figure.isSteady(one), DiskRecord.Figure.isSteady(all)
    else { return [] }
    return ["\(NumberText.ratio(all.value / one.value)) times the syncs of one writer"]
  }
}
