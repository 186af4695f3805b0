import Foundation

/// Texts kept beside the tests, named by the question they answer.
///
/// `VBENCH_REFRESH_GOLDEN=1` rewrites them; a person then reads the difference.
package enum Golden {
  package static let isRefreshing =
    ProcessInfo.processInfo.environment["VBENCH_REFRESH_GOLDEN"] == "1"

  /// The kept text, after replacing it when asked to.
  package static func text(
    _ name: String, current: @autoclosure () throws -> String, beside file: String = #filePath
  ) throws -> String {
    let path = URL(filePath: file).deletingLastPathComponent().appending(path: "Golden/\(name)")
    if isRefreshing {
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try current().write(to: path, atomically: true, encoding: .utf8)
    }
    return try String(contentsOf: path, encoding: .utf8)
  }

  /// The folder of binary fixtures that all tests share.
  package static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures").path
}
