/// The letters and numbers that Rust's names since 2020 are made of, read one after the other.
struct RustLetters {
  struct Malformed: Error {}

  private let bytes: [UInt8]
  /// Where the next letter stands; back-references count from the same start.
  var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  mutating func next() throws(Malformed) -> Character {
    guard let byte = peek else { throw Malformed() }
    place += 1
    return Character(Unicode.Scalar(byte))
  }

  mutating func eat(_ letter: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: letter) else { return false }
    place += 1
    return true
  }

  /// `_` is zero, `0_` one, `Z_` sixty-two.
  mutating func number62() throws(Malformed) -> UInt64 {
    if eat("_") { return 0 }
    var number: UInt64 = 0
    while !eat("_") {
      let digit: UInt64
      switch UInt8(ascii: try next().unicodeScalars.first ?? " ") {
      case let byte where (48...57).contains(byte): digit = UInt64(byte) - 48
      case let byte where (97...122).contains(byte): digit = UInt64(byte) - 97 + 10
      case let byte where (65...90).contains(byte): digit = UInt64(byte) - 65 + 36
      default: throw Malformed()
      }
      // The hash of a crate fills all 64 bits.
      let (high, isTooHigh) = number.multipliedReportingOverflow(by: 62)
      let (sum, isTooBig) = high.addingReportingOverflow(digit)
      guard !isTooHigh, !isTooBig, sum < .max - 1 else { throw Malformed() }
      number = sum
    }
    return number + 1
  }

  mutating func disambiguator() throws(Malformed) -> UInt64 {
    eat("s") ? try number62() + 1 : 0
  }

  mutating func identifier() throws(Malformed) -> String {
    let isEncoded = eat("u")
    var count = 0
    guard let first = peek, (48...57).contains(first) else { throw Malformed() }
    if !eat("0") {
      while let digit = peek, (48...57).contains(digit), count < 100_000 {
        count = count * 10 + Int(digit) - 48
        place += 1
      }
    }
    // Keeps a name that begins with a digit from the number before it.
    _ = eat("_")
    guard count <= bytes.count - place else { throw Malformed() }
    defer { place += count }
    let name = String(decoding: bytes[place..<(place + count)], as: UTF8.self)
    return isEncoded ? "punycode{\(name)}" : name
  }
}
