import Glibc

/// `fuzz PARSER [libFuzzer's flags and folders]`, `fuzz list`, `fuzz seeds FOLDER`.
///
/// Not a part of the product: `make fuzz` builds it with the address sanitizer and coverage. The
/// program's `main` is libFuzzer's; it asks these two functions what to do.
enum Fuzz {
  fileprivate nonisolated(unsafe) static var parser = FuzzedParser.all[0]

  fileprivate static func choose(_ words: [String]) {
    switch words.count > 1 ? words[1] : "" {
    case "list":
      for parser in FuzzedParser.all { print(parser.name) }
      exit(0)
    case "seeds" where words.count == 3:
      do { try Seeds.write(to: words[2]) } catch {
        print("\(error)")
        exit(1)
      }
      exit(0)
    case let name:
      guard let parser = FuzzedParser.all.first(where: { $0.name == name }) else {
        print("There is no parser `\(name)`; `fuzz list` names them all.")
        exit(64)
      }
      self.parser = parser
    }
  }
}

/// Takes the parser's name off the command line, the rest of which is libFuzzer's.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzerBegins(
  _ count: UnsafeMutablePointer<CInt>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  let list = words.pointee
  Fuzz.choose((0..<Int(count.pointee)).compactMap { list[$0].map { String(cString: $0) } })
  for index in 1..<Int(count.pointee) { list[index] = list[index + 1] }
  count.pointee -= 1
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzerTries(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Fuzz.parser.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

/// One parser that takes bytes from strangers.
///
/// Whatever the bytes are, it answers or throws: a trap, a read out of bounds, more memory than a
/// gigabyte and more than a minute are bugs.
struct FuzzedParser: Sendable {
  let name: String
  let run: @Sendable ([UInt8]) -> Void

  init(_ name: String, _ run: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.run = { bytes in try? run(bytes) }
  }

  /// Those that read what most people have from strangers stand first.
  static let all =
    profiles + views + reports + stores + records + datasets + written + symbols
}
