import Foundation

/// Other people's programs, used as oracles where they are installed.
package enum Tool {
  package static func path(of name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// What a command prints, or nil when it fails.
  package static func output(
    _ words: [String], environment: [String: String] = [:], in folder: String? = nil
  ) throws -> String? {
    let scratch = try TemporaryDirectory("tool")
    let file = scratch.file("out")
    _ = FileManager.default.createFile(atPath: file, contents: nil)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = folder.map { URL(filePath: $0) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: file)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return try String(contentsOfFile: file, encoding: .utf8)
  }
}
