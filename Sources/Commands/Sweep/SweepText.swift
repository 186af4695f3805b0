import Harness
import Measurement
import Vocabulary

/// A sweep as a person reads it, and as a spreadsheet does.
enum SweepText {
  static func of(_ results: [SweepResult]) -> String {
    results.map(text).joined(separator: "\n")
  }

  private static func text(_ result: SweepResult) -> String {
    let knobs = result.knobs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    var text =
      "\(result.label) on \(result.dataset): \(NumberText.count(result.rows)) × "
      + "\(result.dimensions), \(result.metric.rawValue), \(NumberText.count(result.queries)) "
      + "queries, top \(result.k)\n"
    text += knobs.joined(separator: " ") + "\n"
    text +=
      "build \(NumberText.duration(result.build.seconds)) with \(result.build.threads) threads"
    if let single = result.build.singleSeconds, result.build.threads > 1 {
      text += ", \(NumberText.duration(single)) with one"
    }
    text +=
      "; \(NumberText.bytes(Double(result.build.memoryBytes))) resident, "
      + "\(NumberText.bytes(Double(result.build.fileBytes))) on disk\n\n"
    text += table(result) + "\n" + targets(result)
    for note in result.notes { text += "note: \(note)\n" }
    return text
  }

  private static func table(_ result: SweepResult) -> String {
    var columns = TextColumns(["ef", "recall", "threads", "searches/s", "95 %", "p50", "p99", ""])
    for point in result.points {
      for (threads, rate) in point.rates.sorted(by: { $0.key < $1.key }) {
        let estimate = rate.estimate
        columns.add([
          "\(point.ef)", NumberText.fixed(point.recall.byDistance, digits: 4), "\(threads)",
          NumberText.significant(estimate.value),
          estimate.interval.map {
            "\(NumberText.significant($0.low)) … \(NumberText.significant($0.high))"
          } ?? "–",
          NumberText.duration(Summary(rate.p50).mean), p99(rate),
          rate.isOnFront ? "*" : " ",
        ])
      }
    }
    return columns.lines.joined(separator: "\n")
      + "\n\n* on the front: no other point here has more recall and more searches a second\n"
  }

  /// A thousand searches in each trial, or no 99th percentile.
  private static func p99(_ rate: SweepResult.Rate) -> String {
    let perTrial = rate.searches / max(1, rate.p99.count)
    return perTrial < 1_000 ? "–" : NumberText.duration(Summary(rate.p99).mean)
  }

  private static func targets(_ result: SweepResult) -> String {
    guard !result.targets.isEmpty else { return "" }
    let threads = result.concurrencies
    var columns = TextColumns(["at recall"] + threads.map { "\($0) thread\($0 == 1 ? "" : "s")" })
    for target in result.targets {
      columns.add(
        ["\(target.recall)"]
          + threads.map { number in
            (target.rates[number] ?? nil).map { NumberText.significant($0) + "/s" } ?? "not reached"
          })
    }
    return columns.lines.joined(separator: "\n") + "\n"
  }

  static func csv(_ results: [SweepResult]) -> String {
    let head =
      "label,dataset,k,ef,threads,recall,recall_by_number,qps,qps_low,qps_high,p50_s,p99_s,"
      + "front,build_s,memory_bytes,file_bytes\n"
    let rows = results.flatMap { result in
      result.points.flatMap { point in
        point.rates.sorted { $0.key < $1.key }.map { threads, rate in
          let estimate = rate.estimate
          let cells: [String] = [
            quoted(result.label), quoted(result.dataset), "\(result.k)", "\(point.ef)",
            "\(threads)", "\(point.recall.byDistance)", "\(point.recall.byNumber)",
            "\(estimate.value)", estimate.interval.map { "\($0.low)" } ?? "",
            estimate.interval.map { "\($0.high)" } ?? "", "\(Summary(rate.p50).mean)",
            "\(Summary(rate.p99).mean)", rate.isOnFront ? "1" : "0", "\(result.build.seconds)",
            "\(result.build.memoryBytes)", "\(result.build.fileBytes)",
          ]
          return cells.joined(separator: ",") + "\n"
        }
      }
    }
    return head + rows.joined()
  }

  private static func quoted(_ text: String) -> String {
    text.contains { ",\"\n".contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
