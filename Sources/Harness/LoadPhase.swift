import Basics
import StorageEngine
import VectorStore
import Vocabulary
import Workloads

/// Loads the rows once, in parallel, and leaves a closed store with a snapshot.
package enum LoadPhase {
  package struct Outcome: Codable, Sendable, Equatable {
    package var rows: Int
    package var seconds: Double
    package var storeBytes: Int
  }

  /// - Parameters:
  ///   - settings: Says which rows.
  ///   - path: Where the store shall be; nothing may be there.
  ///   - threads: As many as there are cores, usually.
  ///   - progress: Told the share that is done, from one of the threads.
  /// - Returns: How long it took and how large it is.
  /// - Throws: The store's error, in words.
  package static func run(
    _ settings: WorkloadSettings, at path: String, threads: Int,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> Outcome {
    let start = Clock.now()
    var options = StoreOptions(index: settings.indexOptions)
    // Nothing needs to survive a crash here, and the snapshot at the end makes it durable.
    options.storage.durability = .none
    let store = try VectorStore.create(at: path, options: options)
    let source = try VectorSource(opening: settings.dataset)
    let rows = settings.dataset.rows
    let batch = 200
    let failures = try WorkerThreads.run(count: threads, name: "load") { thread -> String? in
      for begin in stride(from: thread * batch, to: rows, by: threads * batch) {
        let ids = (begin..<min(begin + batch, rows)).map { VectorID(UInt64($0)) }
        let vectors = source.rows(of: ids)
        do { try store.upsert(ids: ids, vectors: vectors.span) } catch { return "\(error)" }
        if thread == 0 { progress(Double(begin) / Double(max(1, rows))) }
      }
      return nil
    }
    if let failure = failures.compactMap(\.self).first { throw Failure(description: failure) }
    try source.check()
    try store.close()
    let seconds = Double(Clock.now() - start) / 1e9
    return Outcome(rows: rows, seconds: seconds, storeBytes: bytes(in: path))
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private static func bytes(in path: String) -> Int {
    guard FileSystem.isDirectory(path) else { return FileSystem.size(of: path) ?? 0 }
    let names = (try? FileSystem.list(path)) ?? []
    return names.reduce(0) { $0 + bytes(in: "\(path)/\($1)") }
  }
}
