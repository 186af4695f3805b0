/// Gains that cannot be: added, multiplied, or larger than the part they come from.
extension ClaimCheck {
  static let gains = [combined, chained, beyondShare, beyondPart, promise]

  static let combined = ClaimCheck(
    id: "gains.combined", title: "Gains are added or multiplied",
    explanation: "Two items may claim the same time; together they gain at most the bound of their "
      + "union."
  ) { document in
    let single = Gain.all(in: document).filter { !$0.isCombined }
    return document.lines.compactMap { line in
      guard Gain.isCombined(line), !line.says("joint", "union", "measured", "at most", "not add")
      else { return nil }
      for total in line.quantities {
        guard let range = Gain.range(of: total, in: line) else { continue }
        let before = single.filter { $0.line < line.number }
        if let how = Gain.composition(of: range, from: before) {
          return ClaimFault(
            "gains.combined", line, total,
            "It is the \(how.word) of \(how.count) gains that may claim the same time; "
              + "give the bound of their union.")
        }
      }
      return nil
    }
  }

  static let chained = ClaimCheck(
    id: "gains.chained", title: "Each projection starts where the one before it ended",
    explanation: "A table whose base is the last row's hope multiplies gains without saying so."
  ) { document in
    document.tables.compactMap { table in
      guard let base = table.column(where: { $0.hasPrefix("base") || $0.hasPrefix("before") }),
        let hoped = table.column(where: {
          $0.hasPrefix("expected") || $0.hasPrefix("projected") || $0.hasPrefix("after")
        })
      else { return nil }
      for (above, row) in zip(table.rows, table.rows.dropFirst()) {
        guard row.indices.contains(max(base, hoped)), above.indices.contains(hoped),
          let start = row[base].quantities.first, let end = above[hoped].quantities.first,
          let first = above[base].quantities.first, start.value != first.value,
          end.low > 0, abs(start.low / end.low - 1) < 1e-9
        else { continue }
        return ClaimFault(
          "gains.chained", row[base],
          "This base is what the row above hopes for: the gains are multiplied.")
      }
      return nil
    }
  }

  static let beyondShare = ClaimCheck(
    id: "gains.beyond-share", title: "A gain is larger than the share it comes from allows",
    explanation: "Without a part p, at most 1/(1 − p) − 1 is gained (Amdahl)."
  ) { document in
    document.lines.compactMap { line in
      guard let share = line.quantities.first(where: { $0.isPercent && isShare(line, $0) }),
        share.value < 95,
        let gain = line.quantities.first(where: {
          $0.isPercent && $0.start > share.start && Gain.isGain(line, $0)
        })
      else { return nil }
      let p = (share.high + share.resolution) / 100
      let bound = 100 * (1 / (1 - p) - 1)
      guard gain.low - gain.resolution > bound else { return nil }
      return ClaimFault(
        "gains.beyond-share", line, gain,
        "Without \(ClaimText.number(share.value)) % at most +\(ClaimText.number(bound)) % is gained."
      )
    }
  }

  private static func isShare(_ line: ClaimDocument.Line, _ quantity: Quantity) -> Bool {
    let after = line.after(quantity, 20)
    return !quantity.hasPlus
      && [" of the ", " of cpu", " of all", " of its", " of time", " of total"].contains {
        after.hasPrefix($0)
      }
  }

  static let beyondPart = ClaimCheck(
    id: "gains.beyond-part", title: "What is temporary is too little for the gain",
    explanation: "Pooling can save the temporary part and no more."
  ) { document in
    guard let part = PartOfTotal.find(in: document) else { return [] }
    let bound = 100 * (1 / (1 - part.share) - 1)
    return document.lines.compactMap { line in
      guard part.isAbout(line, in: document),
        let gain = line.quantities.first(where: { $0.isPercent && Gain.isGain(line, $0) }),
        gain.low - gain.resolution > 1.5 * bound
      else { return nil }
      return ClaimFault(
        "gains.beyond-part", line, gain,
        "\(part.name) are \(ClaimText.number(part.share * 100)) % of all, so pooling them cannot "
          + "give more than \(ClaimText.number(bound)) %.")
    }
  }

