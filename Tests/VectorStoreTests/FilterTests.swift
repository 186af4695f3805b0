import Basics
import StorageEngine
import TestSupport
import Testing
import VectorIndex
import VectorStore
import Vocabulary

@Suite struct `A filtered search` {
  private let rows = 3_000
  private let width = 12

  private func made(_ seed: UInt64) -> [[Float]] {
    (0..<rows).map { row in
      var random = SeededRandom(seed, stream: UInt64(row))
      return (0..<width).map { _ in Float(random.normal()) }
    }
  }

  private func store(at path: String, _ vectors: [[Float]]) throws -> VectorStore {
    var options = StoreOptions(index: IndexOptions(dimensions: width, metric: .l2))
    options.storage.durability = .none
    let store = try VectorStore.create(at: path, options: options)
    let ids = (0..<UInt64(rows)).map { VectorID($0) }
    let flat = vectors.flatMap { $0 }
    try store.upsert(ids: ids, vectors: flat.span)
    return store
  }

  private func search(
    _ store: VectorStore, _ query: [Float], _ filter: IDFilter
  ) throws -> [VectorID] {
    let found = try store.search(query.span, k: 10, ef: 100, where: filter)
    return found.map { $0.id }
  }

  private func truth(
    _ query: [Float], _ vectors: [[Float]], _ k: Int, _ passes: (VectorID) -> Bool
  ) -> [VectorID] {
    func distance(_ vector: [Float]) -> Float {
      zip(vector, query).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return vectors.indices.map { VectorID(UInt64($0)) }.filter(passes)
      .map { (far: distance(vectors[Int($0.rawValue)]), id: $0) }
      .sorted { $0.far < $1.far }.prefix(k).map { $0.id }
  }

  @Test(arguments: [1.0, 0.5, 0.2, 0.05, 0.01, 0.002])
  func `answers with what passes only, and finds nearly all of the truth`(share: Double) throws {
    let folder = try TemporaryDirectory("filter")
    let vectors = made(3)
    let store = try store(at: folder.file("store"), vectors)
    let step = UInt64((1 / share).rounded())
    let filter = IDFilter(share: share) { $0.rawValue % step == 0 }
    var (right, wanted) = (0, 0)
    for number in 0..<50 {
      var random = SeededRandom(9, stream: UInt64(number))
      let query = (0..<width).map { _ in Float(random.normal()) }
      let answers = try search(store, query, filter)
      let foreign = answers.filter { !filter.passes($0) }
      #expect(foreign.isEmpty)
      #expect(Set(answers).count == answers.count)
      let truth = truth(query, vectors, 10, filter.passes)
      right += Set(answers).intersection(truth).count
      wanted += truth.count
    }
    #expect(Double(right) >= 0.98 * Double(wanted), "\(right) of \(wanted) at \(share)")
  }

  @Test func `that nothing passes has no answers, whatever share was promised`() throws {
    let folder = try TemporaryDirectory("filter")
    let store = try store(at: folder.file("store"), made(4))
    let query = [Float](repeating: 0.5, count: width)
    for share in [1.0, 0.01] {
      let nothing = IDFilter(share: share) { _ in false }
      #expect(try search(store, query, nothing).isEmpty)
    }
    let one = IDFilter(share: 0.000_3) { $0 == VectorID(77) }
    #expect(try search(store, query, one) == [VectorID(77)])
    _ = try store.delete(ids: [VectorID(77)])
    #expect(try search(store, query, one).isEmpty)
  }
}
