/// The subjects that rules ask about, by the names they have in a file of patterns.
///
/// `StandardPatterns` holds what belongs to each.
package enum SymbolGroup: String, CaseIterable, Sendable {
  // memory
  case allocation, glibcAllocator, jemalloc, mimalloc, tcmalloc, goAllocator, swiftAllocator
  case collection, referenceCounting, exclusivity, generics, copying, zeroing, memoryKernel
  case userCopy
  // data structures and the search
  case hashing, candidateHeap, sorting, distanceKernel, scalarKernel, graphSearch, normalization
  case neighborAccess, neighborCopy, foreignCall
  // locks, waiting and scheduling
  case lockFrame, locking, readLock, spinning, queueWait, handingOver, idleCall, scheduler
  case concurrency, clock, sleeping
  // files and the network
  case storageSync, reading, writing, tcp, transport, middleware, requestHandler, downstream
  case clientPool, connecting, serviceLoop, profiler
  // text and other work around a request
  case text, serialization, logging, setup
  // storage engines
  case readPath, maintenance, storageCompaction, blockCache, memtable, walWrite, versionLock
  case writeStall, raft
  // PostgreSQL
  case pgExecutor, pgBuffer, pgWAL, pgLock

  /// How a report calls the group.
  package var label: String { FramePatterns.standard.label(of: self) }

  /// Groups whose members are library or runtime functions, never a project's own.
  static let system: [SymbolGroup] = [
    .allocation, .referenceCounting, .exclusivity, .generics, .storageSync, .reading, .writing,
    .idleCall, .lockFrame,
  ]

  /// Groups whose members only a kernel has.
  static let kernel: [SymbolGroup] = [.tcp, .userCopy]
}
