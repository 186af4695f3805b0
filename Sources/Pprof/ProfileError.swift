/// Why a file is not a profile that we can read.
package enum ProfileError: Error, Equatable, CustomStringConvertible {
  case unreadable(String)
  case empty
  case notAProfile(String)
  case damagedCompression(String)
  case malformed(field: String, offset: Int, String)
  case beyondLimit(field: String, offset: Int, limit: Int, flag: String)
  case inconsistent(String)
  case concatenated
  case incompatible(String)

  package var description: String {
    switch self {
    case .unreadable(let reason): "cannot be read: \(reason)"
    case .empty: "is empty"
    case .notAProfile(let reason): "is not a pprof profile: \(reason)"
    case .damagedCompression(let reason): "is a damaged gzip file: \(reason)"
    case .malformed(let field, let offset, let reason):
      "is malformed in \(field) at byte \(offset): \(reason)"
    case .beyondLimit(let field, let offset, let limit, let flag):
      "has more than \(limit) in \(field) at byte \(offset); raise \(flag) if you trust it"
    case .inconsistent(let reason): "contradicts itself: \(reason)"
    case .concatenated: "holds several profiles one after another; split them first"
    case .incompatible(let reason): "does not fit the others: \(reason)"
    }
  }
}

/// What a profile may ask of us before we say no.
package struct ProfileLimits: Sendable {
  package var uncompressedBytes = 512 << 20
  /// How many times larger than the file the profile may be, once it passes `freeBytes`.
  package var expansion = 200
  package var freeBytes = 64 << 20
  /// How much the decoded profile may weigh in memory for each byte of the file, at least 64 MiB.
  package var memoryPerByte = 60
  package var samples = 50_000_000
  package var strings = 10_000_000
  package var stringBytes = 64 << 10
  package var stackDepth = 4_096
  package var labelsPerSample = 256

  package init() {}

  package static let standard = ProfileLimits()
}
