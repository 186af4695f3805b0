import Findings

/// Each finding with all it rests on, then waits, fixes, and what was not found.
enum DeepDiveMarkdown {
  static func render(_ report: FindingsReport) -> String {
    let blocks =
      report.findings.filter { $0.severity > .info }.map(finding) + [
        chain(report), wasted(report), systemCalls(report), fixes(report), notEvaluable(report),
        clean(report),
      ]
    return FindingsMarkdown.section("Deep Dive", blocks.filter { !$0.isEmpty })
  }

  private static func finding(_ finding: Finding) -> String {
    var parts = [
      "### \(finding.id) \(finding.severity.rawValue.uppercased()) (confidence \(finding.confidence.rawValue)): \(MarkdownText.prose(finding.title))",
      "Rule \(finding.rule); confidence: \(MarkdownText.sentence(finding.confidenceReason)).",
      "Evidence:\n\n" + finding.evidence.map(item).joined(separator: "\n"),
      "Means:\n\n" + finding.means.map { "- \(MarkdownText.prose($0))" }.joined(separator: "\n"),
      "Does not mean: \(MarkdownText.prose(finding.doesNotMean))",
    ]
    if !finding.ruledOut.isEmpty {
      parts.append(
        "Ruled out:\n\n"
          + finding.ruledOut.map { "- \(MarkdownText.prose($0))" }.joined(separator: "\n"))
    }
    if !finding.recommendations.isEmpty {
      parts.append("Do:\n\n" + finding.recommendations.map(advice).joined(separator: "\n"))
    }
    parts.append(BoundText.long(finding.gain))
    parts.append("Verify: passes when \(MarkdownText.prose(finding.verify.passes)).")
    parts.append("Refuted by: \(MarkdownText.prose(finding.falsifier))")
    parts += (finding.tracker ?? []).map {
      "Tracker: \($0.item) is \($0.state): \(MarkdownText.sentence($0.title))."
    }
    parts.append(commands(finding))
    return parts.joined(separator: "\n\n")
  }

  private static func item(_ item: EvidenceItem) -> String {
    let words = ([item.source.file, item.source.field] + item.source.filters).filter { !$0.isEmpty }
    // The column is among the filters already, as -sample_index.
    let source = words.filter { $0 != item.source.field || item.source.command == nil }
    return
      "- \(MarkdownText.prose(item.statement)) — \(source.map { MarkdownText.code($0) }.joined(separator: " "))"
  }

  private static func advice(_ advice: Recommendation) -> String {
    "- \(MarkdownText.sentence(advice.action)). Effort \(advice.effort.rawValue), risk: \(MarkdownText.sentence(advice.risk))."
  }

  private static func commands(_ finding: Finding) -> String {
    var lines: [String] = []
    for item in finding.evidence {
      for command in [item.source.command, item.source.pprofCommand].compactMap({ $0 })
      where !lines.contains(command) {
        lines.append(command)
      }
    }
    return MarkdownText.fenced(lines + finding.verify.commands)
  }

  private static func chain(_ report: FindingsReport) -> String {
    guard !report.latencyChain.isEmpty else { return "" }
    let lines = report.latencyChain.enumerated().map {
      "\($0.offset + 1). \(MarkdownText.prose($0.element))"
    }
    return "### End-to-End Latency Chain\n\n" + lines.joined(separator: "\n")
  }

  // MARK: Waits

  private static func systemCalls(_ report: FindingsReport) -> String {
    guard !report.systemCalls.isEmpty else { return "" }
    var table = MarkdownTable("Call", "Made by", "Role", "Operation", "CPU", "Waiting", "n")
    for row in report.systemCalls {
      table.add(
        MarkdownText.code(row.call, inTable: true), MarkdownText.code(row.owner, inTable: true),
        MarkdownText.code(row.role, inTable: true),
        row.operation.map { MarkdownText.code($0, inTable: true) } ?? "–",
        row.cpuSamples > 0 ? Wording.seconds(row.cpuSeconds) : "–",
        row.waits > 0 ? Wording.seconds(row.waitSeconds) : "–",
        "\(Wording.count(row.cpuSamples)) + \(Wording.count(row.waits))")
    }
    return "### System Calls, And Who Makes Them\n\n" + table.text
      + "\n\n*n* is CPU samples + waits; the wait for a core is left out."
  }

