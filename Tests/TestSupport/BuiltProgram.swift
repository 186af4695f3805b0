import Foundation

/// The program under test, as `swift build` left it beside the tests, run like a user runs it.
package enum BuiltProgram {
  /// The release program when there is one, because that is what users run.
  package static let path: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return ["release", "debug"].map { root.appending(path: ".build/\($0)/vbench").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  package struct Run: Sendable {
    package let status: Int32
    package let output: String
    package let errors: String
  }

  /// Runs it to its end.
  ///
  /// Both streams are collected in files, so that a chatty child never blocks.
  package static func run(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    through launcher: [String] = []
  ) throws -> Run {
    guard let path else { throw Missing() }
    let scratch = try TemporaryDirectory("run")
    let streams = ["out", "err"].map { scratch.file($0) }
    for stream in streams { _ = FileManager.default.createFile(atPath: stream, contents: nil) }
    let words = launcher + [path] + arguments
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = folder.map { URL(filePath: $0) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: streams[0])
    process.standardError = FileHandle(forWritingAtPath: streams[1])
    try process.run()
    process.waitUntilExit()
    let texts = try streams.map { try String(contentsOfFile: $0, encoding: .utf8) }
    let status =
      process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
    return Run(status: status, output: texts[0], errors: texts[1])
  }

  package struct Missing: Error, CustomStringConvertible {
    package var description: String { "the program is not built: run `swift build -c release`" }
  }
}
