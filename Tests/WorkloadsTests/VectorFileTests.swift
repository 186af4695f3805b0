import Basics
import Foundation
import TestSupport
import Testing

@testable import Workloads

struct VectorFileTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory("files") }

  private func write(_ name: String, _ rows: [[Float]]) throws -> String {
    let path = folder.file(name)
    var writer = try VectorFileWriter(path, rows: rows.count, dimensions: rows[0].count)
    for row in rows { try writer.append(row) }
    try writer.finish()
    return path
  }

  private func put(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = folder.file(name)
    try FileSystem.replace(path, with: bytes)
    return path
  }

  private func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  private func readAll(_ path: String) throws -> [Float] { try read(path).values }

  private func read(_ path: String) throws -> (rows: Int, dimensions: Int, values: [Float]) {
    let file = try VectorFile(path)
    return (file.rows, file.dimensions, try file.floats(0..<file.rows))
  }

  private func row(_ number: Int, of path: String) throws -> [Float] {
    let file = try VectorFile(path)
    return try file.floats(number..<(number + 1))
  }

  private func integers(_ number: Int, of path: String) throws -> [Int]? {
    let file = try VectorFile(path)
    return file.element.isInteger ? try file.integers(number..<(number + 1)) : nil
  }

  private func digest(_ path: String) throws -> String {
    let file = try VectorFile(path)
    return try ContentDigest.of(file)
  }

  @Test(arguments: VectorFileFormat.allCases)
  func `what is written is read back, in every format`(format: VectorFileFormat) throws {
    let rows: [[Float]] = (0..<7).map { row in (0..<5).map { Float(row * 5 + $0) } }
    let path = try write("a.\(format.rawValue)", rows)
    let back = try read(path)
    #expect(back.rows == 7)
    #expect(back.dimensions == 5)
    #expect(back.values == rows.flatMap(\.self))
    #expect(try row(3, of: path) == rows[3])
    #expect(try integers(6, of: path) ?? [30, 31, 32, 33, 34] == [30, 31, 32, 33, 34])
    let left = try FileSystem.list(folder.path)
    #expect(left == ["a.\(format.rawValue)"], "\(left)")
  }

  @Test func `the bytes of an fvecs file are those that everybody writes`() throws {
    let path = try write("a.fvecs", [[1, -2]])
    #expect(
      try FileSystem.contents(of: path) == [2, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
  }

  @Test func `a file that NumPy wrote is read, doubles and 64-bit numbers too`() throws {
    // numpy.save of numpy.array([[1.5, -2.0], [0.25, 8.0]]): version 1.0, '<f8'.
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }"
    let head = Array((text + String(repeating: " ", count: 117 - text.utf8.count) + "\n").utf8)
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + head
    for value in [1.5, -2.0, 0.25, 8.0] { bytes += Self.bytes(of: value) }
    #expect(try readAll(put("d.npy", bytes)) == [1.5, -2, 0.25, 8])
  }

  @Test func `a float that no float can hold is refused, not made infinite`() throws {
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0]
    bytes += Array(text.utf8)
    bytes += Self.bytes(of: 1e300)
    let path = try put("d.npy", bytes)
    #expect(sentence { _ = try readAll(path) }.contains("not a finite number"))
  }

  private static func bytes(of value: Double) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  @Test(arguments: [
    ("a.fvecs", [UInt8](), "holds no vector"),
    ("a.fvecs", [2, 0, 0], "ends within its first number"),
    ("a.fvecs", [0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0], "claims vectors of 2147483647"),
    ("a.fvecs", [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], "claims vectors of -1"),
    ("a.fvecs", [2, 0, 0, 0, 0, 0, 0, 0], "take"),
    ("a.fbin", [0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 1, 0, 0, 0], "take"),
    ("a.fbin", [0, 0, 0, 0, 4, 0, 0, 0], "holds no vector"),
    ("a.fbin", [0xFF, 0xFF, 0xFF, 0xFF, 4, 0, 0, 0], "claims -1 rows"),
    ("a.npy", Array("hello, this is no array".utf8), "does not begin as a NumPy file"),
    ("a.txt", [1, 2, 3], "no ending that names a format"),
    (
      "a.fvecs", [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
      "row 1 claims 2 components and the first one has 1"
    ),
    ("a.fvecs", [1, 0, 0, 0, 0, 0, 0xC0, 0x7F], "not a finite number"),
  ])
  func `a bad file ends in a sentence that says what and where`(
    name: String, bytes: [UInt8], part: String
  ) throws {
    let path = try put(name, bytes)
    let said = sentence { _ = try readAll(path) }
    #expect(said.contains(part), "\(said)")
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }",
    "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
    "{'descr': '<f4', 'shape': (1, 1), }", "{", "",
  ])
  func `a NumPy header that we cannot serve is refused in words`(text: String) throws {
    let bytes =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
      + [0, 0, 0, 0]
    let path = try put("a.npy", bytes)
    #expect(throws: DatasetError.self) { _ = try readAll(path) }
  }

  @Test(arguments: VectorFileFormat.allCases)
  func `three thousand mutations end in a sentence or a value`(format: VectorFileFormat) throws {
    let seed: UInt64 = 20_260_601
    let rows: [[Float]] = (0..<6).map { row in (0..<4).map { Float((row + $0) % 100) } }
    let good = try FileSystem.contents(of: try write("good.\(format.rawValue)", rows))
    let path = folder.file("bad.\(format.rawValue)")
    var (values, sentences) = (0, 0)
    for number in 0..<3_000 {
      var random = SeededRandom(seed, stream: UInt64(number))
      try FileSystem.replace(path, with: Self.mutated(good, &random))
      switch Result(catching: { try read(path) }) {
      case .success(let read):
        #expect(read.values.count <= good.count + 64, "seed \(seed), case \(number)")
        #expect(read.values.count == read.rows * read.dimensions, "seed \(seed), case \(number)")
        values += 1
      case .failure(let error):
        #expect(error is DatasetError, "seed \(seed), case \(number): \(error)")
        #expect("\(error)".hasSuffix("."), "seed \(seed), case \(number): \(error)")
        sentences += 1
      }
    }
    #expect(values > 0 && sentences > 0, "\(values) values, \(sentences) sentences")
  }

  /// Flips, cuts, repeats and puts in numbers that like to overflow.
  private static func mutated(_ good: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = good
    for _ in 0...random.below(3) where !bytes.isEmpty {
      let place = random.below(bytes.count)
      switch random.below(6) {
      case 0: bytes[place] ^= UInt8(1 << random.below(8))
      case 1: bytes = Array(bytes[..<place])
      case 2: bytes.insert(contentsOf: bytes[place...].prefix(16), at: place)
      case 3: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]
      case 4:
        let wide: [[UInt8]] = [
          [0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0x80], [0, 0, 0xC0, 0x7F],
        ]
        let word = wide[random.below(4)]
        for (offset, byte) in word.enumerated() where place + offset < bytes.count {
          bytes[place + offset] = byte
        }
      default: bytes.remove(at: place)
      }
    }
    return bytes
  }

  private func abandon(_ path: String) throws {
    var writer = try VectorFileWriter(path, rows: 2, dimensions: 1)
    try writer.append([1])
  }

  @Test func `a writer that goes away early leaves nothing`() throws {
    let path = folder.file("a.fvecs")
    try abandon(path)
    #expect(try FileSystem.list(folder.path).isEmpty)
  }

  @Test func `a file of whole numbers refuses a fraction`() throws {
    #expect(throws: DatasetError.self) { _ = try write("a.bvecs", [[0.5]]) }
    #expect(throws: DatasetError.self) { _ = try write("a.bvecs", [[256]]) }
    #expect(throws: DatasetError.self) { _ = try write("a.ivecs", [[1e20]]) }
    #expect(try FileSystem.list(folder.path).isEmpty)
  }

  @Test func `the digest knows every component and forgets the format`() throws {
    let rows: [[Float]] = [[1, 2], [3, 4]]
    let digests = try ["a.fvecs", "a.fbin", "a.npy", "a.bvecs"].map {
      try digest(try write($0, rows))
    }
    #expect(Set(digests).count == 1)
    #expect(try digest(try write("b.fvecs", [[1, 2], [4, 3]])) != digests[0])
    #expect(try digest(try write("c.fvecs", [[1, 2, 3, 4]])) != digests[0])
  }
}
