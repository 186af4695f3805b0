/// The head of a `.npy` file, read as a claim and written as NumPy does.
///
/// ```
/// 0  6  magic: 0x93 "NUMPY"
/// 6  2  version, 1.0 to 3.0
/// 8  2  length of the text, little-endian; 4 bytes from version 2 on
///    n  {'descr': '<f4', 'fortran_order': False, 'shape': (1000, 128), }  spaces  newline
/// ```
///
/// Only tables with one number type are read: no records, no objects, no Fortran order.
struct NumpyHeader: Equatable {
  var element: VectorElement
  var rows: Int
  var dimensions: Int
  /// Where the first row lies.
  var dataOffset: Int

  /// A text longer than this is no table of ours.
  static let textLimit = 16_384
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// - Parameters:
  ///   - head: The first bytes of the file: all of it, or at least `textLimit` and twelve.
  ///   - path: For the sentence, should it be none.
  /// - Throws: What keeps it from being read.
  init(_ head: [UInt8], path: String) throws(DatasetError) {
    guard head.starts(with: Self.magic), head.count >= 10 else {
      throw .damaged(path: path, offset: 0, reason: "it does not begin as a NumPy file does")
    }
    guard (1...3).contains(head[6]), head[7] == 0 else {
      throw .unsupported(path: path, reason: "it has NumPy format version \(head[6]).\(head[7])")
    }
    let start = head[6] == 1 ? 10 : 12
    guard head.count >= start else {
      throw .damaged(path: path, offset: head.count, reason: "it ends within its header")
    }
    let length = (8..<start).reduce(0) { $0 | Int(head[$1]) << (8 * ($1 - 8)) }
    guard length <= Self.textLimit, start + length <= head.count else {
      throw .damaged(
        path: path, offset: 8, reason: "its header claims \(length) bytes, more than there are")
    }
    let fields = try Self.fields(
      String(decoding: head[start..<(start + length)], as: UTF8.self), path)
    element = try Self.element(fields, path)
    (rows, dimensions) = try Self.shape(fields, path)
    dataOffset = start + length
  }

  /// What stands between a key and the comma that ends its value.
  private static func fields(_ text: String, _ path: String) throws(DatasetError)
    -> [String: String]
  {
    var fields: [String: String] = [:]
    for key in ["descr", "fortran_order", "shape"] {
      guard let place = text.firstRange(of: "'\(key)':") else {
        throw .damaged(path: path, offset: 10, reason: "its header has no '\(key)'")
      }
      let rest = text[place.upperBound...].drop { $0 == " " }
      let end = rest.first == "(" ? ")" : ","
      fields[key] = rest.prefix { !end.contains($0) && $0 != "}" }.filter { $0 != "(" }
    }
    return fields
  }

  private static func element(_ fields: [String: String], _ path: String) throws(DatasetError)
    -> VectorElement
  {
    let order = fields["fortran_order", default: ""].filter { $0 != " " }
    guard order == "False" else {
      throw .unsupported(path: path, reason: "it is stored column by column; save it in C order")
    }
    let name = fields["descr", default: ""].filter { $0 != "'" && $0 != " " }
    switch name {
    case "<f4": return .float32
    case "<f8": return .float64
    case "<i4": return .int32
    case "<i8": return .int64
    case "|u1": return .uint8
    case "|i1": return .int8
    default:
      throw .unsupported(
        path: path, reason: "its numbers are `\(name.prefix(20))`; save them as float32")
    }
  }

  private static func shape(_ fields: [String: String], _ path: String) throws(DatasetError)
    -> (Int, Int)
  {
    let parts = fields["shape", default: ""].split(separator: ",").map { $0.filter { $0 != " " } }
      .filter { !$0.isEmpty }
    let sizes = parts.compactMap { Int($0) }
    guard sizes.count == 2, parts.count == 2, sizes.allSatisfy({ $0 >= 0 }) else {
      throw .unsupported(
        path: path,
        reason: "its shape is (\(fields["shape", default: ""].prefix(40))), not rows × dimensions")
    }
    return (sizes[0], sizes[1])
  }

  /// The head of a table of floats, or of whole numbers, padded as NumPy pads.
  static func encode(_ element: VectorElement, rows: Int, dimensions: Int) -> [UInt8] {
    let name = element == .float32 ? "<f4" : element == .int32 ? "<i4" : "|u1"
    var text =
      "{'descr': '\(name)', 'fortran_order': False, 'shape': (\(rows), \(dimensions)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }
}
