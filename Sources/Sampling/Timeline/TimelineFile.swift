package import Basics

/// Writes a timeline for a viewer: ui.perfetto.dev or chrome://tracing.
package enum TimelineFile {
  package enum Format: String, Sendable, CaseIterable {
    /// JSON that both viewers read, 100 to 125 bytes a slice.
    case chrome
    /// Protobuf for Perfetto, 30 to 40 bytes a slice.
    case perfetto

    /// JSON while a browser can hold it.
    package static func fitting(_ timeline: Timeline) -> Format {
      timeline.sliceCount <= 200_000 ? .chrome : .perfetto
    }

    /// What viewers expect a file to be called.
    package var suffix: String {
      switch self {
      case .chrome: "json"
      case .perfetto: "pftrace"
      }
    }
  }

  /// Writes aside and renames, so that a reader never sees half a file.
  package static func write(
    _ timeline: Timeline, to path: String, as format: Format
  ) throws(SystemError) {
    let temporary = path + ".tmp"
    do throws(SystemError) {
      try fill(temporary, with: timeline, as: format)
      try FileSystem.rename(temporary, to: path)
    } catch {
      try? FileSystem.remove(temporary)
      throw error
    }
  }

  private static func fill(
    _ path: String, with timeline: Timeline, as format: Format
  ) throws(SystemError) {
    let file = try File(path, .create)
    let give = { (bytes: [UInt8]) throws(SystemError) in try file.write(bytes) }
    switch format {
    case .chrome: try ChromeTrace.encode(timeline, give)
    case .perfetto: try PerfettoTrace.encode(timeline, give)
    }
    // What the disk refuses shows here and not when the file is closed.
    try file.synchronize()
  }
}

/// Collects bytes and hands them on in pieces.
struct ByteBatch<Failure: Error> {
  var bytes: [UInt8] = []
  private let give: ([UInt8]) throws(Failure) -> Void

  init(_ give: @escaping ([UInt8]) throws(Failure) -> Void) { self.give = give }

  /// Hands on what is there once it is worth a call.
  mutating func pass() throws(Failure) { if bytes.count >= 1 << 18 { try flush() } }

  mutating func flush() throws(Failure) {
    try give(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
