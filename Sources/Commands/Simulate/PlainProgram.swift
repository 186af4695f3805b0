import Basics

/// A copy of the program in which valgrind finds names and no debug information.
///
/// valgrind reads the whole of it before it begins. 3.19 gives up on what today's compilers write,
/// and only names are wanted. In the copy the names of the debug sections begin with another
/// letter, so that nobody finds them; nothing moves.
enum PlainProgram {
  /// The program itself where it has no debug information.
  static func make(of program: String, in folder: String) throws -> String {
    var bytes: [UInt8]
    do { bytes = try FileSystem.contents(of: program) } catch {
      throw Failure(.failed, "The program cannot be read to be simulated: \(error)")
    }
    let names = debugNames(in: bytes)
    if names.isEmpty { return program }
    for place in names { bytes[place + 1] = UInt8(ascii: "x") }
    let path = "\(folder)/vbench"
    do {
      let file = try File(path, .create, permissions: 0o755)
      try file.write(bytes)
      try file.close()
    } catch { throw Failure(.failed, "The program cannot be copied to be simulated: \(error)") }
    return path
  }

  /// Where the names of the debug sections begin; none in what is no 64-bit ELF file.
  static func debugNames(in bytes: [UInt8]) -> Set<Int> {
    (try? found(in: bytes)) ?? []
  }

  private static func found(in bytes: [UInt8]) throws -> Set<Int> {
    guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return [] }
    let table = try Int(exactly: word(bytes, at: 0x28)) ?? 0
    var head = ByteReader(bytes, from: 0x3A)
    let (size, count) = (Int(try head.integer(UInt16.self)), Int(try head.integer(UInt16.self)))
    let index = Int(try head.integer(UInt16.self))
    guard size >= 64, table > 0, table <= bytes.count else { return [] }
    let texts = try Int(exactly: word(bytes, at: table + index * size + 0x18)) ?? bytes.count
    guard texts <= bytes.count else { return [] }
    var places: Set<Int> = []
    for number in 0..<count {
      var section = ByteReader(bytes, from: table + number * size)
      let place = texts + Int(try section.integer(UInt32.self))
      if place + 8 <= bytes.count, bytes[place..<(place + 7)].elementsEqual(".debug_".utf8) {
        places.insert(place)
      }
    }
    return places
  }

  private static func word(_ bytes: [UInt8], at offset: Int) throws -> UInt64 {
    var reader = ByteReader(bytes, from: offset)
    return try reader.integer(UInt64.self)
  }
}
