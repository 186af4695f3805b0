import Basics
import Foundation
import TestSupport
import Testing

@testable import Sampling

struct ChromeTraceTests {
  @Test func `the file holds every slice, with its times to the nanosecond`() throws {
    let timeline = History(seed: 21).timeline
    let trace = try Trace(timeline)
    let spans = trace.events.filter { $0.ph == "X" && $0.cat != "phase" }
    #expect(spans.count == timeline.sliceCount)
    for (span, slice) in zip(spans, timeline.slices) {
      #expect(span.start == slice.start - timeline.start)
      #expect(span.duration == slice.end - slice.start)
      #expect(span.tid == Int(slice.tid) && span.pid == (slice.tid < 43 ? 40 : 45))
      #expect(span.args?["operation"]?.text == slice.operation)
      #expect(span.args?["waker_tid"]?.number == slice.wakerTid.map { Double($0) })
      #expect(span.cat == String(span.name.prefix { $0 != ":" }))
    }
  }

  @Test func `slices on a track follow each other and fill it as the ledger says`() throws {
    let history = History(seed: 22)
    let trace = try Trace(history.timeline)
    for (_, track) in Dictionary(grouping: trace.events.filter { $0.ph == "X" }, by: \.tid) {
      #expect(zip(track, track.dropFirst()).allSatisfy { $0.end <= $1.start })
    }
    let blocked = trace.events.filter { $0.cat == "blocked" }.reduce(0) { $0 + $1.duration }
    let slack = history.timeline.losses.mergedNanoseconds
    #expect(max(blocked, history.blocked) - min(blocked, history.blocked) <= slack)
  }

  @Test func `phases that overlap lie on tracks of their own, and counters have points`() throws {
    let trace = try Trace(History(seed: 23).timeline)
    let phases = trace.events.filter { $0.cat == "phase" }
    #expect(phases.map(\.name) == ["load", "measure", "inner"])
    #expect(phases[0].tid == phases[1].tid && phases[1].tid != phases[2].tid)
    #expect(phases[2].start == 6_000_000 && phases[2].duration == 1_000_000)
    let points = trace.events.filter { $0.ph == "C" }
    #expect(points.map { $0.args?["value"]?.number } == [0, -5])
    let names = trace.events.filter { $0.name == "thread_name" }.map { $0.args?["name"]?.text }
    #expect(
      names.prefix(6) == ["worker-0", "worker-1", "worker-2", "worker-3", "worker-4", "worker-5"])
  }

  @Test func `each event has a line of its own`() throws {
    let timeline = History(seed: 24).timeline
    let lines = try Trace(timeline).text.split(separator: "\n")
    #expect(lines.dropFirst().dropLast().allSatisfy { $0.hasPrefix("{\"ph\":") })
    #expect(lines.count > timeline.sliceCount)
  }

  @Test func `hostile names give a file that can be read`() throws {
    for name in HostileNames.all {
      let trace = try Trace(History(seed: 25, moments: 300, names: [name, name]).timeline)
      let shown = trace.events.first { $0.name == "thread_name" }?.args?["name"]?.text
      #expect(shown == TraceName.clean(name))
      #expect(trace.text.utf8.count < 1 << 20)
    }
    #expect(TraceName.clean(#"a "quoted\" name"#) == #"a "quoted\" name"#)
    #expect(TraceName.clean("line\nbreak\u{0}") == "line\u{FFFD}break\u{FFFD}")
  }

  @Test func `an empty timeline is a file too`() throws {
    let trace = try Trace(Timeline(start: 5, end: 5, processes: [], threads: []))
    #expect(trace.events.isEmpty)
  }

  @Test func `a timeline is written where it was asked for`() throws {
    let folder = try TemporaryDirectory("timeline")
    let timeline = History(seed: 26).timeline
    #expect(TimelineFile.Format.fitting(timeline) == .chrome)
    for format in TimelineFile.Format.allCases {
      let path = folder.file("trace.\(format.suffix)")
      try TimelineFile.write(timeline, to: path, as: format)
      #expect(try FileSystem.list(folder.path).contains("trace.\(format.suffix)"))
      #expect(!FileSystem.exists(path + ".tmp"))
    }
  }
}

/// What people may call threads and functions.
enum HostileNames {
  static let all = [
    #"quote " backslash \ slash / </script>"#, "control \u{0}\u{1}\n\r\t\u{1b}[31m\u{7f}\u{85}",
    String(decoding: [0x66, 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80], as: UTF8.self),
    String(repeating: "long", count: 16_384), String(repeating: "\u{301}", count: 32_768),
    "", "\u{2028}\u{FEFF}👩‍👩‍👧‍👦", "%s%n{{}}",
  ]
}

/// The JSON as a viewer would read it.
private struct Trace: Decodable {
  struct Event: Decodable {
    let ph: String
    let pid: Int
    let tid: Int?
    let name: String
    let cat: String?
    let ts: Double?
    let dur: Double?
    let args: [String: Value]?

    var start: UInt64 { UInt64(((ts ?? 0) * 1_000).rounded()) }
    var duration: UInt64 { UInt64(((dur ?? 0) * 1_000).rounded()) }
    var end: UInt64 { start + duration }
  }

  enum Value: Decodable {
    case text(String)
    case number(Double)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
  }

  let events: [Event]
  let text: String

  private enum CodingKeys: String, CodingKey { case events = "traceEvents" }

  init(from decoder: any Decoder) throws {
    events = try decoder.container(keyedBy: CodingKeys.self).decode([Event].self, forKey: .events)
    text = ""
  }

  init(_ timeline: Timeline) throws {
    var bytes: [UInt8] = []
    ChromeTrace.encode(timeline) { (piece) throws(Never) in bytes += piece }
    events = try JSONDecoder().decode(Trace.self, from: Data(bytes)).events
    text = try #require(String(validating: bytes, as: UTF8.self))
  }
}
