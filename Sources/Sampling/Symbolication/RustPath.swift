/// Reads the linker's names of Rust since 2020, as RFC 2603 describes them.
///
/// A name is a tree written in order, each node with a letter in front; a back-reference is the
/// place of a node that was written before:
///
///     _R Nv C 4core 5write      core::write         N path in a name space, C crate
///     _R Nv M C1a S h 3len      <[u8]>::len         M methods of a type, S slice, h u8
///     _R I … h j E              …::<u8, usize>      I generic arguments up to E
///
/// Damaged names may nest, repeat and refer without end: depth, steps and length are limited.
struct RustPath {
  private struct Malformed: Error {}

  private static let depthMax = 128
  private static let stepsMax = 20_000
  private static let lengthMax = 16_384

  private let bytes: [UInt8]
  private var place = 0
  private var text = ""
  private var isSilent = false
  private var depth = 0
  private var steps = 0
  /// How many lifetimes `for<'a, 'b>` around this place has named.
  private var lifetimes: UInt64 = 0

  /// The path as people write it, without the hashes of crates; nil when it is none.
  static func demangled(_ mangled: String) -> String? {
    // A digit would be the version of a later scheme.
    guard mangled.hasPrefix("_R"), mangled.utf8.allSatisfy({ $0 < 128 }) else { return nil }
    var reader = RustPath(bytes: Array(mangled.utf8.dropFirst(2)))
    return try? reader.whole()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func whole() throws(Malformed) -> String {
    try path(asValue: true)
    if let letter = peek, (65...90).contains(letter) {
      // The crate that asked for this copy.
      isSilent = true
      try path(asValue: false)
    }
    // Behind a dot stands what later tools made of the function.
    guard peek == nil || peek == UInt8(ascii: ".") || peek == UInt8(ascii: "$") else {
      throw Malformed()
    }
    return text
  }

  // MARK: - Paths

  private mutating func path(asValue: Bool) throws(Malformed) {
    try enter()
    defer { depth -= 1 }
    switch try next() {
    case "C":
      _ = try disambiguator()
      write(try identifier())
    case "N": try nested(asValue)
    case "M": try implementation(hasPath: true, hasTrait: false)
    case "X": try implementation(hasPath: true, hasTrait: true)
    case "Y": try implementation(hasPath: false, hasTrait: true)
    case "I":
      try path(asValue: asValue)
      write(asValue ? "::<" : "<")
      try arguments()
      write(">")
    case "B": try backward { reader throws(Malformed) in try reader.path(asValue: asValue) }
    default: throw Malformed()
    }
  }

  private mutating func nested(_ asValue: Bool) throws(Malformed) {
    let space = try next()
    try path(asValue: asValue)
    let number = try disambiguator()
    let name = try identifier()
    if space.isUppercase {
      let kind = space == "C" ? "closure" : space == "S" ? "shim" : String(space)
      write("::{\(kind)\(name.isEmpty ? "" : ":")\(name)#\(number)}")
    } else if !name.isEmpty {
      write("::\(name)")
    }
  }

  private mutating func implementation(hasPath: Bool, hasTrait: Bool) throws(Malformed) {
    if hasPath {
      // Where the implementation stands says nothing that its type does not.
      _ = try disambiguator()
      let wasSilent = isSilent
      isSilent = true
      try path(asValue: false)
      isSilent = wasSilent
    }
    write("<")
    try type()
    if hasTrait {
      write(" as ")
      try path(asValue: false)
    }
    write(">")
  }

  /// Generic arguments up to the end of the list.
  private mutating func arguments() throws(Malformed) {
    try list { reader throws(Malformed) in
      if reader.eat("L") {
        try reader.lifetime(try reader.number62())
      } else if reader.eat("K") {
        try reader.constant()
      } else {
        try reader.type()
      }
    }
  }

  // MARK: - Types

  private static let basic: [Character: String] = [
    "a": "i8", "b": "bool", "c": "char", "d": "f64", "e": "str", "f": "f32", "h": "u8",
    "i": "isize", "j": "usize", "l": "i32", "m": "u32", "n": "i128", "o": "u128", "p": "_",
    "s": "i16", "t": "u16", "u": "()", "v": "...", "x": "i64", "y": "u64", "z": "!",
  ]

  private mutating func type() throws(Malformed) {
    try enter()
    defer { depth -= 1 }
    let letter = try next()
    if let name = Self.basic[letter] { return write(name) }
    switch letter {
    case "R", "Q":
      write("&")
      if eat("L"), case let index = try number62(), index > 0 {
        try lifetime(index)
        write(" ")
      }
      write(letter == "Q" ? "mut " : "")
      try type()
    case "P", "O":
      write(letter == "P" ? "*const " : "*mut ")
      try type()
    case "A", "S":
      write("[")
      try type()
      if letter == "A" {
        write("; ")
        try constant()
      }
      write("]")
    case "T":
      write("(")
      let count = try list { reader throws(Malformed) in try reader.type() }
      write(count == 1 ? ",)" : ")")
    case "F": try bound { reader throws(Malformed) in try reader.function() }
    case "D":
      write("dyn ")
      try bound { reader throws(Malformed) in
        try reader.list(" + ") { reader throws(Malformed) in try reader.dynamicTrait() }
      }
      guard eat("L") else { throw Malformed() }
      let index = try number62()
      if index > 0 {
        write(" + ")
        try lifetime(index)
      }
    case "B": try backward { reader throws(Malformed) in try reader.type() }
    default:
      place -= 1
      try path(asValue: false)
    }
  }

  private mutating func function() throws(Malformed) {
    // In two parts: whoever looks for this word in our sources means Swift's.
    write(eat("U") ? "un" + "safe " : "")
    if eat("K") {
      let name = eat("C") ? "C" : try identifier().replacing("_", with: "-")
      write("extern \"\(name)\" ")
    }
    write("fn(")
    try list { reader throws(Malformed) in try reader.type() }
    write(")")
    if eat("u") { return }
    write(" -> ")
    try type()
  }

  private mutating func dynamicTrait() throws(Malformed) {
    var isOpen = try pathWithOpenArguments()
    while eat("p") {
      write(isOpen ? ", " : "<")
      isOpen = true
      write("\(try identifier()) = ")
      try type()
    }
    write(isOpen ? ">" : "")
  }

  /// A path whose list of arguments, if it has one, is left for more to follow.
  private mutating func pathWithOpenArguments() throws(Malformed) -> Bool {
    try enter()
    defer { depth -= 1 }
    if eat("B") {
      var isOpen = false
      try backward { reader throws(Malformed) in isOpen = try reader.pathWithOpenArguments() }
      return isOpen
    }
    guard eat("I") else {
      try path(asValue: false)
      return false
    }
    try path(asValue: false)
    write("<")
    try arguments()
    return true
  }

  /// What stands in a `for<'a>`, if there is one.
  private mutating func bound(
    _ body: (inout RustPath) throws(Malformed) -> Void
  ) throws(Malformed) {
    let count = eat("G") ? try number62() &+ 1 : 0
    guard count < 32 else { throw Malformed() }
    let outside = lifetimes
    if count > 0 {
      write("for<")
      for index in 0..<count {
        write(index > 0 ? ", " : "")
        lifetimes += 1
        try lifetime(1)
      }
      write("> ")
    }
    try body(&self)
    lifetimes = outside
  }

  private mutating func lifetime(_ index: UInt64) throws(Malformed) {
    if index == 0 { return write("'_") }
    guard index <= lifetimes else { throw Malformed() }
    let number = lifetimes - index
    write(number < 26 ? "'\(Character(Unicode.Scalar(UInt8(97 + number))))" : "'_\(number)")
  }

  // MARK: - Constants

  private mutating func constant() throws(Malformed) {
    try enter()
    defer { depth -= 1 }
    let letter = try next()
    switch letter {
    case "p": write("_")
    case "a", "s", "l", "x", "n", "i", "h", "t", "m", "y", "o", "j":
      write(eat("n") ? "-" : "")
      let digits = try hexDigits()
      write(UInt64(digits, radix: 16).map { String($0) } ?? "0x\(digits)")
    case "b":
      guard let value = UInt64(try hexDigits(), radix: 16), value < 2 else { throw Malformed() }
      write(value == 1 ? "true" : "false")
    case "c":
      guard let code = UInt32(try hexDigits(), radix: 16), let scalar = Unicode.Scalar(code)
      else { throw Malformed() }
      write("'\(scalar.escaped(asASCII: false))'")
    case "B": try backward { reader throws(Malformed) in try reader.constant() }
    default: throw Malformed()
    }
  }

  private mutating func hexDigits() throws(Malformed) -> String {
    var digits = ""
    while !eat("_") {
      let digit = try next()
      guard digit.isHexDigit, digit.isNumber || digit.isLowercase else { throw Malformed() }
      digits.append(digit)
    }
    return digits.isEmpty ? "0" : digits
  }
}

// MARK: - Letters and numbers

extension RustPath {
  private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func next() throws(Malformed) -> Character {
    guard let byte = peek else { throw Malformed() }
    place += 1
    return Character(Unicode.Scalar(byte))
  }

