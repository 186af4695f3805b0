import Basics
import Measurement
package import VectorIndex

/// Searches as fast as it can, from several threads, for a while.
package struct ClosedLoopSearch: Sendable {
  package struct Outcome: Codable, Sendable, Equatable {
    package var searches = 0
    /// Of all threads together, each over its own time.
    package var perSecond = 0.0
    package var p50: Double
    package var p99: Double
    package var mean: Double
    package var longest: Double
    /// So that nobody can leave the work out: the sum of all slots found.
    package var checksum: UInt64 = 0
  }

  package let index: GraphIndex
  package let queries: [Float]
  package let k: Int
  package let ef: Int
  package let threads: Int

  package init(_ index: GraphIndex, queries: [Float], k: Int, ef: Int, threads: Int) {
    self.index = index
    self.queries = queries
    self.k = k
    self.ef = ef
    self.threads = threads
  }

  /// What one thread timed.
  package struct Share: Sendable {
    var histogram = LatencyHistogram()
    var seconds = 0.0
    var checksum: UInt64 = 0

    package init() {}

    package var outcome: Outcome { ClosedLoopSearch.merged([self]) }
  }

  /// - Parameters:
  ///   - warm: Seconds of the same before anything counts.
  ///   - seconds: Of the part that counts; a search that has begun is finished.
  /// - Returns: What counted, of all threads together.
  /// - Throws: What the index refused.
  package func run(warm: Double, seconds: Double) throws -> Outcome {
    // All threads begin to count at one moment, and stop at another.
    let begin = Clock.now() + UInt64(warm * 1e9)
    let end = begin + UInt64(seconds * 1e9)
    let shares = try WorkerThreads.run(count: threads, name: "search") {
      thread -> Result<Share, IndexError> in
      Result { () throws(IndexError) in
        _ = try loop(from: thread, until: begin)
        return try loop(from: thread, until: end)
      }
    }
    return try Self.merged(shares.map { share throws(IndexError) in try share.get() })
  }

  /// So many searches by one thread, noted in a share that was made before: nothing but the
  /// searches allocates here.
  package func run(count: Int, into share: inout Share) throws(IndexError) {
    let width = index.options.dimensions
    let (vectors, total) = (queries.span, queries.count / width)
    var last = Clock.now()
    let start = last
    for number in 0..<count {
      let place = number % total * width
      let hits = try index.search(vectors.extracting(place..<(place + width)), k: k, ef: ef)
      share.checksum &+= hits.first.map { UInt64($0.slot.raw) } ?? 0
      let now = Clock.now()
      share.histogram.record(now - last)
      last = now
    }
    share.seconds += Double(last - start) / 1e9
  }

  private func loop(from thread: Int, until end: UInt64) throws(IndexError) -> Share {
    var share = Share()
    let width = index.options.dimensions
    let (vectors, count) = (queries.span, queries.count / width)
    // Threads begin at different queries, so that they do not warm the cache for each other.
    var number = thread * count / threads
    var last = Clock.now()
    let start = last
    while last < end {
      let place = number * width
      let hits = try index.search(vectors.extracting(place..<(place + width)), k: k, ef: ef)
      share.checksum &+= hits.first.map { UInt64($0.slot.raw) } ?? 0
      number = number + 1 == count ? 0 : number + 1
      let now = Clock.now()
      share.histogram.record(now - last)
      last = now
    }
    share.seconds = Double(last - start) / 1e9
    return share
  }

  private static func merged(_ shares: [Share]) -> Outcome {
    var histogram = LatencyHistogram()
    for share in shares { histogram.merge(share.histogram) }
    return Outcome(
      searches: Int(histogram.count),
      perSecond: shares.reduce(0) {
        $0 + ($1.seconds > 0 ? Double($1.histogram.count) / $1.seconds : 0)
      },
      p50: Double(histogram.percentile(50)) / 1e9, p99: Double(histogram.percentile(99)) / 1e9,
      mean: histogram.mean / 1e9, longest: Double(histogram.max) / 1e9,
      checksum: shares.reduce(0) { $0 &+ $1.checksum })
  }
}
