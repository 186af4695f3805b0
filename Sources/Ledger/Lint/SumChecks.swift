/// Parts that do not make their whole, and parts of a part that are called parts of the whole.
extension ClaimCheck {
  static let sums = [tree, sum, parent]

  static let tree = ClaimCheck(
    id: "sums.tree", title: "A level of a tree does not add up to the row above it",
    explanation: "What a reader cannot add up, nobody has added up."
  ) { document in
    var faults: [ClaimFault] = []
    for node in TimeTree.nodes(of: document) {
      let shares = node.children.compactMap(\.share)
      guard shares.count == node.children.count, shares.count > 1, let whole = node.share else {
        continue
      }
      let sum = shares.reduce(0) { $0 + $1.signedValue }
      let room = (shares + [whole]).reduce(0.05) { $0 + $1.quantity.resolution }
      if abs(sum - whole.signedValue) > room {
        faults.append(
          ClaimFault(
            "sums.tree", node.line, whole.quantity,
            "The rows below add up to \(ClaimText.number(sum)) %, not to "
              + "\(ClaimText.number(whole.signedValue)) %."))
      }
    }
    return faults
  }

  static let sum = ClaimCheck(
    id: "sums.over-100", title: "Own costs of one profile add up to more than 100 %",
    explanation: "Every sample has one leaf, so flat costs cannot exceed the profile."
  ) { document in
    var faults: [ClaimFault] = []
    var total = 0.0
    var room = 0.0
    for line in document.lines {
      let share = line.quantities.first(where: \.isPercent)
      let isFlat = line.says("flat") && !line.says("flat profile", "cumulative")
      guard case .item = line.kind, isFlat, let share else {
        if line.kind != .blank { (total, room) = (0, 0) }
        continue
      }
      total += share.low
      room += share.resolution
      if total > 100 + room, total - share.low <= 100 + room {
        faults.append(
          ClaimFault(
            "sums.over-100", line, share,
            "The flat shares of this list add up to \(ClaimText.number(total)) %."))
      }
    }
    return faults + sumColumn(document)
  }

  /// The `sum%` of a table as pprof prints it.
  private static func sumColumn(_ document: ClaimDocument) -> [ClaimFault] {
    document.tables.flatMap { table -> [ClaimFault] in
      guard let column = table.column(where: { $0 == "sum%" || $0 == "sum %" }) else { return [] }
      return table.rows.compactMap { row in
        guard row.indices.contains(column), let share = row[column].quantities.first,
          share.low > 100 + share.resolution
        else { return nil }
        return ClaimFault("sums.over-100", row[column], "A running sum of shares exceeds 100 %.")
      }
    }
  }

  static let parent = ClaimCheck(
    id: "sums.share-of-parent", title: "A share of a part is called a share of the whole",
    explanation: "`a / b` is a share of whatever b is a share of; naming the whole inflates it."
  ) { document in
    document.lines.compactMap { line in
      guard let found = ShareOfShare.find(in: line), found.whole < 99.5,
        !found.isNamed(in: document)
      else { return nil }
      return ClaimFault(
        "sums.share-of-parent", line, found.share,
        "\(ClaimText.number(found.part)) / \(ClaimText.number(found.whole)) is a share of what has "
          + "\(ClaimText.number(found.whole)) %; of the whole it is "
          + "\(ClaimText.number(found.part)) %.")
    }
  }
}

/// A tree drawn with lines, each with its share.
struct TimeTree {
  struct Share {
    let quantity: Quantity
    let isNegative: Bool
    var signedValue: Double { isNegative ? -quantity.value : quantity.value }
  }

  struct Node {
    let line: ClaimDocument.Line
    let depth: Int
    let share: Share?
    var children: [Node] = []
  }

  /// Every node that has children.
  static func nodes(of document: ClaimDocument) -> [Node] {
    var found: [Node] = []
    var stack: [Node] = []
    func close(to depth: Int) {
      while let last = stack.last, last.depth >= depth {
        stack.removeLast()
        if !last.children.isEmpty { found.append(last) }
      }
    }
    for line in document.lines {
      guard line.kind == .fenced, let node = node(line) else {
        // A line that only goes on with the one above it does not end the tree.
        if line.kind != .fenced || !line.text.contains("│") { close(to: -1) }
        continue
      }
      close(to: node.depth)
      if !stack.isEmpty { stack[stack.count - 1].children.append(node) }
      stack.append(node)
    }
    close(to: -1)
    return found
  }

  private static func node(_ line: ClaimDocument.Line) -> Node? {
    let mark = line.text.firstIndex { $0 == "├" || $0 == "└" }
    guard let share = line.quantities.first(where: \.isPercent) else {
      return mark.map { Node(line: line, depth: $0, share: nil) }
    }
    let lead = line.text[..<share.start].last { $0 != " " }
    let isNegative = lead == "-" || lead == "−"
    let isFirst = line.text[..<share.start].allSatisfy { " │├└─-−~".unicodeScalars.contains($0) }
    guard mark != nil || isFirst else { return nil }
    return Node(
      line: line, depth: mark ?? -1, share: Share(quantity: share, isNegative: isNegative))
  }
}

/// `93.6 % of ingestion time (78.4 / 83.7)`.
private struct ShareOfShare {
  let share: Quantity
  let part: Double
  let whole: Double
  let of: String

  static func find(in line: ClaimDocument.Line) -> ShareOfShare? {
    for (index, share) in line.quantities.enumerated() where share.isPercent {
      guard line.quantities.count > index + 2 else { return nil }
      let (part, whole) = (line.quantities[index + 1], line.quantities[index + 2])
      let between = ClaimDocument.Line.string(line.text[part.end..<whole.start])
      let words = ClaimDocument.Line.string(line.text[share.end..<part.start])
      guard between.contains("/"), words.contains("("), words.lowercased().hasPrefix(" of"),
        whole.value > part.value, whole.value > 0,
        abs(100 * part.value / whole.value - share.value) <= 2 * share.resolution + 0.05
      else { continue }
      return ShareOfShare(share: share, part: part.value, whole: whole.value, of: words)
    }
    return nil
  }

  /// Whether the words name what has the larger share.
  func isNamed(in document: ClaimDocument) -> Bool {
    let ours = ClaimText.names(of)
    return document.lines.contains { line in
      line.quantities.contains { quantity in
        quantity.isPercent && quantity.agrees(with: whole)
          && !ClaimText.names(line.after(quantity, 60)).isDisjoint(with: ours)
          && quantity != share
      }
    }
  }
}

/// Small things that several checks say or look up.
enum ClaimText {
  /// At most three digits behind the point, none that says nothing.
  static func number(_ value: Double) -> String {
    let scaled = (abs(value) * 1_000).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let whole = Int(scaled)
    var fraction = String(whole % 1_000)
    fraction = String(repeating: "0", count: 3 - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return (value < 0 ? "-" : "") + "\(whole / 1_000)" + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  private static let common: Set<String> = [
    "the", "time", "total", "cpu", "all", "whole", "for", "with", "and", "in",
  ]

  /// The words of a text that name something.
  static func names(_ text: String) -> Set<String> {
    let words = text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }
    return Set(words.map(String.init).filter { $0.count > 2 && !common.contains($0) })
  }
}
