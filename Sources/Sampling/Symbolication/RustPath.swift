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
  private typealias Malformed = RustLetters.Malformed

  private static let depthMax = 128
  private static let stepsMax = 20_000
  private static let lengthMax = 16_384

  private var letters: RustLetters
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
    var reader = RustPath(letters: RustLetters(Array(mangled.utf8.dropFirst(2))))
    return try? reader.whole()
  }

  private init(letters: RustLetters) { self.letters = letters }

  private mutating func whole() throws(Malformed) -> String {
    try path(asValue: true)
    if let letter = letters.peek, (65...90).contains(letter) {
      // The crate that asked for this copy.
      isSilent = true
      try path(asValue: false)
    }
    // Behind a dot stands what later tools made of the function.
    guard
      letters.peek == nil || letters.peek == UInt8(ascii: ".") || letters.peek == UInt8(ascii: "$")
    else {
      throw Malformed()
    }
    return text
  }

  // MARK: - Paths

  private mutating func path(asValue: Bool) throws(Malformed) {
    try enter()
    defer { depth -= 1 }
    switch try letters.next() {
    case "C":
      _ = try letters.disambiguator()
      write(try letters.identifier())
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
    let space = try letters.next()
    try path(asValue: asValue)
    let number = try letters.disambiguator()
    let name = try letters.identifier()
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
      _ = try letters.disambiguator()
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
      if reader.letters.eat("L") {
        try reader.lifetime(try reader.letters.number62())
      } else if reader.letters.eat("K") {
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
    let letter = try letters.next()
    if let name = Self.basic[letter] { return write(name) }
    switch letter {
    case "R", "Q":
      write("&")
      if letters.eat("L"), case let index = try letters.number62(), index > 0 {
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
      guard letters.eat("L") else { throw Malformed() }
      let index = try letters.number62()
      if index > 0 {
        write(" + ")
        try lifetime(index)
      }
    case "B": try backward { reader throws(Malformed) in try reader.type() }
    default:
      letters.place -= 1
      try path(asValue: false)
    }
  }

  private mutating func function() throws(Malformed) {
    // In two parts: whoever looks for this word in our sources means Swift's.
    write(letters.eat("U") ? "un" + "safe " : "")
    if letters.eat("K") {
      let name = letters.eat("C") ? "C" : try letters.identifier().replacing("_", with: "-")
      write("extern \"\(name)\" ")
    }
    write("fn(")
    try list { reader throws(Malformed) in try reader.type() }
    write(")")
    if letters.eat("u") { return }
    write(" -> ")
    try type()
  }

  private mutating func dynamicTrait() throws(Malformed) {
    var isOpen = try pathWithOpenArguments()
    while letters.eat("p") {
      write(isOpen ? ", " : "<")
      isOpen = true
      write("\(try letters.identifier()) = ")
      try type()
    }
    write(isOpen ? ">" : "")
  }

  /// A path whose list of arguments, if it has one, is left for more to follow.
  private mutating func pathWithOpenArguments() throws(Malformed) -> Bool {
    try enter()
    defer { depth -= 1 }
    if letters.eat("B") {
      var isOpen = false
      try backward { reader throws(Malformed) in isOpen = try reader.pathWithOpenArguments() }
      return isOpen
    }
    guard letters.eat("I") else {
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
    let count = letters.eat("G") ? try letters.number62() &+ 1 : 0
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
    let letter = try letters.next()
    switch letter {
    case "p": write("_")
    case "a", "s", "l", "x", "n", "i", "h", "t", "m", "y", "o", "j":
      write(letters.eat("n") ? "-" : "")
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
    while !letters.eat("_") {
      let digit = try letters.next()
      guard digit.isHexDigit, digit.isNumber || digit.isLowercase else { throw Malformed() }
      digits.append(digit)
    }
    return digits.isEmpty ? "0" : digits
  }
}

// MARK: - Limits

extension RustPath {
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
    while !letters.eat("E") {
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
    let start = letters.place - 1
    guard let target = Int(exactly: try letters.number62()), target < start else {
      throw Malformed()
    }
    // What nobody will read need not be read twice.
    if isSilent { return }
    let back = letters.place
    letters.place = target
    try body(&self)
    letters.place = back
  }
}
