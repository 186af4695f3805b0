/// How vectors lie in a file.
///
/// ```
/// fvecs ivecs bvecs   per row: Int32 dimensions, then as many Float, Int32 or UInt8
/// fbin  ibin          Int32 rows, Int32 dimensions, then all rows of Float or Int32
/// npy                 a text header (see NumpyHeader), then all rows
/// ```
///
/// All numbers are little-endian. The ending of a file's name says which it is, because the first
/// five have no magic word.
package enum VectorFileFormat: String, Codable, Sendable, CaseIterable {
  case fvecs, ivecs, bvecs, fbin, ibin, npy

  package init?(path: String) {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }

  /// What it holds; nil where the file says so itself.
  var element: VectorElement? {
    switch self {
    case .fvecs, .fbin: .float32
    case .ivecs, .ibin: .int32
    case .bvecs: .uint8
    case .npy: nil
    }
  }

  /// Whether each row repeats its own length.
  var repeatsDimensions: Bool { self == .fvecs || self == .ivecs || self == .bvecs }
}

/// One component as it lies in a file.
package enum VectorElement: String, Codable, Sendable {
  case float32, float64, int32, int64, uint8, int8

  package var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .uint8, .int8: 1
    }
  }

  package var isInteger: Bool { self != .float32 && self != .float64 }
}