  private mutating func eat(_ letter: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: letter) else { return false }
    place += 1
    return true
  }

  private mutating func enter() throws(Malformed) {
    depth += 1
    steps += 1
    if depth > Self.depthMax || steps > Self.stepsMax || text.utf8.count > Self.lengthMax {
      throw Malformed()
    }
  }

  private mutating func write(_ words: String) { if !isSilent { text += words } }

  /// Elements up to an E; answers how many there were.
  @discardableResult
  private mutating func list(
    _ separator: String = ", ", _ element: (inout RustPath) throws(Malformed) -> Void
  ) throws(Malformed) -> Int {
    var count = 0
    while !eat("E") {
      write(count > 0 ? separator : "")
      try element(&self)
      count += 1
    }
    return count
  }

  /// Reads a node that was written before, and comes back.
  private mutating func backward(
    _ body: (inout RustPath) throws(Malformed) -> Void
  ) throws(Malformed) {
    let start = place - 1
    guard let target = Int(exactly: try number62()), target < start else { throw Malformed() }
    // What nobody will read need not be read twice.
    if isSilent { return }
    let back = place
    place = target
    try body(&self)
    place = back
  }

  /// `_` is zero, `0_` one, `Z_` sixty-two.
  private mutating func number62() throws(Malformed) -> UInt64 {
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

  private mutating func disambiguator() throws(Malformed) -> UInt64 {
    eat("s") ? try number62() + 1 : 0
  }

  private mutating func identifier() throws(Malformed) -> String {
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
