/// What `go test -bench` prints.
///
///     goos: linux
///     BenchmarkAlloc/small-8   218352   6261 ns/op   10240 B/op   10 allocs/op
///
/// The number behind the last dash is GOMAXPROCS; lines of one name are repetitions.
package struct GoBenchmarks: Codable, Sendable, Equatable {
  package struct Result: Codable, Sendable, Equatable {
    package struct Value: Codable, Sendable, Equatable {
      package var value: Double
      package var unit: String
    }

    /// Without `Benchmark` and the number of processors.
    package var name: String
    package var processors: Int?
    package var iterations: Int64
    package var values: [Value]
    /// The package that was under test, where the text says so.
    package var package: String?

    package func value(_ unit: String) -> Double? { values.first { $0.unit == unit }?.value }
  }

  /// `goos`, `goarch`, `cpu` and whatever else stands before the results.
  package var configuration: [String: String] = [:]
  package var results: [Result] = []

  package init() {}

  private static let resultLimit = 1_000_000

  static func recognizes(_ head: [UInt8]) -> Bool {
    var lines = TextLines(head)
    while let line = lines.next() {
      if result(head.trimmed(line), head) != nil { return true }
    }
    return false
  }

  /// Reads the results; lines of tests and logs between them are passed over.
  package static func read(_ bytes: [UInt8]) throws(ForeignError) -> GoBenchmarks {
    if bytes.isEmpty { throw .empty }
    var benchmarks = GoBenchmarks()
    var lines = TextLines(bytes)
    while let line = lines.next(), benchmarks.results.count < resultLimit {
      let words = bytes.trimmed(line)
      if var result = result(words, bytes) {
        result.package = benchmarks.configuration["pkg"]
        benchmarks.results.append(result)
      } else if let (key, value) = pair(words, bytes), benchmarks.configuration.count < 1_000 {
        benchmarks.configuration[key] = value
      }
    }
    if benchmarks.results.isEmpty { throw .unknown("it has no line that a Go benchmark prints") }
    return benchmarks
  }

  private static func result(_ line: Range<Int>, _ bytes: [UInt8]) -> Result? {
    guard bytes.has("Benchmark", at: line) else { return nil }
    let words = bytes.words(line)
    guard words.count >= 4, let iterations = bytes.number(words[1]), iterations >= 0 else {
      return nil
    }
    var values: [Result.Value] = []
    for index in stride(from: 2, to: words.count - 1, by: 2) {
      guard let value = bytes.decimal(words[index]) else { break }
      values.append(.init(value: value, unit: bytes.text(words[index + 1])))
    }
    if values.isEmpty { return nil }
    let (name, processors) = name(bytes.text(words[0]).dropFirst("Benchmark".count))
    return Result(
      name: name, processors: processors, iterations: iterations, values: values, package: nil)
  }

  private static func name(_ text: Substring) -> (String, Int?) {
    guard let dash = text.lastIndex(of: "-"), let count = Int(text[text.index(after: dash)...]),
      count > 0
    else { return (String(text), nil) }
    return (String(text[..<dash]), count)
  }

  /// `key: value` with a key in small letters, as Go's benchmark format has it.
  private static func pair(_ line: Range<Int>, _ bytes: [UInt8]) -> (String, String)? {
    guard let colon = bytes[line].prefix(64).firstIndex(of: UInt8(ascii: ":")),
      colon > line.lowerBound, colon + 1 < line.upperBound,
      [UInt8].isBlank(bytes[colon + 1]),
      bytes[line.lowerBound..<colon].allSatisfy({
        $0 >= 0x61 && $0 <= 0x7A || $0 == UInt8(ascii: "-")
      })
    else { return nil }
    let value = bytes.trimmed(colon + 1..<line.upperBound).prefix(1_000)
    return (bytes.text(line.lowerBound..<colon), bytes.text(value))
  }
}
