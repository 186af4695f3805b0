/// Claims that name nothing they rest on.
extension ClaimCheck {
  static let evidence = [
    doneWithoutProof, expectedGain, targets, causeBeforeProfile, unlistedProfile, bareShares,
  ]

  static let doneWithoutProof = ClaimCheck(
    id: "evidence.done", title: "Something is done and nobody measured it",
    explanation: "Without a figure and the runs it comes from, what helped cannot be told from "
      + "what did not."
  ) { document in
    document.lines.indices.compactMap { index in
      let line = document.lines[index]
      guard isDone(line, in: document) else { return nil }
      let block = [line] + nested(under: index, in: document)
      let hasFigure = block.contains { !$0.quantities.filter(isMeasure).isEmpty }
      let hasSource = block.contains { hasEvidence($0) }
      if hasFigure, hasSource { return nil }
      return ClaimFault(
        "evidence.done", line,
        hasFigure
          ? "The gain names no run that shows it." : "It has neither a measured gain nor a run.")
    }
  }

  private static func isDone(_ line: ClaimDocument.Line, in document: ClaimDocument) -> Bool {
    guard case .item(let indent) = line.kind, indent == 0 else { return false }
    if line.words.hasPrefix("- [x]") { return !isAccepted(line, document) }
    let heading = document.sections[line.section].heading
    return heading == "done" || heading == "completed"
  }

  /// What was accepted as it is claims no gain.
  private static func isAccepted(_ line: ClaimDocument.Line, _ document: ClaimDocument) -> Bool {
    document.sections[line.section].heading.contains("accepted")
  }

  private static func nested(
    under index: Int, in document: ClaimDocument
  ) -> [ClaimDocument.Line] {
    Array(
      document.lines[(index + 1)...].prefix { line in
        switch line.kind {
        case .item(let indent): indent > 0
        case .heading: false
        case .blank: true
        default: line.raw.hasPrefix(" ")
        }
      })
  }

  private static func isMeasure(_ quantity: Quantity) -> Bool {
    quantity.isPercent || quantity.isFactor || quantity.seconds != nil || quantity.isQueryRate
  }

  private static func hasEvidence(_ line: ClaimDocument.Line) -> Bool {
    line.says("profiles/", "sha256:", "vbench compare", "benchstat", "run:", "runs/", "http")
  }

  static let expectedGain = ClaimCheck(
    id: "evidence.expected-gain", title: "An expected gain is neither measured nor bounded",
    explanation: "A gain is a bound, computed from a share, or a measurement; a hope is neither."
  ) { document in
    document.lines.compactMap { line in
      switch line.kind {
      case .row, .fenced, .blank: return nil
      default: break
      }
      let isHope = line.says(
        "expected gain", "expected impact", "expected improvement", "expected speedup",
        "(expected ")
      guard isHope, !line.says("bound", "measured", "at most", "amdahl"), !hasEvidence(line),
        let gain = line.quantities.first(where: { $0.isPercent || $0.isFactor })
      else { return nil }
      return ClaimFault(
        "evidence.expected-gain", line, gain,
        "Say the bound and the share it comes from, or the comparison that measured it.")
    }
  }

  static let targets = ClaimCheck(
    id: "evidence.target-source", title: "A target names no source",
    explanation: "A gap to a number that nobody can look up says nothing."
  ) { document in
    document.tables.compactMap { table in
      guard
        let column = table.column(where: { ["expected", "target", "goal"].contains($0) }),
        table.column(where: { $0 == "current" || $0 == "measured" || $0 == "now" }) != nil
      else { return nil }
      let source = table.column { words in
        ["source", "from", "basis", "reference", "why"].contains { words.hasPrefix($0) }
      }
      if let source {
        let empty = table.rows.first { row in
          !row.indices.contains(source) || ["", "-", "–", "none"].contains(row[source].words)
        }
        return empty.map {
          ClaimFault(
            "evidence.target-source", $0[min(column, $0.count - 1)], "Its source is empty.")
        }
      }
      return ClaimFault(
        "evidence.target-source", table.header[column],
        "No column says where the targets come from.")
    }
  }

  static let causeBeforeProfile = ClaimCheck(
    id: "evidence.cause-before-profile", title: "Causes are named before anything was profiled",
    explanation: "Profiling stands on the list of things to do, and the causes are already told."
  ) { document in
    guard document.says("root cause") else { return [] }
    return document.lines.compactMap { line in
      guard line.words.hasPrefix("- [ ] profile") else { return nil }
      return ClaimFault(
        "evidence.cause-before-profile", line, "Root causes are named above, without a profile.")
    }
  }

  static let unlistedProfile = ClaimCheck(
    id: "evidence.unlisted-profile", title: "A profile is cited that no command shows",
    explanation: "Whoever repeats the commands does not see what the text speaks of."
  ) { document in
    let isCommand = { (line: ClaimDocument.Line) in line.says("pprof -", "vbench ", "perf report") }
    let shown = document.lines.filter(isCommand).map(\.words).joined(separator: "\n")
    if !shown.contains(".pprof") { return [] }
    var told: Set<String> = []
    return document.lines.flatMap { line -> [ClaimFault] in
      let heading = ClaimText.names(document.sections[line.section].path)
      if isCommand(line) || heading.contains("collected") || heading.contains("files") { return [] }
      return pprofNames(line.words).filter { name in
        !shown.contains(name) && told.insert(name).inserted
      }.map { name in
        ClaimFault("evidence.unlisted-profile", line, "No command of the document shows \(name).")
      }
    }
  }

  private static func pprofNames(_ words: String) -> [String] {
    words.split { !($0.isLetter || $0.isNumber || "._-/".contains($0)) }.map(String.init)
      .filter { $0.hasSuffix(".pprof") && $0.count > 6 }
      .map { $0.split(separator: "/").last.map(String.init) ?? $0 }
  }

  static let bareShares = ClaimCheck(
    id: "evidence.bare-shares", title: "Shares without samples, seconds or operations",
    explanation: "21 % of what, from how many samples? Nine samples make any share."
  ) { document in
    let shares = document.lines.filter { $0.says("% flat") || $0.says("% cumulative") }
    let counted = document.lines.contains { line in
      line.says(" n = ", "(n = ", " n=", "(n=")
        || line.quantities.contains { $0.unit.hasPrefix("sample") }
    }
    guard shares.count >= 3, !counted, let first = shares.first else { return [] }
    return [
      ClaimFault(
        "evidence.bare-shares", first,
        "The document says nowhere how many samples its shares are of.")
    ]
  }
}