  private static func wasted(_ report: FindingsReport) -> String {
    guard !report.waits.isEmpty else { return "" }
    var table = MarkdownTable("Nature", "Role", "Operation", "Waits for", "In", "Time", "Count")
    for row in report.waits {
      table.add(
        word(row.nature), MarkdownText.code(row.role, inTable: true),
        row.operation.map { MarkdownText.code($0, inTable: true) } ?? "–",
        MarkdownText.code(row.waitClass, inTable: true),
        MarkdownText.code(row.owner, inTable: true),
        "\(Wording.seconds(row.seconds)) (\(Wording.percent(row.share)))", Wording.count(row.count))
    }
    return "### What Is Wasted And What Is Necessary\n\n" + table.text
  }

  private static func word(_ nature: WaitNature) -> String {
    switch nature {
    case .wasted: "wasted: kept from its work"
    case .necessary: "necessary"
    case .idle: "idle: nothing to do"
    case .unknown: "cannot tell"
    }
  }

  // MARK: Fixes

  private static func fixes(_ report: FindingsReport) -> String {
    let findings = report.findings.filter { !$0.recommendations.isEmpty }
    guard !findings.isEmpty else { return "" }
    var table = MarkdownTable("Fix", "For", "Bound", "Effort", "Risk", "Verify")
    for finding in findings {
      for advice in finding.recommendations {
        table.add(
          MarkdownText.sentence(advice.action, inTable: true), finding.id,
          BoundText.short(finding.gain), advice.effort.rawValue,
          MarkdownText.sentence(advice.risk, inTable: true),
          finding.verify.commands.first.map { MarkdownText.code($0, inTable: true) } ?? "–")
      }
    }
    let joint =
      switch report.jointBound {
      case .bound(let low, let high, _, let basis):
        "All CPU findings together: capacity at most +\(Wording.interval(low, high)) (\(MarkdownText.sentence(basis))). Bounds overlap; they are not added."
      case .notBounded(let reason): "There is no joint bound: \(MarkdownText.sentence(reason))."
      }
    return "### Targeted Fixes\n\n" + table.text + "\n\n" + joint
  }

  // MARK: Not found

  private static func notEvaluable(_ report: FindingsReport) -> String {
    let gates = report.gates.filter { $0.state == .notEvaluable }.map {
      ("\($0.id) \($0.title)", MarkdownText.prose($0.observation))
    }
    let rules = report.notEvaluable.map {
      ("\($0.rule) \($0.title)", MarkdownText.sentence($0.reason))
    }
    let suppressed = report.suppressed.map {
      ("\($0.rule) \($0.title)", "suppressed, because gate \($0.gate) fails")
    }
    return "### What Could Not Be Evaluated\n\n" + byReason(gates + rules + suppressed)
  }

  /// One line for each reason, with all that it kept from being evaluated.
  private static func byReason(_ items: [(String, String)]) -> String {
    var reasons: [String] = []
    var subjects: [String: [String]] = [:]
    for (subject, reason) in items {
      if subjects[reason] == nil { reasons.append(reason) }
      if subjects[reason]?.contains(subject) != true {
        subjects[reason, default: []].append(subject)
      }
    }
    return reasons.map { "- \(subjects[$0]?.joined(separator: ", ") ?? ""): \($0)." }
      .joined(separator: "\n")
  }

  private static func clean(_ report: FindingsReport) -> String {
    guard !report.clean.isEmpty else { return "" }
    return "### Checked And Clean\n\n"
      + report.clean.map { "- \($0.rule) \($0.title): \(MarkdownText.prose($0.observation))." }
      .joined(separator: "\n")
  }
}
