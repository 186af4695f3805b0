import Basics
import Foundation
import Pprof
import Sampling
import TestSupport
import Vocabulary

/// A program that ran with the shim in it, and what was recorded.
struct HeapVictim {
  /// By the name of the number: what the program says about itself.
  let truth: [String: UInt64]
  let folder: TemporaryDirectory
  let recordings: [HeapRecording]

  /// Whether the library was built; the reason is printed when not.
  static let isPossible: Bool = {
    if HeapShim.path != nil { return true }
    print("skipped: \(HeapShim.fileName) is not beside the tests; run `swift build`")
    return false
  }()

  /// Runs one mode of the victim.
  init(_ mode: String, mean: Int, seed: Int = 20_26) throws {
    let program = try TortureProgram.victim()
    try self.init([program, mode], mean: mean, seed: seed)
  }

  init(_ words: [String], mean: Int, seed: Int = 20_26) throws {
    folder = try TemporaryDirectory("heap")
    let output = folder.file("output")
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    let records = folder.file("records")
    try FileManager.default.createDirectory(atPath: records, withIntermediateDirectories: true)
    var variables = HeapShim.environment(folder: records, mean: mean) ?? [:]
    variables["VBENCH_HEAP_SEED"] = "\(seed)"
    let process = Process()
    process.executableURL = URL(filePath: words[0])
    process.arguments = Array(words.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    truth = try Self.truth(in: String(contentsOfFile: output, encoding: .utf8))
    let images = ImageCache()
    recordings = try HeapRecordingReader.files(in: records).map {
      try HeapRecordingReader.read(file: $0, images: images)
    }
  }

  /// Of lines `done name=number …`.
  private static func truth(in output: String) -> [String: UInt64] {
    var truth: [String: UInt64] = [:]
    for line in output.split(separator: "\n") where line.hasPrefix("done ") {
      for pair in line.dropFirst(5).split(separator: " ") {
        let parts = pair.split(separator: "=")
        truth[String(parts[0]), default: 0] += UInt64(parts[1]) ?? 0
      }
    }
    return truth
  }

  /// The recording with the most in it: the program's own, when it was started by others.
  var main: HeapRecording? { recordings.max { $0.summary.samples < $1.summary.samples } }
}

extension HeapRecording {
  /// A column of all profiles, of the samples that have a function with this in its name.
  func sum(_ type: String, under name: String) -> Double {
    profiles.reduce(0) { sum, recorded in
      let profile = recorded.profile
      guard let column = profile.sampleTypes.firstIndex(where: { $0.type == type }) else {
        return sum
      }
      let matching = profile.samples.filter { sample in
        sample.locations.contains { location in
          profile.locations[Int(location)].lines.contains {
            profile.functions[Int($0.function)].name.contains(name)
          }
        }
      }
      return sum + matching.reduce(0) { $0 + Double($1.values[column]) }
    }
  }
}

/// Programs beside the tests, and one in C that is compiled here.
enum TortureProgram {
  static func victim() throws -> String {
    let beside = Bundle.main.bundleURL.deletingLastPathComponent().appending(path: "Victim").path
    return FileManager.default.fileExists(atPath: beside) ? beside : "\(root)/.build/debug/Victim"
  }

  /// Compiles Tests/Fixtures/heap/torture.c; nil, with a printed reason, without a compiler.
  static func compiled(in folder: TemporaryDirectory) throws -> String? {
    guard let compiler = ["cc", "clang", "gcc"].lazy.compactMap(Tool.path).first else {
      print("skipped: there is no C compiler (cc, clang, gcc)")
      return nil
    }
    let program = folder.file("torture")
    let words = [
      compiler, "-O1", "-fno-builtin", "-funwind-tables", "-pthread", "-o", program,
      "\(Golden.fixtures)/heap/torture.c", "-ldl",
    ]
    guard try Tool.output(words) != nil else {
      print("skipped: \(compiler) cannot compile torture.c")
      return nil
    }
    return program
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
