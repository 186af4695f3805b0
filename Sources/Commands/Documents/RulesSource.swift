import Basics
import Findings

/// A user's file of rules, read from disk.
enum RulesSource {
  static func read(_ path: String) throws(Failure) -> RulesFile {
    if FileSystem.isDirectory(path) {
      throw Failure(.badInput, "\(path) is a folder; name a file of rules.")
    }
    // A file that is far too long is not read to be told so.
    if let size = FileSystem.size(of: path), size > RulesFile.byteLimit {
      throw Failure(
        .badInput,
        "\(path) has \(size) bytes, and a file of rules may have \(RulesFile.byteLimit); "
          + "is it the right file?")
    }
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try FileSystem.contents(of: path) } catch {
      throw Failure(.badInput, "The file of rules \(path) could not be read (\(error)).")
    }
    do throws(RulesFileError) { return try RulesFile(reading: bytes) } catch {
      throw Failure(.badInput, "\(path):\(error.line):\(error.column): \(error.sentence)")
    }
  }
}
