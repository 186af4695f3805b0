import Basics
import FoundationEssentials

/// JSON as this project writes it: sorted keys, indented, a line feed at the end.
package enum RecordJSON {
  package static func encode(_ value: some Encodable, path: String) throws(RunError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(value)) + [10]
    } catch {
      throw .unreadable(path: path, reason: Self.sentence(error))
    }
  }

  package static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], path: String
  ) throws(RunError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw .unreadable(path: path, reason: sentence(error))
    }
  }

  package static func decode<Value: Decodable>(
    _ type: Value.Type, path: String
  ) throws(RunError) -> Value {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try FileSystem.contents(of: path)
    } catch {
      throw error.isMissing ? .missing(path: path) : .system(path: path, error)
    }
    return try decode(type, from: bytes, path: path)
  }

  /// The field in question, which is what a reader needs; the rest of Foundation's text is not.
  private static func sentence(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      "the field \(name(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "the field \(name(context.codingPath)) holds another kind of value"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not whole JSON" : "the field \(name(context.codingPath)) is not understood"
    default: "\(error)"
    }
  }

  private static func name(_ path: [any CodingKey]) -> String {
    path.map(\.stringValue).joined(separator: ".")
  }
}
