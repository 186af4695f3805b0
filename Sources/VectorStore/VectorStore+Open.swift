import Basics
import FoundationEssentials
package import StorageEngine
import VectorIndex
import Vocabulary

extension VectorStore {
  /// Makes an empty store.
  package static func create(
    at path: String, options: StoreOptions, announce: (@Sendable (StorageEvent) -> Void)? = nil
  ) throws(StoreError) -> VectorStore {
    let index = try wrapIndex { () throws(IndexError) in try GraphIndex(options.index) }
    let engine = try wrap { () throws(StorageError) in
      try StorageEngine.create(
        at: path, description: describe(options), options: options.storage, announce: announce)
    }
    return VectorStore(
      Parts(
        options: options, engine: engine, index: index, names: try slotNames(options),
        directory: Directory(), recovery: StorageEngine.Recovery()))
  }

  /// Opens a store: the snapshot as it is, then what the log has beyond it.
  ///
  /// - Parameters:
  ///   - path: The store's folder.
  ///   - overriding: May change what is not baked into the data: kernel, scratch, visited set,
  ///     durability, group commit, log file size.
  ///   - announce: Told of the moments in `StorageEvent`.
  /// - Returns: The store, with every batch that was acknowledged.
  /// - Throws: Why it cannot be opened; a damaged store is left as it is.
  package static func open(
    at path: String, overriding: (inout StoreOptions) -> Void = { _ in },
    announce: (@Sendable (StorageEvent) -> Void)? = nil
  ) throws(StoreError) -> VectorStore {
    let description = try wrap { () throws(StorageError) in
      try StorageEngine.description(of: path)
    }
    let made = try options(from: description, path)
    var wanted = made
    overriding(&wanted)
    try check(wanted, against: made)
    let engine = try wrap { () throws(StorageError) in
      try StorageEngine.open(at: path, options: wanted.storage, announce: announce)
    }
    return VectorStore(try recover(engine, wanted))
  }

  /// Copies a closed store into a folder that is not there yet.
  package static func copy(from source: String, to target: String) throws(StoreError) {
    try wrap { () throws(StorageError) in try StorageEngine.copy(from: source, to: target) }
  }

  private static func recover(
    _ engine: StorageEngine, _ options: StoreOptions
  ) throws(StoreError) -> Parts {
    let names = try slotNames(options)
    let directory = Directory()
    var index: GraphIndex?
    var replayed: [StoredRecord] = []
    let recovery = try wrap { () throws(StorageError) in
      try engine.recover { folder, _ throws(StorageError) in
        do throws(StoreError) {
          let restored = try restore(folder, options, names, directory)
          index = restored
        } catch {
          throw .corruptSnapshot(path: folder, detail: "\(error)")
        }
      } replay: { record throws(StorageError) in
        replayed.append(record)
      }
    }
    let graph: GraphIndex
    if let index {
      graph = index
    } else {
      graph = try wrapIndex { () throws(IndexError) in try GraphIndex(options.index) }
    }
    let parts = Parts(
      options: options, engine: engine, index: graph, names: names, directory: directory,
      recovery: recovery)
    try Replay(parts).run(replayed)
    return parts
  }

  private static func restore(
    _ folder: String, _ options: StoreOptions, _ names: SlotNames, _ directory: Directory
  ) throws(StoreError) -> GraphIndex {
    let index = try wrapIndex { () throws(IndexError) in
      try GraphIndex.readSnapshot("\(folder)/graph", options: options.index)
    }
    let entries = try wrap { () throws(StorageError) in try StoreSnapshot.names(in: folder) }
    guard entries.count == index.liveCount else {
      throw .storage(
        .corruptSnapshot(
          path: "\(folder)/names",
          detail: "\(entries.count) names for \(index.liveCount) vectors"))
    }
    for entry in entries {
      guard entry.slot.raw < UInt32.max else { continue }
      try wrapSystem { () throws(SystemError) in try names.prepare(entry.slot) }
      names.set(entry.slot, entry.id)
      _ = directory.put(entry.id, entry.slot, lsn: 0)
    }
    return index
  }

