/// Judgements that the figures beside them do not carry.
extension ClaimCheck {
  static let judgements = [fewRuns, missRatio, headroom, toy, unmeasuredLock]

  private static let calm = ["stable", "normal", "reproducible", "consistent"]

  static let fewRuns = ClaimCheck(
    id: "judgements.few-runs", title: "Two or three runs are called stable",
    explanation: "From fewer than four runs a spread cannot be told: it is unknown, not small."
  ) { document in
    let rows = document.tables.flatMap { table -> [ClaimFault] in
      let runs = table.header.filter { isRun($0.words) }.count
      guard (2...3).contains(runs) else { return [] }
      return table.rows.compactMap { row in
        row.first { cell in isCalm(cell.words) && !isRun(cell.words) }.map { cell in
          ClaimFault(
            "judgements.few-runs", cell,
            "\(runs) runs cannot tell whether \(row[0].text) is \(word(cell.words)).")
        }
      }
    }
    let sentences = document.lines.compactMap { line -> ClaimFault? in
      let isFew = isFew(line.words) || isFew(document.sections[line.section].path)
      switch line.kind {
      case .heading, .row, .blank, .fenced: return nil
      default: break
      }
      guard isFew, isCalm(line.words),
        !line.says("cannot", "unknown", "not enough", "too few", "unstable")
      else { return nil }
      return ClaimFault("judgements.few-runs", line, "So few runs cannot tell that.")
    }
    return rows + sentences
  }

  private static func isRun(_ words: String) -> Bool {
    let rest = words.hasPrefix("run ") ? words.dropFirst(4) : words.dropFirst(words.count)
    return !rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isNumber }
  }

  private static func isCalm(_ words: String) -> Bool {
    calm.contains { words.contains($0) } && !words.contains("unstable")
      && !words.contains("cannot tell")
  }

  private static func word(_ words: String) -> String {
    calm.first { words.contains($0) } ?? "stable"
  }

  private static func isFew(_ words: String) -> Bool {
    ["two runs", "three runs", "2 runs", "3 runs", "n=2", "n = 2", "n=3", "n = 3", "both runs"]
      .contains { words.contains($0) }
      && !["12 runs", "13 runs", "22 runs", "32 runs", "23 runs", "33 runs"]
        .contains { words.contains($0) }
  }

  static let missRatio = ClaimCheck(
    id: "judgements.miss-ratio",
    title: "A miss ratio is called critical without misses per operation",
    explanation: "A ratio is no cost: few accesses that often miss may cost nothing."
  ) { document in
    if document.says("misses per", "mpki", "misses/op", "misses a search") { return [] }
    return document.tables.flatMap(\.rows).compactMap { row in
      guard row.count >= 3, row[0].words.contains("cache miss"),
        row[1].quantities.contains(where: \.isPercent),
        let cell = row.dropFirst(2).first(where: {
          ["very high", "critical", "poor"].contains(where: $0.words.contains)
        })
      else { return nil }
      return ClaimFault(
        "judgements.miss-ratio", cell, "How many misses one operation makes is not said.")
    }
  }

  static let headroom = ClaimCheck(
    id: "judgements.recall-headroom", title: "Perfect recall is praised and not read as room",
    explanation: "Recall of 1.000 says that a narrower search may do: speed is being left."
  ) { document in
    let isRead = document.says("head-room", "headroom", "narrower", "lower ef", "smaller ef")
    if isRead { return [] }
    return document.lines.compactMap { line in
      guard line.says("recall"), line.says("positive", "verified", "perfect", "excellent", "✅"),
        let recall = line.quantities.first(where: {
          ($0.isPercent && $0.low >= 99.95)
            || ($0.unit.isEmpty && $0.low == 1 && $0.resolution < 0.01)
        })
      else { return nil }
      return ClaimFault(
        "judgements.recall-headroom", line, recall,
        "Nothing is gained above the recall that is needed; a smaller ef was not tried.")
    }
  }

  static let toy = ClaimCheck(
    id: "judgements.toy-data",
    title: "A collection of a few hundred vectors stands for a large one",
    explanation: "Below a thousand vectors an exact scan is faster than any graph."
  ) { document in
    if document.says("brute force", "brute-force", "flat scan", "exact scan", "toy") { return [] }
    return document.lines.compactMap { line in
      guard line.says("dataset="), line.kind != .fenced,
        let size = line.quantities.first(where: { line.before($0, 8) == "dataset=" }),
        size.value > 0, size.value < 1_000
      else { return nil }
      return ClaimFault(
        "judgements.toy-data", line, size,
        "With \(ClaimText.number(size.value)) vectors nothing about an index can be learned.")
    }
  }

  static let unmeasuredLock = ClaimCheck(
    id: "judgements.unmeasured-lock",
    title: "A lock is called the bottleneck and no wait was measured",
    explanation: "Only waiting shows contention; a lock that nobody waits for costs nothing."
  ) { document in
    document.lines.compactMap { line in
      let section = document.sections[line.section].path
      guard line.says("primary bottleneck", "main bottleneck", "is the bottleneck"),
        line.says("lock") || section.contains("lock "), line.kind != .fenced,
        !document.lines(of: line.section).contains(where: isWaitMeasured)
      else { return nil }
      return ClaimFault(
        "judgements.unmeasured-lock", line, "How long anybody waits for the lock is not said.")
    }
  }

  private static func isWaitMeasured(_ line: ClaimDocument.Line) -> Bool {
    line.says("wait", "delay", "blocked", "contend")
      && line.quantities.contains { $0.isPercent || $0.seconds != nil }
  }
}
