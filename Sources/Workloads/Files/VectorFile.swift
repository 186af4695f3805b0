import Basics

/// A table of vectors in a file, read a piece at a time.
///
/// Opening reads the head and holds it against the size of the file, so that nobody allocates what
/// a head only claims. Rows are checked when they are read: their own lengths, and that every
/// component is a finite number.
package struct VectorFile: ~Copyable, Sendable {
  package let path: String
  package let format: VectorFileFormat
  package let element: VectorElement
  package let rows: Int
  package let dimensions: Int
  private let file: File
  private let dataOffset: Int
  private let rowBytes: Int

  /// More components than an index takes.
  package static let dimensionsMax = 65_536
  /// What one read asks for at most.
  private static let pieceBytes = 4 << 20

  package init(_ path: String) throws(DatasetError) {
    guard let format = VectorFileFormat(path: path) else { throw .unknownFormat(path: path) }
    let file = try Self.open(path)
    let shape = try Shape(file)
    if shape.size == 0 { throw .empty(path: path) }
    let layout = try Self.layout(shape, format, path)
    self.path = path
    self.format = format
    (element, rows, dimensions) = (layout.element, layout.rows, layout.dimensions)
    (dataOffset, rowBytes) = (layout.dataOffset, layout.rowBytes)
    self.file = file
  }

  private static func open(_ path: String) throws(DatasetError) -> File {
    do throws(SystemError) {
      if FileSystem.isDirectory(path) { throw SystemError("read", path, code: 21) }
      return try File(path, .read)
    } catch { throw .system(error) }
  }

  /// What opening looks at.
  private struct Shape {
    let size: Int
    let head: [UInt8]

    init(_ file: borrowing File) throws(DatasetError) {
      do throws(SystemError) {
        size = try file.size()
        head = try file.read(at: 0, count: min(size, NumpyHeader.textLimit + 12))
      } catch { throw .system(error) }
    }
  }

  private struct Layout {
    var element: VectorElement
    var rows: Int
    var dimensions: Int
    var dataOffset: Int
    var rowBytes: Int
  }

  private static func layout(
    _ shape: Shape, _ format: VectorFileFormat, _ path: String
  ) throws(DatasetError) -> Layout {
    guard let element = format.element else {
      let header = try NumpyHeader(shape.head, path: path)
      let layout = Layout(
        element: header.element, rows: header.rows, dimensions: header.dimensions,
        dataOffset: header.dataOffset, rowBytes: header.dimensions &* header.element.size)
      return try checked(layout, shape.size, path)
    }
    let isRepeated = format.repeatsDimensions
    guard shape.head.count >= (isRepeated ? 4 : 8) else {
      throw .damaged(path: path, offset: shape.size, reason: "it ends within its first number")
    }
    let dimensions = number(shape.head, at: isRepeated ? 0 : 4)
    var layout = Layout(
      element: element, rows: 0, dimensions: dimensions, dataOffset: isRepeated ? 0 : 8,
      rowBytes: dimensions &* element.size + (isRepeated ? 4 : 0))
    layout.rows = isRepeated ? shape.size / max(1, layout.rowBytes) : number(shape.head, at: 0)
    return try checked(layout, shape.size, path)
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int {
    Int(Int32(truncatingIfNeeded: (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }))
  }

  /// The head's claims against the size of the file; no sum here can overflow.
  private static func checked(
    _ layout: Layout, _ size: Int, _ path: String
  ) throws(DatasetError) -> Layout {
    guard (1...dimensionsMax).contains(layout.dimensions) else {
      throw .damaged(
        path: path, offset: 0,
        reason:
          "it claims vectors of \(layout.dimensions) components; 1 to \(dimensionsMax) are read")
    }
    guard layout.rows >= 0 else {
      throw .damaged(path: path, offset: 0, reason: "it claims \(layout.rows) rows")
    }
    let body = size - layout.dataOffset
    let (needed, overflow) = layout.rows.multipliedReportingOverflow(by: layout.rowBytes)
    guard !overflow, needed == body, layout.dataOffset == 0 || body >= 0 else {
      let what = overflow ? "more bytes than there are numbers" : "\(needed) bytes"
      throw .damaged(
        path: path, offset: size,
        reason: "\(layout.rows) rows of \(layout.dimensions) take \(what), and there are \(body)")
    }
    guard layout.rows > 0 else { throw .empty(path: path) }
    return layout
  }

  // MARK: - Rows

  /// How many rows one piece should have.
  package var rowsPerPiece: Int { max(1, Self.pieceBytes / max(1, rowBytes)) }

  /// The rows as floats, one behind the other; every one is finite.
  package func floats(_ range: Range<Int>) throws(DatasetError) -> [Float] {
    let values = try unchecked(range)
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(
        path: path, row: range.lowerBound + bad / dimensions, component: bad % dimensions)
    }
    return values
  }

  /// The same, with what is not finite left as it is.
  package func unchecked(_ range: Range<Int>) throws(DatasetError) -> [Float] {
    try decode(range, into: Float(0)) { (element, bytes, offset) in
      switch element {
      case .float32: bytes.floatingPoint32(at: offset)
      // What no float can hold becomes infinite here, and is refused above.
      case .float64: Float(bytes.floatingPoint64(at: offset))
      case .int32: Float(bytes.signed32(at: offset))
      case .int64: Float(bytes.signed64(at: offset))
      case .uint8: Float(bytes.byte(at: offset))
      case .int8: Float(Int8(bitPattern: bytes.byte(at: offset)))
      }
    }
  }

  /// The rows as row numbers, for a ground truth.
  package func integers(_ range: Range<Int>) throws(DatasetError) -> [Int] {
    guard element.isInteger else {
      throw .unsupported(path: path, reason: "row numbers were wanted and it holds \(element)")
    }
    return try decode(range, into: 0) { (element, bytes, offset) in
      switch element {
      case .int32: Int(bytes.signed32(at: offset))
      case .int64: Int(bytes.signed64(at: offset))
      case .int8: Int(Int8(bitPattern: bytes.byte(at: offset)))
      default: Int(bytes.byte(at: offset))
      }
    }
  }

  private func decode<Value>(
    _ range: Range<Int>, into zero: Value,
    _ read: (VectorElement, LittleEndianBytes, Int) -> Value
  ) throws(DatasetError) -> [Value] {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows)
    var values: [Value] = []
    values.reserveCapacity(range.count * dimensions)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: rowsPerPiece) {
      let piece = start..<min(start + rowsPerPiece, range.upperBound)
      let bytes = LittleEndianBytes(try bytes(of: piece))
      for row in piece {
        let begin = (row - start) * rowBytes
        if format.repeatsDimensions { try checkLength(bytes, begin, row) }
        let first = begin + (format.repeatsDimensions ? 4 : 0)
        for column in 0..<dimensions {
          values.append(read(element, bytes, first + column * element.size))
        }
      }
    }
    return values
  }

  private func checkLength(
    _ bytes: LittleEndianBytes, _ begin: Int, _ row: Int
  ) throws(DatasetError) {
    let claimed = Int(bytes.signed32(at: begin))
    if claimed == dimensions { return }
    throw .damaged(
      path: path, offset: row * rowBytes,
      reason: "row \(row) claims \(claimed) components and the first one has \(dimensions)")
  }

  private func bytes(of rows: Range<Int>) throws(DatasetError) -> [UInt8] {
    let offset = dataOffset + rows.lowerBound * rowBytes
    let wanted = rows.count * rowBytes
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try file.read(at: offset, count: wanted) } catch {
      throw .system(error)
    }
    guard bytes.count == wanted else {
      throw .damaged(
        path: path, offset: offset + bytes.count, reason: "it became shorter while it was read")
    }
    return bytes
  }
}

/// Bytes of a file, read as numbers.
private struct LittleEndianBytes {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func byte(at offset: Int) -> UInt8 { bytes[offset] }

  func word32(at offset: Int) -> UInt32 {
    UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
      | UInt32(bytes[offset + 3]) << 24
  }

  func word64(at offset: Int) -> UInt64 {
    UInt64(word32(at: offset)) | UInt64(word32(at: offset + 4)) << 32
  }

  func floatingPoint32(at offset: Int) -> Float { Float(bitPattern: word32(at: offset)) }

  func floatingPoint64(at offset: Int) -> Double { Double(bitPattern: word64(at: offset)) }

  func signed32(at offset: Int) -> Int32 { Int32(bitPattern: word32(at: offset)) }

  func signed64(at offset: Int) -> Int64 { Int64(bitPattern: word64(at: offset)) }
}
