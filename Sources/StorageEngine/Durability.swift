/// What an acknowledgement promises.
///
/// `strict`: on disk. `relaxed`: handed to the kernel, on disk after at most so many milliseconds
/// or bytes. `none`: in memory; on disk at the next checkpoint or clean close, without a log.
package enum Durability: Hashable, Sendable, CustomStringConvertible {
  case strict
  case relaxed(milliseconds: Int, bytes: Int)
  case none

  package static let relaxed = Durability.relaxed(milliseconds: 200, bytes: 8 << 20)

  /// Reads `strict`, `none`, `relaxed` or `relaxed:MILLISECONDS:BYTES`.
  package init?(spelling: String) {
    let parts = spelling.split(separator: ":", omittingEmptySubsequences: false)
    switch (parts.first, parts.count) {
    case ("strict", 1): self = .strict
    case ("none", 1): self = .none
    case ("relaxed", 1): self = .relaxed
    case ("relaxed", 3):
      guard let time = Int(parts[1]), let bytes = Int(parts[2]), time > 0, bytes > 0 else {
        return nil
      }
      self = .relaxed(milliseconds: time, bytes: bytes)
    default: return nil
    }
  }

  package var description: String {
    switch self {
    case .strict: "strict"
    case .relaxed(let milliseconds, let bytes): "relaxed:\(milliseconds):\(bytes)"
    case .none: "none"
    }
  }
}

extension Durability: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Durability(spelling: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is not strict, relaxed or none")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
