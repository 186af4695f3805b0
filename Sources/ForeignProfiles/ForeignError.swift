package import Pprof

/// Why a file is not a profile that we can read; it reads on after the file's name.
package enum ForeignError: Error, Equatable, CustomStringConvertible {
  case empty
  case unknown(String)
  case pprof(ProfileError)
  case damagedCompression(String)
  case malformed(ForeignProfile.Format, Place, String)
  case beyondLimit(ForeignProfile.Format, String, Place, limit: Int, flag: String?)
  case unsupported(ForeignProfile.Format, String)
  /// A file that another tool left, which is no profile.
  case damagedReport(String, Place, String)

  /// Where in a file it happened: text has lines, binary files have fields, both have offsets.
  package enum Place: Sendable, Equatable, CustomStringConvertible {
    case line(Int, offset: Int)
    case field(String, offset: Int)

    package var description: String {
      switch self {
      case .line(let number, let offset): "line \(number) (byte \(offset))"
      case .field(let name, let offset): "\(name) at byte \(offset)"
      }
    }
  }

  package var description: String {
    switch self {
    case .empty: "is empty"
    case .unknown(let reason): "is no profile that vbench knows: \(reason)"
    case .pprof(let error): error.description
    case .damagedCompression(let reason): "is a damaged gzip file: \(reason)"
    case .malformed(let format, let place, let reason):
      "looks like \(format.words) and is malformed in \(place): \(reason)"
    case .beyondLimit(let format, let what, let place, let limit, let flag):
      "looks like \(format.words) and has more than \(limit) \(what) in \(place)"
        + (flag.map { "; raise \($0) if you trust it" } ?? "")
    case .unsupported(let format, let reason): "is \(format.words) \(reason)"
    case .damagedReport(let tool, let place, let reason):
      "looks like \(tool) and is malformed in \(place): \(reason)"
    }
  }
}
