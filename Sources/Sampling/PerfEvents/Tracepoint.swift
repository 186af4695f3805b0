import Basics
import CPerfEvents
import Glibc

/// A tracepoint of the kernel: its number, and where the fields lie in its payload.
struct Tracepoint: Sendable {
  let number: UInt64
  private let offsets: [String: Int]

  /// Nil when the kernel does not have it or does not let us look.
  init?(_ name: String) {
    guard let number = Self.read("events/\(name)/id"), let id = UInt64(number.trimmed),
      let format = Self.read("events/\(name)/format")
    else { return nil }
    self.number = id
    offsets = Self.offsets(in: format)
  }

  init(number: UInt64, format: String) {
    self.number = number
    offsets = Self.offsets(in: format)
  }

  func offset(of field: String) -> Int? { offsets[field] }

  /// Reads lines such as `field:pid_t pid;  offset:24;  size:4;  signed:1;`.
  private static func offsets(in format: String) -> [String: Int] {
    var offsets: [String: Int] = [:]
    for line in format.split(separator: "\n") {
      let parts = line.split(separator: ";").map(\.trimmed)
      guard parts.count > 1, parts[0].hasPrefix("field:"), parts[1].hasPrefix("offset:"),
        let name = parts[0].split(separator: " ").last?.prefix(while: { $0 != "[" }),
        let offset = Int(parts[1].dropFirst("offset:".count))
      else { continue }
      offsets[String(name)] = offset
    }
    return offsets
  }

  /// From a mounted tracefs, or from one that we open for ourselves without mounting it.
  private static func read(_ path: String) -> String? {
    for root in ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"] {
      if let text = try? FileSystem.text(of: "\(root)/\(path)") { return text }
    }
    let folder = vb_tracefs_open()
    guard folder >= 0 else { return nil }
    defer { _ = close(folder) }
    return try? FileSystem.text(of: "/proc/self/fd/\(folder)/\(path)")
  }
}

extension StringProtocol {
  /// Without white space around it.
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
