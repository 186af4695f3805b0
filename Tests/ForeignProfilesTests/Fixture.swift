import Basics
import Foundation
import Pprof
import TestSupport

@testable import ForeignProfiles

/// Files that other tools wrote, and short ways to ask about what became of them.
enum Fixture {
  static let formats: [(name: String, format: ForeignProfile.Format)] = [
    ("perf.data", .perfData), ("perf_piped.data", .perfData), ("perf_script.txt", .perfScript),
    ("gperftools.cpu", .gperftoolsCPU), ("gperftools.heap", .heapText),
    ("jemalloc.heap", .jemallocHeap), ("go_heap.txt", .heapText),
    ("go_goroutine.txt", .goCount), ("go_threadcreate.txt", .goCount),
    ("go_mutex.txt", .contentionText), ("go_block.txt", .contentionText),
    ("go_heap.pprof", .pprof),
  ]

  static func path(_ name: String) -> String { "\(Golden.fixtures)/foreign/\(name)" }

  static func bytes(_ name: String) throws -> [UInt8] {
    try FileSystem.contents(of: path(name))
  }

  static func profile(_ name: String) throws -> Profile {
    try ForeignProfile.read(bytes(name), name: name).profile
  }
}

func read(_ text: String) throws -> Profile {
  try ForeignProfile.read(Array(text.utf8), name: "text").profile
}

/// The sentence of the error that reading ends with; nil when it does not.
func refusal(_ bytes: [UInt8], limits: ProfileLimits = .standard) -> String? {
  do {
    _ = try ForeignProfile.read(bytes, name: "text", limits: limits)
    return nil
  } catch { return "\(error)" }
}

extension Profile {
  func index(_ type: String) -> Int { sampleTypes.firstIndex { $0.type == type } ?? -1 }

  func total(_ type: String) -> Int64 {
    samples.reduce(0) { $0 + $1.values[index(type)] }
  }

  /// The names of a sample's functions, the leaf first.
  func stack(_ sample: Sample) -> [String] {
    sample.locations.flatMap { location in
      locations[Int(location)].lines.map { functions[Int($0.function)].name }
    }
  }

  var stacks: [[String]] { samples.map { stack($0) } }

  /// What each leaf function costs, when some functions do not count as leaves.
  func flat(
    _ type: String, skipping isSkipped: (String) -> Bool = { _ in false }
  ) -> [String: Int64] {
    samples.reduce(into: [:]) { sums, sample in
      let value = sample.values[index(type)]
      if value != 0 { sums[stack(sample).first { !isSkipped($0) } ?? "", default: 0] += value }
    }
  }
}
