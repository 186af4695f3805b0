package import Basics
package import Vocabulary

/// Scores answers against the truth of a set that changed while they were computed.
///
/// An id that was acknowledged before a search began, and whose removal had not begun when the
/// search ended, was certainly there. One that was there at any moment of the search may have been
/// seen. The lower bound asks for the nearest among all that may have been there; the upper bound
/// asks only for those that certainly were. Ties count for the engine: an answer as near as the
/// k-th true neighbor is right. An id that is being replaced has two vectors meanwhile: the lower
/// bound takes the farther one, the upper bound the nearer one.
package struct RecallScorer: Sendable {
  /// A search as it happened.
  package struct Observation: Codable, Sendable, Equatable {
    package let query: Int
    package let start: UInt64
    package let end: UInt64
    package let answers: [VectorID]
    /// Of the filter, where there was one.
    package let selectivity: Double?

    package init(
      query: Int, start: UInt64, end: UInt64, answers: [VectorID], selectivity: Double? = nil
    ) {
      self.query = query
      self.start = start
      self.end = end
      self.answers = answers
      self.selectivity = selectivity
    }
  }

  /// The life of a vector under an id, as far as the run changed it.
  ///
  /// An id that is replaced has several, one behind the other.
  package struct Life: Codable, Sendable, Equatable {
    package let id: VectorID
    /// The number of the vector; the id's own for the first one.
    package let vector: VectorID
    /// When its insert began and was acknowledged; zeros for a preloaded row.
    package var insertStart: UInt64
    package var insertEnd: UInt64
    /// When its removal began and was acknowledged; the largest number when it never was.
    package var deleteStart: UInt64
    package var deleteEnd: UInt64

    package init(
      id: VectorID, vector: VectorID? = nil, insertStart: UInt64 = 0, insertEnd: UInt64 = 0,
      deleteStart: UInt64 = .max, deleteEnd: UInt64 = .max
    ) {
      self.id = id
      self.vector = vector ?? id
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

    package init(lower: Double, upper: Double) {
      self.lower = lower
      self.upper = upper
    }
  }

  private let source: VectorSource
  private let attribute: Attribute
  /// Empty where a ground truth saves looking at every row.
  private let preloaded: [[Float]]
  private let truth: TruthTable?
  /// Whether something happened to a preloaded row.
  private let isChanged: [Bool]
  private let changed: [(life: Life, vector: [Float])]
  private let livesOf: [VectorID: [Int]]

  /// - Parameters:
  ///   - source: Makes the vectors again.
  ///   - lives: Every vector that the run brought or took away, each once.
  ///   - truth: The nearest rows of each query, of searches without a filter, found before; it
  ///     counts only where the run brought and took nothing.
  ///   - threads: How many make the vectors.
  /// - Throws: When the system gives no threads.
  package init(
    _ source: VectorSource, lives: [Life], truth: TruthTable? = nil, threads: Int = 1
  ) throws(SystemError) {
    self.source = source
    self.truth = lives.isEmpty ? truth : nil
    attribute = Attribute(seed: source.spec.seed)
    let rows = self.truth == nil ? source.spec.rows : 0
    let numbers = (0..<UInt64(rows)).map { VectorID($0) } + lives.map(\.vector)
    let share = (numbers.count + threads - 1) / threads
    let made = try WorkerThreads.run(count: threads, name: "vectors") { thread in
      numbers[min(thread * share, numbers.count)..<min((thread + 1) * share, numbers.count)]
        .map { source.vector(of: $0) }
    }.flatMap(\.self)
    preloaded = Array(made[..<rows])
    var isChanged = [Bool](repeating: false, count: source.spec.rows)
    for life in lives where life.vector == life.id && life.id.rawValue < UInt64(rows) {
      isChanged[Int(life.id.rawValue)] = true
    }
    self.isChanged = isChanged
    changed = Array(zip(lives, made[rows...]))
    livesOf = Dictionary(grouping: lives.indices) { lives[$0].id }
  }

  /// How many observations are scored together: their queries stay in the cache while each vector
  /// comes by once.
  package static let together = 8

  /// Nil when there was nothing to find.
  package func score(_ observation: Observation, k: Int) -> Score? {
    scores([observation], k: k)[0]
  }

  /// One for each observation; nil where there was nothing to find.
  package func scores(_ observations: [Observation], k: Int) -> [Score?] {
    var hunts = observations.map { Hunt($0, source.query($0.query), k) }
    if let truth {
      for index in hunts.indices {
        precondition(hunts[index].observation.selectivity == nil, "this truth knows no filter")
        for row in truth.rows[hunts[index].observation.query].prefix(k) {
          hunts[index].offer(vector(ofRow: row), source.spec.metric, isCertain: true)
        }
      }
    }
    for (row, vector) in preloaded.enumerated() where !isChanged[row] {
      for index in hunts.indices where passes(VectorID(UInt64(row)), hunts[index].observation) {
        hunts[index].offer(vector, source.spec.metric, isCertain: true)
      }
    }
    for (life, vector) in changed {
      for index in hunts.indices {
        let observation = hunts[index].observation
        guard life.isPossible(observation), passes(life.id, observation) else { continue }
        hunts[index].offer(
          vector, source.spec.metric, isCertain: life.isCertain(observation))
      }
    }
    return hunts.map { score($0, k) }
  }

  private func score(_ hunt: Hunt, _ k: Int) -> Score? {
    if hunt.possible.count == 0 { return nil }
    let answers = distances(of: hunt.observation, k, hunt.query)
    return Score(
      lower: Self.share(answers.map(\.farthest), within: hunt.possible, k),
      upper: Self.share(answers.map(\.nearest), within: hunt.certain, k))
  }

  /// The nearest that one search could have found, and those it had to.
  private struct Hunt {
    let observation: Observation
    let query: [Float]
    private(set) var certain: Nearest
    private(set) var possible: Nearest

    init(_ observation: Observation, _ query: [Float], _ k: Int) {
      (self.observation, self.query) = (observation, query)
      (certain, possible) = (Nearest(k), Nearest(k))
    }

    mutating func offer(_ vector: [Float], _ metric: Metric, isCertain: Bool) {
      let distance = ExactOracle.distance(query, vector, metric)
      possible.offer(distance)
      if isCertain { certain.offer(distance) }
    }
  }

  /// How far the answers were, each counted once; an id that was being replaced has two distances.
  ///
  /// What was certainly gone, or does not pass, is no answer, however near it lies.
  private func distances(
    of observation: Observation, _ k: Int, _ query: [Float]
  ) -> [(nearest: Float, farthest: Float)] {
    var seen: Set<VectorID> = []
    return observation.answers.prefix(k).filter { seen.insert($0).inserted }.compactMap { id in
      let found = vectors(of: id, during: observation).map {
        ExactOracle.distance(query, $0, source.spec.metric)
      }
      guard let nearest = found.min(), let farthest = found.max() else { return nil }
      return (nearest, farthest)
    }
  }

  private func passes(_ id: VectorID, _ observation: Observation) -> Bool {
    observation.selectivity.map { attribute.value(of: id) < $0 } ?? true
  }

  private func vectors(of id: VectorID, during observation: Observation) -> [[Float]] {
    if !passes(id, observation) { return [] }
    if isUnchangedRow(id) { return [vector(ofRow: Int(id.rawValue))] }
    return (livesOf[id] ?? []).filter { changed[$0].life.isPossible(observation) }
      .map { changed[$0].vector }
  }

  private func isUnchangedRow(_ id: VectorID) -> Bool {
    id.rawValue < UInt64(isChanged.count) && !isChanged[Int(id.rawValue)]
  }

  private func vector(ofRow row: Int) -> [Float] {
    preloaded.isEmpty ? source.vector(of: VectorID(UInt64(row))) : preloaded[row]
  }

  /// Whether an id was there all the time of an observation, so that nobody may miss it.
  package func wasThere(_ id: VectorID, from start: UInt64, to end: UInt64) -> Bool {
    let moment = Observation(query: 0, start: start, end: end, answers: [])
    if isUnchangedRow(id) { return true }
    return (livesOf[id] ?? []).contains { changed[$0].life.isCertain(moment) }
  }

  /// How many of the answers are as near as the k-th of the truth, rounding of floats forgiven.
  private static func share(_ answers: [Float], within truth: Nearest, _ k: Int) -> Double {
    let wanted = min(k, truth.count)
    // Nothing was certainly there, so whatever was found is as much as anybody could ask for.
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
