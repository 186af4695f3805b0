import Basics
import FoundationEssentials

/// Results go where `-o` says, or to standard output.
enum OutputFile {
  static func write(_ text: String, _ invocation: Invocation) throws {
    try write(Array(text.utf8), invocation)
  }

  static func write(_ bytes: [UInt8], _ invocation: Invocation) throws {
    guard let path = invocation.text("output"), path != "-" else {
      return try Terminal.print(bytes)
    }
    try write(bytes, to: path)
    if !invocation.has("quiet") { Terminal.note("Wrote \(path)") }
  }

  static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    do throws(SystemError) {
      let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      let folder = parts.joined(separator: "/")
      if !folder.isEmpty { try FileSystem.makeDirectory(folder) }
      try FileSystem.deliver(bytes, to: path)
    } catch {
      throw Failure(.failed, "Cannot write \(path): \(error.reason).")
    }
  }
}

/// JSON as every `--json` prints it: one document, keys sorted, slashes plain.
enum JSONText {
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
