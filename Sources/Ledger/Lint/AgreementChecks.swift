/// Two values for one thing.
extension ClaimCheck {
  static let agreement = [twoValues, mixedData]

  static let twoValues = ClaimCheck(
    id: "agreement.two-values", title: "One quantity has two values",
    explanation: "Two figures for one thing that differ by more than their digits: one is wrong."
  ) { document in
    let facts = LabeledFact.all(in: document)
    var faults: [ClaimFault] = []
    for (index, fact) in facts.enumerated() {
      guard
        let first = facts[..<index].first(where: { other in
          other.isSame(as: fact) && !other.agrees(with: fact)
        })
      else { continue }
      faults.append(
        ClaimFault(
          "agreement.two-values", fact.line, fact.quantity,
          "Line \(first.line.number) has \(ClaimText.number(first.quantity.value))"
            + "\(first.quantity.unit) for the same."))
    }
    return faults
  }

  static let mixedData = ClaimCheck(
    id: "agreement.mixed-data", title: "Figures of different data stand side by side",
    explanation: "Counters of one collection explain nothing about the speed of another."
  ) { document in
    let header = document.lines.first { line in
      line.says("workload", "dataset", "configuration")
        && line.quantities.contains { $0.unit.hasPrefix("vector") || $0.unit.hasPrefix("row") }
    }
    guard let header,
      let size = header.quantities.first(where: {
        $0.unit.hasPrefix("vector") || $0.unit.hasPrefix("row")
      })
    else { return [] }
    return document.lines.compactMap { line in
      guard line.number != header.number, line.kind != .fenced else { return nil }
      for quantity in line.quantities
      where ["benchmark", "baseline", "dataset"].contains(quantity.unit) {
        let before = line.before(quantity, 8)
        let isOther = abs(quantity.value / size.value - 1) > 0.01
        guard isOther, before.hasSuffix("from ") || before.hasSuffix("of ") else { continue }
        return ClaimFault(
          "agreement.mixed-data", line, quantity,
          "The document is about \(ClaimText.number(size.value)) \(size.unit) (line "
            + "\(header.number)); this figure is of \(ClaimText.number(quantity.value)).")
      }
      return nil
    }
  }
}

/// `Ratio: 0.73x`, or a row `Compression Ratio | 0.71x` of a table of current values.
private struct LabeledFact {
  let line: ClaimDocument.Line
  let quantity: Quantity
  let label: Set<String>
  /// With the words of the heading it stands under.
  let context: Set<String>

  static func all(in document: ClaimDocument) -> [LabeledFact] {
    let notes = document.lines.compactMap { note($0, in: document) }
    let cells = document.tables.flatMap { table -> [LabeledFact] in
      guard
        let column = table.column(where: {
          ["value", "current", "measured", "result", "now", "actual"].contains($0)
        })
      else { return [] }
      return table.rows.compactMap { row in
        guard column > 0, row.indices.contains(column),
          let quantity = row[column].quantities.first
        else { return nil }
        return make(row[0].words, document.lines[row[column].line - 1], quantity, document)
      }
    }
    return (notes + cells).sorted { $0.line.number < $1.line.number }
  }

  /// A label of at most four words, a colon, and at once a number.
  private static func note(
    _ line: ClaimDocument.Line, in document: ClaimDocument
  ) -> LabeledFact? {
    guard line.kind != .row, let quantity = line.quantities.first,
      let colon = line.text.firstIndex(of: ":"), colon < quantity.start,
      line.text[(colon + 1)..<quantity.start].allSatisfy({ " ~+".unicodeScalars.contains($0) })
    else { return nil }
    let label = ClaimDocument.Line.string(line.text[..<colon]).lowercased()
    let isHope = [
      "expected", "target", "goal", "run ", "before", "after", "baseline", "max", "min",
    ]
    .contains { label.contains($0) || document.sections[line.section].path.contains($0) }
    return isHope ? nil : make(label, line, quantity, document)
  }

  private static func make(
    _ label: String, _ line: ClaimDocument.Line, _ quantity: Quantity, _ document: ClaimDocument
  ) -> LabeledFact? {
    let words = ClaimText.names(label)
    guard (1...4).contains(words.count), quantity.isFactor, !quantity.isLimit,
      quantity.low == quantity.high
    else { return nil }
    return LabeledFact(
      line: line, quantity: quantity, label: words,
      context: words.union(ClaimText.names(document.sections[line.section].heading)))
  }

  /// The labels are equal, or the heading fills what the shorter one leaves out.
  func isSame(as other: LabeledFact) -> Bool {
    guard quantity.unit == other.quantity.unit else { return false }
    if label == other.label { return true }
    let (shorter, longer) = label.count < other.label.count ? (self, other) : (other, self)
    return !shorter.label.isDisjoint(with: longer.label)
      && longer.label.isSubset(of: shorter.context)
  }

  func agrees(with other: LabeledFact) -> Bool {
    let (one, two) = (quantity, other.quantity)
    return abs(one.value - two.value)
      <= one.resolution + two.resolution + 0.01 * max(one.value, two.value)
  }
}
