import Findings

/// The tracker as a file: a line for each fact, an empty line between items.
///
/// ```
/// vbench-tracker 1
///
/// item T1 Choose the kernel by what the processor can do
/// state done 2026-11-21
/// asked Profiles/portable V2 engine/search Scalar kernel: 80.1 % of the CPU of search
/// base Profiles/portable sha256:…
/// new Profiles/automatic sha256:…
/// claim capacity better +231.20% (+207.40% .. +255.00%)
/// ```
///
/// Lines that begin with `#` are comments and stay where they are.
extension Tracker {
  package var fileText: String {
    var blocks = [[Self.firstLine]]
    for entry in entries {
      if let source = entry.source, source.item == entry.item {
        blocks.append(entry.comments + source.lines)
      } else {
        blocks.append(entry.comments + Self.lines(of: entry.item))
      }
    }
    if !tail.isEmpty { blocks.append(tail) }
    return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  static func lines(of item: TrackedItem) -> [String] {
    var lines = ["item \(item.id) \(item.title)", "state \(item.state.rawValue) \(item.since)"]
    if let reason = item.reason { lines.append("reason \(reason)") }
    lines += item.asked.map { asked in
      let words = [asked.run, asked.key.rule, asked.key.place].map(TrackerText.word)
      return "asked \(words.joined(separator: " ")) \(TrackerText.sentence(asked.title))"
    }
    if let proof = item.proof { lines += Self.lines(of: proof) }
    lines += item.history.map { "was \($0)" }
    return lines
  }

  private static func lines(of proof: Proof) -> [String] {
    func run(_ name: String, _ run: Proof.Run) -> String {
      "\(name) \(TrackerText.word(run.path)) \(TrackerText.word(run.digest))"
    }
    return proof.base.map { run("base", $0) } + proof.new.map { run("new", $0) }
      + proof.allowed.map { "allow \(TrackerText.word($0))" } + proof.claims.map(line(of:))
  }

  private static func line(of claim: Proof.Claim) -> String {
    "claim \(TrackerText.word(claim.metric)) \(claim.verdict.rawValue) \(claim.change.signed) "
      + "(\(claim.low.signed) .. \(claim.high.signed))"
      + (claim.detectable.map { " sees \($0.magnitude)" } ?? "")
  }
}