  private static func slotNames(_ options: StoreOptions) throws(StoreError) -> SlotNames {
    try wrapSystem { () throws(SystemError) in try SlotNames(slotsMax: options.index.slotsMax) }
  }

  // MARK: - Options on disk

  private static func describe(_ options: StoreOptions) -> [String: String] {
    // Equal stores have equal bytes.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(options.index) else {
      preconditionFailure("options are plain values and always encode")
    }
    return [
      "index": String(decoding: data, as: UTF8.self),
      "durability": "\(options.storage.durability)",
    ]
  }

  private static func options(
    from description: [String: String], _ path: String
  ) throws(StoreError) -> StoreOptions {
    guard let text = description["index"] else {
      throw .badOptions(path: path, detail: "it names no index")
    }
    do {
      var options = StoreOptions(
        index: try JSONDecoder().decode(IndexOptions.self, from: Data(text.utf8)))
      let spelling = description["durability"] ?? "strict"
      options.storage.durability = Durability(spelling: spelling) ?? .strict
      return options
    } catch {
      throw .badOptions(path: path, detail: "its index options cannot be read")
    }
  }

  private static func check(
    _ wanted: StoreOptions, against made: StoreOptions
  ) throws(StoreError) {
    if wanted.index.dimensions != made.index.dimensions { throw .optionsDiffer("dimension") }
    if wanted.index.metric != made.index.metric { throw .optionsDiffer("metric") }
    if wanted.index.m != made.index.m { throw .optionsDiffer("degree m") }
  }

  // MARK: - Errors of the rooms below

  static func wrap<Result>(
    _ body: () throws(StorageError) -> Result
  ) throws(StoreError) -> Result {
    do throws(StorageError) { return try body() } catch { throw .storage(error) }
  }

  static func wrapIndex<Result>(
    _ body: () throws(IndexError) -> Result
  ) throws(StoreError) -> Result {
    do throws(IndexError) { return try body() } catch { throw .index(error) }
  }

  static func wrapSystem<Result>(
    _ body: () throws(SystemError) -> Result
  ) throws(StoreError) -> Result {
    do throws(SystemError) { return try body() } catch { throw .storage(.system(error)) }
  }
}

/// Applies the batches of a log to a store that nobody uses yet.
///
/// Only the last state of each id matters, so an id that was written often is indexed once.
private struct Replay {
  private let parts: VectorStore.Parts

  init(_ parts: VectorStore.Parts) { self.parts = parts }

  func run(_ records: [StoredRecord]) throws(StoreError) {
    let width = parts.options.index.dimensions
    var last: [VectorID: (record: Int, row: Int)] = [:]
    for (position, record) in records.enumerated() {
      if record.kind == .upsert, record.vectors.count != record.ids.count * width {
        throw .wrongDimensions(
          expected: width, found: record.vectors.count / max(1, record.ids.count))
      }
      for (row, id) in record.ids.enumerated() { last[id] = (position, row) }
    }
    for (position, record) in records.enumerated() {
      for (row, id) in record.ids.enumerated() {
        guard let final = last[id], final == (position, row) else { continue }
        try apply(record, row, id, width)
      }
    }
  }

  private func apply(
    _ record: StoredRecord, _ row: Int, _ id: VectorID, _ width: Int
  ) throws(StoreError) {
    var slot: SlotID?
    if record.kind == .upsert {
      let vectors = record.vectors.span
      let new = try VectorStore.wrapIndex { () throws(IndexError) in
        try parts.index.insert(vectors.extracting((row * width)..<((row + 1) * width)))
      }
      try VectorStore.wrapSystem { () throws(SystemError) in try parts.names.prepare(new) }
      parts.names.set(new, id)
      slot = new
    }
    guard case .applied(let old) = parts.directory.put(id, slot, lsn: record.lsn), let old else {
      return
    }
    parts.names.clear(old)
    _ = parts.index.remove(old)
  }
}