  static let promise = ClaimCheck(
    id: "gains.beyond-promise", title: "The projection exceeds what the summary promised",
    explanation: "A document that promises one range and projects another cannot mean both."
  ) { document in
    let promised = document.lines.first { line in
      line.says("optimizations", "improvements") && line.says("expected")
        && line.quantities.contains(where: \.isPercent)
    }
    guard let promised, let range = promised.quantities.first(where: \.isPercent) else { return [] }
    return document.lines.compactMap { line in
      guard line.number > promised.number, line.says("cumulative", "in total", "overall", "target"),
        let total = line.quantities.first(where: \.isFactor),
        (total.low - total.resolution - 1) * 100 > range.high
      else { return nil }
      return ClaimFault(
        "gains.beyond-promise", line, total,
        "Line \(promised.number) promises at most \(ClaimText.number(range.high)) %.")
    }
  }
}

/// A gain that somebody expects, in percent.
struct Gain {
  let low: Double
  let high: Double
  let resolution: Double
  let line: Int
  let isCombined: Bool

  static func all(in document: ClaimDocument) -> [Gain] {
    document.lines.compactMap { line in
      guard let gain = line.quantities.first(where: { $0.isPercent && isGain(line, $0) }) else {
        return nil
      }
      return Gain(
        low: gain.low, high: gain.high, resolution: gain.resolution, line: line.number,
        isCombined: isCombined(line))
    }
  }

  static func isGain(_ line: ClaimDocument.Line, _ quantity: Quantity) -> Bool {
    if quantity.hasPlus { return true }
    let after = line.after(quantity, 22)
    let words = ["improve", "reduction", "faster", "gain", "speedup", "speed-up", "combined"]
    if words.contains(where: { after.contains($0) }) { return true }
    let before = line.before(quantity, 40)
    return [
      "expected gain", "expected impact", "expected improvement", "gain:", "gains ", "brings ",
    ]
    .contains { before.contains($0) }
  }

  static func isCombined(_ line: ClaimDocument.Line) -> Bool {
    line.says("combined", "cumulative", "together", "in total", "overall")
      || (line.says("target") && line.says("→", "->"))
  }

  /// A total as percent: `15-30% combined`, `1.49x improvement`.
  static func range(of quantity: Quantity, in line: ClaimDocument.Line) -> Gain? {
    if quantity.isPercent {
      return Gain(
        low: quantity.low, high: quantity.high, resolution: quantity.resolution,
        line: line.number, isCombined: true)
    }
    guard quantity.isFactor, quantity.low > 1 else { return nil }
    return Gain(
      low: (quantity.low - 1) * 100, high: (quantity.high - 1) * 100,
      resolution: quantity.resolution * 100, line: line.number, isCombined: true)
  }

  /// Whether a total is the sum or the product of neighbors among the gains above it.
  static func composition(of total: Gain, from gains: [Gain]) -> (word: String, count: Int)? {
    let gains = gains.suffix(12).map { $0 }
    for start in gains.indices {
      for count in 2...5 where start + count <= gains.count {
        let parts = gains[start..<start + count]
        let room = total.resolution + parts.reduce(0.01) { $0 + min($1.resolution, 0.25) }
        let sums = (parts.reduce(0) { $0 + $1.low }, parts.reduce(0) { $0 + $1.high })
        if matches(total, sums, room) { return ("sum", count) }
        let low = parts.reduce(1) { $0 * (1 + $1.low / 100) }
        let high = parts.reduce(1) { $0 * (1 + $1.high / 100) }
        if matches(total, ((low - 1) * 100, (high - 1) * 100), room) { return ("product", count) }
      }
    }
    return nil
  }

  private static func matches(
    _ total: Gain, _ ends: (Double, Double), _ room: Double
  ) -> Bool {
    abs(total.low - ends.0) <= room && abs(total.high - ends.1) <= room
  }
}

/// `Total Allocations | 7,325,297` beside `Temporary Allocations | 53,966`.
private struct PartOfTotal {
  let name: String
  let noun: String
  let share: Double

  static func find(in document: ClaimDocument) -> PartOfTotal? {
    let rows = document.tables.flatMap(\.rows).compactMap { row -> (String, Double)? in
      guard row.count > 1, let count = row[1].quantities.first, count.unit.isEmpty else {
        return nil
      }
      return (row[0].words, count.value)
    }
    guard let whole = rows.first(where: { $0.0.hasPrefix("total alloc") }),
      let part = rows.first(where: { $0.0.hasPrefix("temporary alloc") }),
      part.1 > 0, whole.1 > part.1
    else { return nil }
    return PartOfTotal(
      name: "Temporary allocations", noun: "alloc", share: part.1 / whole.1)
  }

  func isAbout(_ line: ClaimDocument.Line, in document: ClaimDocument) -> Bool {
    line.says(noun) || document.sections[line.section].heading.contains(noun)
  }
}
