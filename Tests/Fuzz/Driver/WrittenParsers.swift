import Reporting

@testable import Findings
@testable import Ledger
@testable import RunRecords

extension FuzzedParser {
  /// Files that people write by hand, and what our own reports leave behind.
  static let written: [FuzzedParser] = [
    FuzzedParser("rules") { bytes in
      let rules = try RulesFile(reading: bytes)
      let patterns = FramePatterns.with(rules)
      for name in ["", "a", "runtime.mallocgc", "(*Cache).Get"] {
        _ = patterns.groups(name: name, stem: name)
      }
    },
    FuzzedParser("targets") { bytes in
      _ = try TargetsFile(String(decoding: bytes, as: UTF8.self), name: "fuzz")
    },
    FuzzedParser("tracker") { bytes in
      let tracker = try TrackerParser.parse(String(decoding: bytes, as: UTF8.self), path: "fuzz")
      let text = tracker.fileText
      // What a program writes back must say the same.
      let again = try? TrackerParser.parse(text, path: "fuzz")
      precondition(again?.fileText == text)
      for entry in tracker.entries {
        let lines = Tracker.lines(of: entry.item).joined(separator: "\n")
        precondition((try? TrackerParser.parse("\(Tracker.firstLine)\n\(lines)", path: "")) != nil)
      }
      _ = TrackerMarkdown.render(tracker)
    },
    FuzzedParser("claims") { bytes in
      _ = ClaimBook.faults(in: String(decoding: bytes, as: UTF8.self))
    },
    FuzzedParser("counters") { bytes in
      let counters = try RunCounters.read(Scratch.file("counters.json", bytes))
      try RecordLimits.check(counters, path: "counters.json")
    },
    FuzzedParser("noise-record") { bytes in
      _ = try RecordJSON.decode(NoiseRecord.self, from: bytes, path: "noise.json")
    },
    FuzzedParser("disk-record") { bytes in
      _ = try RecordJSON.decode(DiskRecord.self, from: bytes, path: "disk.json")
    },
    FuzzedParser("baselines") { bytes in
      _ = try RecordJSON.decode(Baselines.self, from: bytes, path: "baselines.json")
    },
  ]
}
