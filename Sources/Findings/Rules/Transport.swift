import Vocabulary

/// What a program talks over the network, by the functions that its profile really has.
enum Transport {
  private static let protocols: [(name: String, marks: [String])] = [
    ("HTTP", ["net/http", "net/textproto", "NIOHTTP1", "golang.org/x/net/http"]),
    ("gRPC", ["google.golang.org/grpc", "grpc::", "grpc_core::"]),
    ("TLS", ["crypto/tls", "SSL_", "NIOSSL"]),
  ]

  /// `HTTP`, `HTTP and TLS`; the name of the group where none is known.
  static func label(_ slice: ProfileSlice) -> String {
    let symbols = slice.samples.reduce(into: Set<Int32>()) { $0.formUnion($1.symbols) }
    let names = symbols.map { slice.table[$0] }.filter { $0.groups.contains(.transport) }
      .map(\.name)
    let found = protocols.filter { entry in
      names.contains { name in entry.marks.contains(where: name.contains) }
    }.map(\.name)
    guard let last = found.last else { return SymbolGroup.transport.label }
    return found.count == 1
      ? last : found.dropLast().joined(separator: ", ") + " and " + last
  }

  /// Connections are advice only where making them is seen to cost something.
  static func advice(_ scene: Scene) -> [Recommendation] {
    let making = scene.slice.share(where: scene.slice.contains(.connecting))
    guard making.low >= scene.thresholds.makingConnections else { return [] }
    return [
      Recommendation(
        "Reuse connections: making them takes \(Wording.percent(making.value)) of this CPU",
        effort: .small, risk: "low; idle connections stay open")
    ]
  }
}
