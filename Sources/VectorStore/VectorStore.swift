import Basics
package import StorageEngine
import Synchronization
package import VectorIndex
package import Vocabulary

/// The engine under test: a durable collection of vectors with a graph over it.
///
/// A batch is logged first, as one record, and applied when the log has promised what the
/// durability says. So an answer never shows what a crash could take back, and a batch is there
/// whole or not at all. Every call enters through a marker (see `Marker`), so profiles know the
/// operation.
///
/// Any number of threads may call anything at any time.
package final class VectorStore: Sendable {
  package let options: StoreOptions
  let engine: StorageEngine
  let index: GraphIndex
  let names: SlotNames
  let directory: Directory
  let gate = WriterGate()
  private let syncer: Syncer?
  /// Set while the gate is shut, read inside it, so no batch slips past a close.
  private let isClosed = Atomic<Bool>(false)
  /// What opening found, for those who ask.
  package let recovery: StorageEngine.Recovery

  init(_ parts: Parts) {
    options = parts.options
    engine = parts.engine
    index = parts.index
    names = parts.names
    directory = parts.directory
    recovery = parts.recovery
    syncer = Syncer.start(engine: parts.engine, durability: parts.options.storage.durability)
  }

  struct Parts {
    let options: StoreOptions
    let engine: StorageEngine
    let index: GraphIndex
    let names: SlotNames
    let directory: Directory
    let recovery: StorageEngine.Recovery
  }

  deinit { syncer?.stop() }

  package var count: Int { directory.count }

  // MARK: - Writing

  /// Stores vectors under their ids, replacing what was there; all of them or none.
  ///
  /// - Parameters:
  ///   - ids: Each at most once.
  ///   - vectors: Row-major, `ids.count` times the store's dimensions.
  ///   - kind: What the caller means by it, for the profile: new ids, or others' vectors replaced.
  /// - Throws: What is wrong with the batch, or why the log could not promise it.
  package func upsert(
    ids: [VectorID], vectors: Span<Float>, as kind: OperationKind = .insert
  ) throws(StoreError) {
    try check(ids, vectors)
    try Marker.run(kind) { () throws(StoreError) in
      try gate.pass { () throws(StoreError) in
        let lsn = try log(LogRecord.upsert(ids, vectors))
        for (row, id) in ids.enumerated() {
          let width = options.index.dimensions
          try apply(id, vectors.extracting((row * width)..<((row + 1) * width)), lsn)
        }
      }
    }
  }

  /// Removes ids and returns how many were there.
  package func delete(ids: [VectorID]) throws(StoreError) -> Int {
    if ids.isEmpty { throw .emptyBatch }
    return try Marker.run(.delete) { () throws(StoreError) in
      try gate.pass { () throws(StoreError) in
        let lsn = try log(LogRecord.delete(ids))
        return ids.reduce(0) { $0 + (applyDelete($1, lsn) ? 1 : 0) }
      }
    }
  }

  private func log(_ record: consuming LogRecord) throws(StoreError) -> UInt64 {
    if isClosed.load(ordering: .acquiring) { throw .closed }
    if options.storage.durability == .none { return UnloggedOrder.next() }
    do throws(StorageError) { return try engine.commit(record) } catch { throw .storage(error) }
  }

  func apply(_ id: VectorID, _ vector: Span<Float>, _ lsn: UInt64) throws(StoreError) {
    let slot: SlotID
    do throws(IndexError) { slot = try index.insert(vector) } catch { throw .index(error) }
    do throws(SystemError) { try names.prepare(slot) } catch { throw .storage(.system(error)) }
    switch directory.put(id, slot, lsn: lsn, publish: { names.set(slot, id) }) {
    case .applied(let old): if let old { retire(old) }
    case .void: _ = index.remove(slot)
    }
  }

  func applyDelete(_ id: VectorID, _ lsn: UInt64) -> Bool {
    guard case .applied(let old) = directory.put(id, nil, lsn: lsn), let old else { return false }
    retire(old)
    return true
  }

  private func retire(_ slot: SlotID) {
    names.clear(slot)
    _ = index.remove(slot)
  }

  private func check(_ ids: [VectorID], _ vectors: Span<Float>) throws(StoreError) {
    if ids.isEmpty { throw .emptyBatch }
    guard vectors.count == ids.count * options.index.dimensions else {
      throw .wrongDimensions(
        expected: options.index.dimensions, found: vectors.count / max(1, ids.count))
    }
    for position in vectors.indices where !vectors[position].isFinite {
      throw .notANumber(position: position)
    }
    // A slot's name is its id plus one, zero meaning empty; this id would look like no name.
    if ids.contains(VectorID(UInt64.max)) { throw .reservedID }
    if ids.count > 1, Set(ids).count != ids.count {
      var seen: Set<VectorID> = []
      for id in ids where !seen.insert(id).inserted { throw .duplicateID(id.rawValue) }
    }
  }

  // MARK: - Reading

  /// The nearest ids, closest first; what was acknowledged before the call is seen.
  package func search(_ query: Span<Float>, k: Int, ef: Int) throws(StoreError) -> [Neighbor] {
    try check(query)
    return try Marker.run(.search) { () throws(StoreError) in
      // A few more than asked for: a slot may lose its name while we look at it.
      try named(k) { wanted throws(IndexError) in
        try index.search(query, k: wanted, ef: max(ef, wanted))
      }
    }
  }

  /// The same among the ids that pass a filter; fewer than k when fewer are found.
  package func search(
    _ query: Span<Float>, k: Int, ef: Int, where filter: IDFilter
  ) throws(StoreError) -> [Neighbor] {
    try check(query)
    return try Marker.run(.search) { () throws(StoreError) in
      try named(k) { wanted throws(IndexError) in
        let began = names.now
        let slots = SlotFilter(share: filter.share) { [names] slot in
          switch names.name(of: slot, since: began) {
          case .nobody: false
          case .name(let id): filter.passes(id)
          // Whose it is shows at the end, where the search is made again if need be.
          case .changed: true
          }
        }
        return try index.search(query, k: wanted, ef: max(ef, wanted), passing: slots)
      }.filter { filter.passes($0.id) }
    }
  }

  /// The same by looking at every vector.
  package func exactSearch(_ query: Span<Float>, k: Int) throws(StoreError) -> [Neighbor] {
    try check(query)
    return try Marker.run(.search) { () throws(StoreError) in
      try named(k) { wanted throws(IndexError) in try index.exactSearch(query, k: wanted) }
    }
  }

  /// How often a search is made again because a slot changed hands under it.
  private static let attempts = 3

  private func named(
    _ k: Int, _ find: (Int) throws(IndexError) -> [IndexHit]
  ) throws(StoreError) -> [Neighbor] {
    var found: [Neighbor] = []
    for attempt in 1...Self.attempts {
      let began = names.now
      let hits: [IndexHit]
      do throws(IndexError) { hits = try find(k + 4) } catch { throw .index(error) }
      let isWhole = collect(hits, since: began, k, into: &found)
      // Without the changed slots an id that is being replaced would be missing; with them its
      // distance might be another's. After some attempts what is sure must do.
      if isWhole || attempt == Self.attempts { break }
    }
    return found
  }

  /// Turns hits into answers; false when a slot among them changed hands meanwhile.
  private func collect(
    _ hits: [IndexHit], since began: UInt64, _ k: Int, into found: inout [Neighbor]
  ) -> Bool {
    var isWhole = true
    found.removeAll(keepingCapacity: true)
    found.reserveCapacity(k)
    for hit in hits where found.count < k {
      switch names.name(of: hit.slot, since: began) {
      case .nobody: continue
      case .changed: isWhole = false
      case .name(let id):
        // An id that is being replaced may lie in two slots for a moment; the nearer one counts.
        if found.contains(where: { $0.id == id }) { continue }
        found.append(Neighbor(id: id, distance: hit.distance))
      }
    }
    return isWhole
  }

  private func check(_ query: Span<Float>) throws(StoreError) {
    if query.count != options.index.dimensions {
      throw .wrongDimensions(expected: options.index.dimensions, found: query.count)
    }
  }

  /// The vector of an id, for a caller whose operation this is; nil when the id is not there.
  package func get(_ id: VectorID) -> [Float]? { Marker.run(.get) { vector(of: id) } }

  /// The vector of an id as the index holds it: normalized, under cosine.
  package func vector(of id: VectorID) -> [Float]? {
    while true {
      let began = names.now
      guard let slot = directory.slot(of: id) else { return nil }
      let vector = index.withVector(slot) { vector in vector.indices.map { vector[$0] } }
      if names.name(of: slot, since: began) == .name(id) { return vector }
      // Replaced while it was copied, or named a moment ago: look again.
    }
  }

  package func ids() -> [VectorID] { directory.live().map(\.id).sorted() }

  /// What is wrong with the graph, a sentence each; nothing may be.
  package func checkIndex() -> [String] { index.checkInvariants() }

  package var meter: WorkMeter { index.meter }

  package func statistics() -> StoreStatistics {
    StoreStatistics(log: engine.statistics(), index: index.statistics())
  }

  // MARK: - Checkpoint and close

  /// Writes a snapshot, so that the next opening neither rebuilds nor replays; writers wait for it.
  package func checkpoint() throws(StoreError) {
    try Marker.run(.flush) { () throws(StoreError) in
      try gate.shut { () throws(StoreError) in
        if isClosed.load(ordering: .acquiring) { throw .closed }
        try writeSnapshot()
      }
    }
  }

  /// The gate is shut.
  private func writeSnapshot() throws(StoreError) {
    try Self.wrap { () throws(StorageError) in
      try engine.checkpoint { folder throws(StorageError) in
        try StoreSnapshot.write(index, directory, to: folder)
      }
    }
    directory.forgetDeleted()
  }

  /// Makes everything durable and takes no more batches; searches go on.
  ///
  /// The folder's lock is let go when the last reference goes.
  package func close() throws(StoreError) {
    syncer?.stop()
    try Marker.run(.flush) { () throws(StoreError) in
      try gate.shut { () throws(StoreError) in
        if isClosed.load(ordering: .acquiring) { return }
        if options.storage.durability == .none { try writeSnapshot() }
        isClosed.store(true, ordering: .releasing)
        try Self.wrap { () throws(StorageError) in try engine.close() }
      }
    }
  }
}

/// What a store counts about itself.
package struct StoreStatistics: Sendable, Equatable {
  package let log: LogStatistics
  package let index: IndexStatistics
}
