import Basics
import Testing

@testable import Sampling

struct PerfettoTraceTests {
  @Test func `the packets give every slice back`() throws {
    let timeline = History(seed: 31).timeline
    let trace = try PerfettoReader(timeline)
    let threads = trace.tracks.filter { $0.tid != nil }
    #expect(threads.map(\.tid) == timeline.threads.map { $0.tid })
    #expect(threads.map(\.name) == timeline.threads.map(\.name))
    for track in threads {
      let expected = timeline.slices.filter { $0.tid == track.tid }
      #expect(track.slices.count == expected.count)
      for (found, slice) in zip(track.slices, expected) {
        #expect(found.start == slice.start && found.end == slice.end)
        #expect(found.operation == slice.operation)
        #expect(found.waker == slice.wakerTid.map { UInt64($0) })
        #expect(found.name.hasPrefix(found.category))
      }
    }
  }

  @Test func `blocked slices add up to what the wait ledger says`() throws {
    let history = History(seed: 32)
    let trace = try PerfettoReader(history.timeline)
    let blocked = trace.tracks.flatMap(\.slices).filter { $0.category == "blocked" }
      .reduce(UInt64(0)) { $0 + $1.end - $1.start }
    let slack = history.timeline.losses.mergedNanoseconds
    #expect(max(blocked, history.blocked) - min(blocked, history.blocked) <= slack)
  }

  @Test func `the process owns its threads, its phases and its counters`() throws {
    let trace = try PerfettoReader(History(seed: 33).timeline)
    let process = try #require(trace.tracks.first)
    #expect(process.name == "victim" && process.pid == 40)
    let other = trace.tracks[1]
    #expect(other.name == "client" && other.pid == 45)
    for track in trace.tracks.dropFirst(2) {
      #expect(track.parent == ((track.tid ?? 0) < 43 ? process.number : other.number))
    }
    let phases = trace.tracks.filter { $0.name == "phases" }
    #expect(phases.map { $0.slices.map(\.name) } == [["load", "measure"], ["inner"]])
    #expect(phases[1].slices[0].end - phases[1].slices[0].start == 1_000_000)
    let counter = try #require(trace.tracks.first { $0.name == "depth" })
    #expect(counter.points.map(\.value) == [0, -5])
    #expect(counter.points.map(\.time) == [History.start + 10, History.start + 20])
  }

  @Test func `what the picture leaves out stands in it`() throws {
    let timeline = History(seed: 36).timeline
    let losses = timeline.losses
    let slice = try #require(
      PerfettoReader(timeline).tracks.first { $0.name == "left out" }?.slices.first)
    #expect(losses.mergedSlices > 0)
    #expect(slice.numbers["merged_slices"] == UInt64(losses.mergedSlices))
    #expect(slice.numbers["merged_ns"] == losses.mergedNanoseconds)
    #expect(slice.numbers["dropped_slices"] == 0)
    #expect(slice.start == timeline.start && slice.end == timeline.end)
    let whole = Timeline(start: 1, end: 2, processes: [], threads: [])
    #expect(try PerfettoReader(whole).tracks.isEmpty)
  }

  @Test func `a slice takes some thirty bytes`() {
    let timeline = History(seed: 34, moments: 200_000).timeline
    let size = PerfettoReader.bytes(timeline).count
    let perSlice = Double(size) / Double(timeline.sliceCount)
    #expect(perSlice < 48, "\(perSlice) bytes a slice")
  }

  @Test func `hostile names give a file that can be read`() throws {
    for name in HostileNames.all {
      let trace = try PerfettoReader(History(seed: 35, moments: 300, names: [name, name]).timeline)
      #expect(trace.tracks.first { $0.tid != nil }?.name == TraceName.clean(name))
    }
  }
}
