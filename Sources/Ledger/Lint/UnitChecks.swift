/// Units that were mixed: sizes of 1,000 and 1,024, one operation and all of them, records and
/// calls, a latency and a throughput.
extension ClaimCheck {
  static let units = [bytes, perOperation, calls, reciprocal, bareCount]

  static let bytes = ClaimCheck(
    id: "units.bytes", title: "Two sizes are called equal and are not",
    explanation: "MB is 1,000,000 bytes and MiB 1,048,576; mixing them moves a figure by 2 to 5 %."
  ) { document in
    document.lines.compactMap { line in
      for (left, right) in zip(line.quantities, line.quantities.dropFirst()) {
        guard let one = left.bytes, let other = right.bytes, one > 0, other > 0,
          joins(line, left, right), !isProduct(line, left)
        else { continue }
        let ratio = max(one, other) / min(one, other)
        let room = left.relativeResolution + right.relativeResolution + 1e-9
        if abs(ratio - 1) <= room { continue }
        let isBinary = [1.024, 1.048576, 1.073741824].contains { abs(ratio / $0 - 1) <= room }
        return ClaimFault(
          "units.bytes", line, right,
          "The two sizes are \(ClaimText.number((ratio - 1) * 100)) % apart"
            + (isBinary ? ", as MB and MiB are." : "."))
      }
      return nil
    }
  }

  private static func joins(
    _ line: ClaimDocument.Line, _ left: Quantity, _ right: Quantity
  ) -> Bool {
    let between = line.text[left.end..<right.start]
    return between.contains("=") && between.allSatisfy { " =~".unicodeScalars.contains($0) }
  }

  /// `1000 × 128 × 4 bytes = 512 KB` says nothing about 4 bytes.
  private static func isProduct(_ line: ClaimDocument.Line, _ quantity: Quantity) -> Bool {
    let before = line.quantities.last { $0.end <= quantity.start }
    guard let before else { return false }
    let between = line.text[before.end..<quantity.start]
    return !between.contains { ",;:(|=".unicodeScalars.contains($0) }
  }

  static let perOperation = ClaimCheck(
    id: "units.per-operation", title: "A count for one operation is a thousandfold off",
    explanation: "The same count for the same operation differs by a power of a thousand: "
      + "millions were read as units."
  ) { document in
    let counts = document.lines.flatMap { line in
      line.quantities.compactMap { quantity in
        allocationsPerOperation(line, quantity) ? (line, quantity) : nil
      }
    }
    guard let largest = counts.max(by: { $0.1.value < $1.1.value })?.1 else { return [] }
    return counts.compactMap { line, count in
      guard count.value > 0 else { return nil }
      let ratio = largest.value / count.value
      let room = largest.relativeResolution + count.relativeResolution + 0.002
      guard [1e3, 1e6, 1e9].contains(where: { abs(ratio / $0 - 1) <= room }) else { return nil }
      return ClaimFault(
        "units.per-operation", line, count,
        "Elsewhere the same count is \(ClaimText.number(largest.value)): one of them is of "
          + "millions, or of something else than one operation.")
    }
  }

  private static func allocationsPerOperation(
    _ line: ClaimDocument.Line, _ quantity: Quantity
  ) -> Bool {
    if ["allocs/op", "allocations/op"].contains(quantity.unit) { return true }
    guard quantity.unit.hasPrefix("alloc") else { return false }
    return line.before(quantity, 24).contains("per operation")
      || line.before(quantity, 24).contains("per op:")
      || line.after(quantity, 24).hasPrefix(" per op")
  }

  static let calls = ClaimCheck(
    id: "units.records-as-calls", title: "Records a second are used as calls a second",
    explanation: "A call that takes a batch happens less often than its records arrive."
  ) { document in
    document.lines.compactMap { line in
      guard let records = line.quantities.first(where: \.isRecordRate),
        let calls = line.quantities.first(where: { $0.isCallRate && $0 != records }),
        calls.agrees(with: records.value, within: records.relativeResolution),
        !line.says("one record", "a record per", "1 record", "record each", "single-record")
      else { return nil }
      return ClaimFault(
        "units.records-as-calls", line, calls,
        "This is the rate of the records; how many records one call takes is not said.")
    }
  }

  static let reciprocal = ClaimCheck(
    id: "units.reciprocal-latency", title: "A throughput is one over a mean latency",
    explanation: "One client that waits for each answer shows a latency, not what the system takes."
  ) { document in
    document.sections.indices.flatMap { section -> [ClaimFault] in
      let lines = document.lines(of: section)
      let isHonest = lines.contains {
        $0.says(
          "one client", "single client", "1 client", "one at a time", "sequential", "one caller")
      }
      if isHonest { return [] }
      let means = lines.flatMap { line in
        line.quantities.filter { $0.seconds != nil && isMean(line, $0) }
      }
      return lines.compactMap { line in
        for rate in line.quantities where isRate(line, rate) && rate.low == rate.high {
          let mean = means.first { mean in
            guard let seconds = mean.seconds, seconds > 0, rate.value > 0 else { return false }
            let room = rate.relativeResolution + mean.relativeResolution + 0.001
            return abs(rate.value * seconds - 1) <= min(room, 0.006)
          }
          if mean != nil {
            return ClaimFault(
              "units.reciprocal-latency", line, rate,
              "It is one over the mean latency beside it: one client's pace, not a throughput.")
          }
        }
        return nil
      }
    }
  }

  private static func isMean(_ line: ClaimDocument.Line, _ quantity: Quantity) -> Bool {
    let before = line.before(quantity, 40)
    return ["avg", "mean", "average"].contains { before.contains($0) }
      || ["avg", "mean", "average"].contains {
        line.after(quantity, 10).trimmingSpaces.hasPrefix($0)
      }
  }

  private static func isRate(_ line: ClaimDocument.Line, _ quantity: Quantity) -> Bool {
    if quantity.isQueryRate { return true }
    let before = line.before(quantity, 20)
    return quantity.unit.isEmpty && (before.contains("qps") || before.contains("throughput"))
  }

  static let bareCount = ClaimCheck(
    id: "units.count-without-time", title: "A count is judged without a time or an operation",
    explanation: "Whether eight thousand are many depends on the seconds or the operations."
  ) { document in
    document.tables.flatMap { table -> [ClaimFault] in
      table.rows.compactMap { row in
        guard row.count >= 3, let label = row.first?.words, isCounted(label),
          let count = row[1].quantities.first, row[1].quantities.count == 1, count.unit.isEmpty,
          !row[1].words.contains("/"), row[1].words.first?.isNumber == true,
          let judgement = row.dropFirst(2).first(where: isJudged)
        else { return nil }
        return ClaimFault(
          "units.count-without-time", judgement,
          "\(row[0].text) are judged by their number alone; give them for a second or an operation."
        )
      }
    }
  }

  private static func isCounted(_ label: String) -> Bool {
    ["context switch", "page fault", "leaked", "system call", "syscalls"].contains {
      label.contains($0)
    } && !["/s", "per "].contains { label.contains($0) }
  }

  private static func isJudged(_ cell: ClaimDocument.Cell) -> Bool {
    ["low", "high", "excellent", "minor", "good", "no contention", "fine"].contains {
      cell.words.contains($0)
    }
  }
}

extension String {
  /// Without spaces in front.
  fileprivate var trimmingSpaces: Substring { drop { $0 == " " || $0 == ")" } }
}
