package import Vocabulary
import Basics

/// Makes the vector of any id, alone and in any order: it depends on the seed and the id only.
///
/// Clustered data: a center per cluster, and around it a few directions in which the cluster is
/// wide and a little noise in all others. Neighbors of a row then lie in its cluster and in the
/// overlap with others, and a graph can find them, as with real embeddings.
///
/// From a file, id n has row n, and ids beyond the file begin with its first row again.
package struct VectorSource: Sendable {
  package let spec: DatasetSpec
  private let centers: [[Float]]
  private let directions: [[Float]]
  /// Where queries of another distribution lie.
  private let shift: [Float]
  /// The rows, where they lie in a file, and the queries, where these do.
  private let table: VectorTable?
  private let queryTable: VectorTable?

  private static let clusters = 256
  private static let width = 12
  /// Directions are shared by the clusters; each uses its own twelve.
  private static let pool = 96
  private static let flatDimensions = 8

  private enum Stream {
    static let center: UInt64 = 1
    static let direction: UInt64 = 2
    static let row: UInt64 = 3
    static let query: UInt64 = 4
    static let shift: UInt64 = 5
  }

  /// Of vectors that need no file.
  package init(_ spec: DatasetSpec) {
    precondition(spec.kind != .file, "files are opened, which can fail")
    self.init(spec, nil, nil)
  }

  /// Of any vectors.
  ///
  /// - Throws: When their file cannot be opened.
  package init(opening spec: DatasetSpec) throws(DatasetError) {
    guard let files = spec.files else {
      self.init(spec)
      return
    }
    func table(_ path: String) throws(DatasetError) -> VectorTable {
      try VectorTable(path, dimensions: spec.dimensions, metric: spec.metric)
    }
    let base = try table(files.base)
    guard base.rows == files.rows else {
      throw .mismatch(
        path: files.base,
        reason: "it has \(base.rows) rows and had \(files.rows) when the run began")
    }
    var queries: VectorTable?
    if let path = files.queries { queries = try table(path) }
    self.init(spec, base, queries)
  }

  private init(_ spec: DatasetSpec, _ table: VectorTable?, _ queryTable: VectorTable?) {
    self.spec = spec
    self.table = table
    self.queryTable = queryTable
    let isClustered = spec.kind == .clustered
    centers = isClustered ? Self.normals(Self.clusters, spec, Stream.center, scale: 1) : []
    directions =
      switch spec.kind {
      case .clustered:
        Self.normals(
          Self.pool, spec, Stream.direction, scale: 0.75 / Float(Self.width).squareRoot())
      case .lowdim: Self.normals(Self.flatDimensions, spec, Stream.direction, scale: 1)
      case .uniform, .signed, .file: []
      }
    shift =
      spec.querySource == .ood && table == nil
      ? Self.normalized(Self.normals(1, spec, Stream.shift, scale: 1)[0]) : []
  }

  private static func normals(
    _ count: Int, _ spec: DatasetSpec, _ stream: UInt64, scale: Float
  ) -> [[Float]] {
    (0..<count).map { index in
      var random = SeededRandom(spec.seed, stream: stream, UInt64(index))
      return (0..<spec.dimensions).map { _ in Float(random.normal()) * scale }
    }
  }

  /// The vector of an id, preloaded or inserted later.
  package func vector(of id: VectorID) -> [Float] {
    guard let table else { return make(Stream.row, id.rawValue) }
    let row = Self.row(of: id, in: table)
    return table.rows(row..<(row + 1))
  }

  private static func row(of id: VectorID, in table: VectorTable) -> Int {
    Int(id.rawValue % UInt64(table.rows))
  }

  /// Throws what happened to a file since it was opened.
  ///
  /// Until then every vector from it is hearsay.
  package func check() throws(DatasetError) {
    try table?.check()
    try queryTable?.check()
  }

  /// A query; the first ones are the hot ones.
  package func query(_ number: Int) -> [Float] {
    if let queryTable { return queryTable.rows(number..<(number + 1)) }
    switch spec.querySource {
    case .heldout: return make(Stream.query, UInt64(number))
    case .stored: return vector(of: VectorID(UInt64(number % max(1, spec.rows))))
    case .ood:
      let near = make(Stream.query, UInt64(number))
      return Self.normalized(near.indices.map { near[$0] + shift[$0] })
    }
  }

  /// Many vectors, row after row.
  package func rows(of ids: [VectorID]) -> [Float] {
    var rows: [Float] = []
    rows.reserveCapacity(ids.count * spec.dimensions)
    guard let table else {
      for id in ids { rows += vector(of: id) }
      return rows
    }
    var run = 0..<0
    for row in ids.map({ Self.row(of: $0, in: table) }) {
      if row == run.upperBound, !run.isEmpty {
        run = run.lowerBound..<(row + 1)
      } else {
        if !run.isEmpty { rows += table.rows(run) }
        run = row..<(row + 1)
      }
    }
    return run.isEmpty ? rows : rows + table.rows(run)
  }

  private func make(_ stream: UInt64, _ number: UInt64) -> [Float] {
    var random = SeededRandom(spec.seed, stream: stream, number)
    switch spec.kind {
    case .file: preconditionFailure("rows of a file are read, not made")
    case .clustered: return clustered(&random)
    case .lowdim: return flat(&random)
    case .uniform:
      return Self.normalized((0..<spec.dimensions).map { _ in Float(random.unit()) })
    case .signed:
      return Self.normalized((0..<spec.dimensions).map { _ in Float(2 * random.unit() - 1) })
    }
  }

  private func flat(_ random: inout SeededRandom) -> [Float] {
    var vector = [Float](repeating: 0, count: spec.dimensions)
    for direction in directions {
      let weight = Float(random.normal())
      for index in vector.indices { vector[index] += weight * direction[index] }
    }
    for index in vector.indices { vector[index] += Float(random.unit() - 0.5) * 0.05 }
    return Self.normalized(vector)
  }

  private func clustered(_ random: inout SeededRandom) -> [Float] {
    let cluster = random.below(Self.clusters)
    var vector = centers[cluster]
    for place in 0..<Self.width {
      let weight = Float(random.normal())
      let direction = directions[(cluster &* 7 &+ place &* 13) % Self.pool]
      for index in vector.indices { vector[index] += weight * direction[index] }
    }
    // Noise in every direction, cheap: four uniform bits at a time are enough for a little blur.
    var bits: UInt64 = 0
    for index in vector.indices {
      if index & 7 == 0 { bits = random.next() }
      vector[index] += (Float(bits & 0xFF) / 255 - 0.5) * 0.5
      bits >>= 8
    }
    return Self.normalized(vector)
  }

  private static func normalized(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }

  /// Names the bytes: equal digests mean equal rows and queries.
  package var digest: String {
    if let files = spec.files { return files.digest(spec) }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01B3 }
    for number in [spec.rows, spec.dimensions, spec.queries] { mix(UInt64(number)) }
    let sample = [0, spec.rows / 3, spec.rows / 2, max(0, spec.rows - 1)]
    for number in sample {
      for value in vector(of: VectorID(UInt64(number))) { mix(UInt64(value.bitPattern)) }
    }
    for number in [0, max(0, spec.queries - 1)] {
      for value in query(number) { mix(UInt64(value.bitPattern)) }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
