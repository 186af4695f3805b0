import Basics
import Glibc
import RunRecords

@testable import Measurement
@testable import Sampling
@testable import Workloads

extension FuzzedParser {
  /// Files of a run's folder, and what our own watchers leave behind.
  static let records: [FuzzedParser] = [
    FuzzedParser("run-record") { bytes in
      let record = try RecordJSON.decode(RunRecord.self, from: bytes, path: "run.json")
      for phase in record.phases { _ = phase.seconds }
      _ = try RecordJSON.encode(record, path: "run.json")
    },
    FuzzedParser("environment-record") { bytes in
      _ = EnvironmentClass(
        try RecordJSON.decode(EnvironmentRecord.self, from: bytes, path: "env.json"))
    },
    FuzzedParser("latency-log") { bytes in
      let intervals = try HistogramLog.intervals(in: String(decoding: bytes, as: UTF8.self))
      for interval in intervals { _ = interval.histogram.max }
    },
    FuzzedParser("responses") { bytes in
      guard let file = ResponseFile.decode(bytes) else { return }
      for parts in file.operations.values {
        for share in [0.01, 0.5, 1] { _ = parts.tail(share)?.sums.response }
        precondition((parts + parts).whole?.service == parts.whole.map { $0.service &* 2 })
      }
    },
    FuzzedParser("heap-recording") { bytes in
      _ = try HeapRecordingReader.read(bytes, .markers, images)
    },
    FuzzedParser("self-samples") { bytes in
      SelfSamples.each(in: bytes) { sample in _ = sample.record.registers.count }
    },
  ]

  static let images = ImageCache()

  static let datasets: [FuzzedParser] =
    VectorFileFormat.allCases.map { format in
      FuzzedParser(format.rawValue) { bytes in
        let path = try Scratch.file("rows.\(format.rawValue)", bytes)
        let file = try VectorFile(path)
        let rows = 0..<min(file.rows, 1_000)
        _ = try? file.integers(rows)
        _ = try file.floats(rows)
      }
    } + [
      FuzzedParser("dataset-meta") { bytes in
        _ = try Scratch.file("base.fvecs", [1, 0, 0, 0, 0, 0, 128, 63])
        _ = try Scratch.file("meta.json", bytes)
        _ = try DatasetFolder(Scratch.folder)
      }
    ]
}

/// Files in memory, for parsers that want a path.
enum Scratch {
  static let folder = "/dev/shm/vbench-fuzz-\(getpid())"

  static func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = "\(folder)/\(name)"
    let parent = path.split(separator: "/").dropLast().joined(separator: "/")
    if !FileSystem.exists("/" + parent) { try FileSystem.makeDirectory("/" + parent) }
    let file = try File(path, .create)
    try file.write(bytes)
    try file.truncate(to: bytes.count)
    return path
  }
}
