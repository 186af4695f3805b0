import CFuzzer
import Glibc

/// `fuzz PARSER [libFuzzer's flags and folders]`, `fuzz list`, `fuzz seeds FOLDER`.
///
/// Not a part of the product: `make fuzz` builds it with the address sanitizer and coverage.
@main
enum Fuzz {
  private nonisolated(unsafe) static var parser = FuzzedParser.all[0]

  static func main() throws {
    let words = CommandLine.arguments
    switch words.count > 1 ? words[1] : "" {
    case "list": for parser in FuzzedParser.all { print(parser.name) }
    case "seeds" where words.count == 3: try Seeds.write(to: words[2])
    case let name:
      guard let parser = FuzzedParser.all.first(where: { $0.name == name }) else {
        print("There is no parser `\(name)`; `fuzz list` names them all.")
        exit(64)
      }
      self.parser = parser
      exit(run([words[0]] + words.dropFirst(2)))
    }
  }

  private static func run(_ words: [String]) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var count = Int32(words.count)
    return arguments.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress
      return vb_fuzz_run(&count, &start) { bytes, count in
        Fuzz.parser.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
      }
    }
  }
}

/// One parser that takes bytes from strangers.
///
/// Whatever the bytes are, it answers or throws: a trap, a read out of bounds, more memory than a
/// gigabyte and more than ten seconds are bugs.
struct FuzzedParser: Sendable {
  let name: String
  let run: @Sendable ([UInt8]) -> Void

  init(_ name: String, _ run: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.run = { bytes in try? run(bytes) }
  }

  static let all = profiles + reports + records + datasets + symbols + stores
}
