import Basics

/// Writes a table of vectors, row by row, under another name until it is whole.
///
/// A full disk, an error or an interruption leaves nothing: what was written is removed when the
/// writer goes away without `finish`.
package struct VectorFileWriter: ~Copyable {
  private let path: String
  private let format: VectorFileFormat
  private let element: VectorElement
  private let rows: Int
  private let dimensions: Int
  private let part: PartialFile
  private var buffer: [UInt8] = []
  private var written = 0

  private static let bufferBytes = 1 << 20

  /// - Parameters:
  ///   - path: Its ending says the format.
  ///   - rows: How many will come; the head of some formats says it first.
  ///   - dimensions: Of each row.
  /// - Throws: When the format cannot hold so much, or the file cannot be made.
  package init(_ path: String, rows: Int, dimensions: Int) throws(DatasetError) {
    guard let format = VectorFileFormat(path: path) else { throw .unknownFormat(path: path) }
    // The formats count in 32 bits.
    guard rows <= Int(Int32.max), (1...VectorFile.dimensionsMax).contains(dimensions) else {
      throw .cannotHold(path: path, reason: "\(rows) × \(dimensions) is more than it can say")
    }
    let part = try PartialFile(path)
    self.path = path
    self.format = format
    self.rows = rows
    self.dimensions = dimensions
    self.part = part
    element = format.element ?? .float32
    buffer.reserveCapacity(Self.bufferBytes + 4 * dimensions + 4)
    writeHead()
  }

  private mutating func writeHead() {
    switch format {
    case .fvecs, .ivecs, .bvecs: break
    case .fbin, .ibin:
      append(UInt32(rows))
      append(UInt32(dimensions))
    case .npy: buffer += NumpyHeader.encode(.float32, rows: rows, dimensions: dimensions)
    }
  }

  /// Writes whole rows of floats; a format of whole numbers refuses what is none.
  package mutating func append(_ values: ArraySlice<Float>) throws(DatasetError) {
    precondition(values.count % dimensions == 0, "whole rows")
    for start in stride(from: values.startIndex, to: values.endIndex, by: dimensions) {
      try beginRow()
      for value in values[start..<(start + dimensions)] { try append(value) }
    }
  }

  package mutating func append(_ values: [Float]) throws(DatasetError) { try append(values[...]) }

  /// Writes one row of row numbers.
  package mutating func append(row values: [Int32]) throws(DatasetError) {
    precondition(values.count == dimensions && element == .int32, "a row of row numbers")
    try beginRow()
    for value in values { append(UInt32(bitPattern: value)) }
  }

  private mutating func beginRow() throws(DatasetError) {
    precondition(written < rows, "no more rows than were announced")
    written += 1
    if buffer.count >= Self.bufferBytes { try flush() }
    if format.repeatsDimensions { append(UInt32(dimensions)) }
  }

  private mutating func append(_ value: Float) throws(DatasetError) {
    switch element {
    case .float32: append(value.bitPattern)
    case .uint8:
      guard let byte = UInt8(exactly: value) else { throw noPlace(value) }
      buffer.append(byte)
    default:
      guard let number = Int32(exactly: value) else { throw noPlace(value) }
      append(UInt32(bitPattern: number))
    }
  }

  private func noPlace(_ value: Float) -> DatasetError {
    .cannotHold(path: path, reason: "\(value) is no number of a .\(format.rawValue) file")
  }

  private mutating func append(_ word: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      buffer.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  private mutating func flush() throws(DatasetError) {
    try part.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Gives the file its name, once every byte of it is on the disk.
  package consuming func finish() throws(DatasetError) {
    precondition(written == rows, "all rows that were announced")
    try flush()
    try part.finish()
  }
}

/// A file under a name of its own, which becomes the final one at the end, or goes away.
package final class PartialFile {
  private let path: String
  private let temporary: String
  private let file: File
  private var isFinished = false

  package init(_ path: String) throws(DatasetError) {
    self.path = path
    temporary = path + ".part"
    do throws(SystemError) {
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      if !folder.isEmpty { try FileSystem.makeDirectory(folder) }
      file = try File(temporary, .create)
    } catch { throw .system(error) }
  }

  deinit { if !isFinished { try? FileSystem.remove(temporary) } }

  func write(_ bytes: [UInt8]) throws(DatasetError) {
    do throws(SystemError) { try file.write(bytes) } catch { throw .system(error) }
  }

  func finish() throws(DatasetError) {
    do throws(SystemError) {
      try file.synchronize()
      try FileSystem.rename(temporary, to: path)
      isFinished = true
    } catch { throw .system(error) }
  }
}
