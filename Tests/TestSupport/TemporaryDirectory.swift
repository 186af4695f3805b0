import Foundation

/// A folder of a test's own, removed when the value goes away.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package init(_ name: String = "test") throws {
    let parent = FileManager.default.temporaryDirectory.path
    path = "\(parent)/vbench-\(name)-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func file(_ name: String) -> String { "\(path)/\(name)" }
}
