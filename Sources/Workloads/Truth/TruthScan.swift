import Vocabulary

/// The state of one thread's queries while the rows go by.
struct TruthScan {
  private let queries: [Float]
  /// The queries as the first round sees them: of unit length, under cosine.
  private let prepared: [Float]
  private let lengths: [Float]
  private let dimensions: Int
  private let metric: Metric
  private let k: Int
  private var chosen: [NearestRows<Float>]
  private var ranked: [NearestRows<Double>]
  private var longest: Float = 0
  private var candidates: [(row: Int, query: Int)] = []
  private var nextCandidate = 0
  private var isSettled: [Bool]

  /// Candidates beyond those wanted, among which the error of floats may have shuffled.
  private static let spare = 24

  init(queries: [Float], dimensions: Int, metric: Metric, k: Int) {
    self.queries = queries
    self.dimensions = dimensions
    self.metric = metric
    self.k = k
    let count = queries.count / dimensions
    lengths = (0..<count).map { number in
      FloatSums.dot(
        queries.span, number * dimensions, queries.span, number * dimensions, dimensions
      )
      .squareRoot()
    }
    let lengths = lengths
    prepared =
      metric == .cosine
      ? queries.indices.map { queries[$0] / max(lengths[$0 / dimensions], .leastNormalMagnitude) }
      : queries
    chosen = Array(repeating: NearestRows(k + 1 + Self.spare), count: count)
    // One more than wanted, to see a tie at the end.
    ranked = Array(repeating: NearestRows(k + 1), count: count)
    isSettled = Array(repeating: false, count: count)
  }

  // MARK: - First round: floats

  mutating func choose(_ rows: [Float], firstRow: Int) {
    let table = prepared
    let (rows, prepared) = (rows.span, table.span)
    let count = rows.count / dimensions
    var squares = [Float](repeating: 0, count: count)
    for row in 0..<count {
      squares[row] = FloatSums.dot(rows, row * dimensions, rows, row * dimensions, dimensions)
      longest = max(longest, squares[row].squareRoot())
    }
    for query in chosen.indices {
      for row in 0..<count {
        let distance = floatDistance(
          prepared, query * dimensions, rows, row * dimensions, squares[row])
        chosen[query].offer(distance, firstRow + row)
      }
    }
  }

  private func floatDistance(
    _ queries: Span<Float>, _ query: Int, _ rows: Span<Float>, _ row: Int, _ square: Float
  ) -> Float {
    let distance: Float =
      switch metric {
      case .l2: FloatSums.squaredDistance(queries, query, rows, row, dimensions)
      case .innerProduct: -FloatSums.dot(queries, query, rows, row, dimensions)
      case .cosine: 1 - FloatSums.dot(queries, query, rows, row, dimensions) / square.squareRoot()
      }
    // A sum that left the range of floats says nothing; the last round decides.
    return distance.isFinite && Self.isOrdinary(square) ? distance : -.infinity
  }

  private static func isOrdinary(_ square: Float) -> Bool { square > 1e-30 && square < 1e30 }

  // MARK: - Second round: doubles, candidates only

  /// Notes who is whose candidate, in the order in which the rows will come.
  mutating func beginRanking() {
    for query in chosen.indices {
      for row in chosen[query].rows { candidates.append((row, query)) }
    }
    candidates.sort { $0 < $1 }
  }

  mutating func rank(_ rows: [Float], firstRow: Int) {
    let rows = rows.span
    let end = firstRow + rows.count / dimensions
    while nextCandidate < candidates.count, candidates[nextCandidate].row < end {
      let (row, query) = candidates[nextCandidate]
      ranked[query].offer(exactDistance(query, rows, (row - firstRow) * dimensions), row)
      nextCandidate += 1
    }
  }

  /// Looks whether the candidates left out could matter; true when a query has to be done again.
  mutating func settle() -> Bool {
    for query in chosen.indices {
      let isWhole = chosen[query].count < k + 1 + Self.spare
      let worst = ranked[query].worst
      let isOrdinary = Self.isOrdinary(lengths[query] * lengths[query])
      isSettled[query] =
        isWhole
        || isOrdinary
          && Double(chosen[query].worst) - error(query, Double(chosen[query].worst)) > worst
      if !isSettled[query] { ranked[query] = NearestRows(k + 1) }
    }
    return isSettled.contains(false)
  }

  /// How far a float's distance can be from the true one: the usual bound of a sum in lanes.
  private func error(_ query: Int, _ distance: Double) -> Double {
    let steps = Double(dimensions) / 8 + 16
    let unit = Double(Float.ulpOfOne) * steps
    switch metric {
    case .cosine: return unit * 2
    case .innerProduct: return unit * Double(lengths[query]) * Double(longest)
    case .l2: return unit * abs(distance) + 1e-30
    }
  }

  // MARK: - Third round: doubles, all rows, for the few queries that need it

  mutating func rankUnsettled(_ rows: [Float], firstRow: Int) {
    let rows = rows.span
    for query in isSettled.indices where !isSettled[query] {
      for row in 0..<(rows.count / dimensions) {
        ranked[query].offer(exactDistance(query, rows, row * dimensions), firstRow + row)
      }
    }
  }

  private func exactDistance(_ query: Int, _ rows: Span<Float>, _ row: Int) -> Double {
    ExactDistance.of(queries.span, query * dimensions, rows, row, dimensions, metric)
  }

  var answers: [ExactNeighbors.Answer] {
    ranked.map { nearest in
      let count = min(k, nearest.count)
      let isTied = nearest.count > k && nearest.distances[k] == nearest.distances[k - 1]
      return ExactNeighbors.Answer(
        rows: Array(nearest.rows.prefix(count)), distances: Array(nearest.distances.prefix(count)),
        isTied: isTied)
    }
  }
}
