import Basics
package import Vocabulary

/// Scores answers against the truth of a set that changed while they were computed.
///
/// An id that was acknowledged before a search began, and whose removal had not begun when the
/// search ended, was certainly there. One that was there at any moment of the search may have been
/// seen. The lower bound asks for the nearest among all that may have been there; the upper bound
/// asks only for those that certainly were. Ties count for the engine: an answer as near as the
/// k-th true neighbor is right.
package struct RecallScorer: Sendable {
  /// A search as it happened.
  package struct Observation: Codable, Sendable, Equatable {
    package let query: Int
    package let start: UInt64
    package let end: UInt64
    package let answers: [VectorID]

    package init(query: Int, start: UInt64, end: UInt64, answers: [VectorID]) {
      self.query = query
      self.start = start
      self.end = end
      self.answers = answers
    }
  }

  /// The life of an id, as far as the run changed it.
  package struct Life: Codable, Sendable, Equatable {
    package let id: VectorID
    /// When its insert began and was acknowledged; zeros for a preloaded row.
    package var insertStart: UInt64
    package var insertEnd: UInt64
    /// When its removal began and was acknowledged; the largest number when it never was.
    package var deleteStart: UInt64
    package var deleteEnd: UInt64

    package init(
      id: VectorID, insertStart: UInt64 = 0, insertEnd: UInt64 = 0, deleteStart: UInt64 = .max,
      deleteEnd: UInt64 = .max
    ) {
      self.id = id
      self.insertStart = insertStart
      self.insertEnd = insertEnd
      self.deleteStart = deleteStart
      self.deleteEnd = deleteEnd
    }

    func isCertain(_ observation: Observation) -> Bool {
      insertEnd <= observation.start && deleteStart >= observation.end
    }

    func isPossible(_ observation: Observation) -> Bool {
      insertStart <= observation.end && deleteEnd >= observation.start
    }
  }

  package struct Score: Codable, Sendable, Equatable {
    package let lower: Double
    package let upper: Double
  }

  private let source: VectorSource
  private let rows: Int
  private let changed: [VectorID: Life]
  private let preloaded: [[Float]]
  private let inserted: [(life: Life, vector: [Float])]

  /// - Parameters:
  ///   - source: Makes the vectors again.
  ///   - lives: Every id that the run inserted or removed.
  package init(_ source: VectorSource, lives: [Life]) {
    self.source = source
    rows = source.spec.rows
    changed = Dictionary(lives.map { ($0.id, $0) }) { _, last in last }
    preloaded = (0..<source.spec.rows).map { source.vector(of: VectorID(UInt64($0))) }
    inserted = changed.values.filter { $0.id.rawValue >= UInt64(source.spec.rows) }
      .sorted { $0.id < $1.id }.map { ($0, source.vector(of: $0.id)) }
  }

  package func score(_ observation: Observation, k: Int) -> Score {
    let query = source.query(observation.query)
    var certain = Nearest(k)
    var possible = Nearest(k)
    for row in 0..<rows {
      let life = changed[VectorID(UInt64(row))]
      if let life, !life.isPossible(observation) { continue }
      let distance = ExactOracle.distance(query, preloaded[row], source.spec.metric)
      possible.offer(distance)
      if life?.isCertain(observation) ?? true { certain.offer(distance) }
    }
    for (life, vector) in inserted where life.isPossible(observation) {
      let distance = ExactOracle.distance(query, vector, source.spec.metric)
      possible.offer(distance)
      if life.isCertain(observation) { certain.offer(distance) }
    }
    let answers = observation.answers.prefix(k).map { id in
      ExactOracle.distance(query, vector(of: id), source.spec.metric)
    }
    return Score(
      lower: Self.share(answers, within: possible, k),
      upper: Self.share(answers, within: certain, k))
  }

  private func vector(of id: VectorID) -> [Float] {
    id.rawValue < UInt64(rows) ? preloaded[Int(id.rawValue)] : source.vector(of: id)
  }

  /// How many of the answers are as near as the k-th of the truth, rounding of floats forgiven.
  private static func share(_ answers: [Float], within truth: Nearest, _ k: Int) -> Double {
    let wanted = min(k, truth.count)
    guard wanted > 0 else { return 1 }
    let bar = truth.worst + max(1e-6, abs(truth.worst) * 1e-5)
    return Double(min(wanted, answers.reduce(0) { $0 + ($1 <= bar ? 1 : 0) })) / Double(wanted)
  }

  /// The k smallest distances seen.
  private struct Nearest {
    private let k: Int
    private var sorted: [Float] = []

    init(_ k: Int) { self.k = k }

    var count: Int { sorted.count }
    var worst: Float { sorted.last ?? .infinity }

    mutating func offer(_ distance: Float) {
      if sorted.count == k, distance >= worst { return }
      let place = sorted.firstIndex { $0 > distance } ?? sorted.count
      sorted.insert(distance, at: place)
      if sorted.count > k { sorted.removeLast() }
    }
  }
}
