/// Names a table of vectors by its shape and every component, in whatever format it lies.
///
/// Each step is a bijection of the state and of what it reads, so a change of one component always
/// changes the digest. It guards against the wrong file, not against a forger.
package struct ContentDigest: Sendable {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  package init(dimensions: Int) { mix(UInt64(dimensions)) }

  package mutating func update(_ values: [Float]) {
    for value in values { mix(UInt64(value.bitPattern)) }
  }

  package mutating func update(_ numbers: [Int]) {
    for number in numbers { mix(UInt64(bitPattern: Int64(number))) }
  }

  private mutating func mix(_ word: UInt64) {
    state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
    state = state << 29 | state >> 35
  }

  package var text: String {
    let digits = String((state ^ (state >> 32)) &* 0xD6E8_FEB8_6659_FD93, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Of a whole file, read piece by piece.
  package static func of(_ file: borrowing VectorFile) throws(DatasetError) -> String {
    var digest = ContentDigest(dimensions: file.dimensions)
    for start in stride(from: 0, to: file.rows, by: file.rowsPerPiece) {
      let piece = start..<min(start + file.rowsPerPiece, file.rows)
      if file.format == .ivecs || file.format == .ibin {
        digest.update(try file.integers(piece))
      } else {
        digest.update(try file.unchecked(piece))
      }
    }
    return digest.text
  }
}
