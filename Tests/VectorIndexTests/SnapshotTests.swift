import Basics
import Testing
import VectorIndex
import Vocabulary

@Suite struct Snapshots {
  private let options = IndexOptions(dimensions: 5, metric: .l2, m: 4, efConstruction: 30)

  private func withSnapshot(
    of count: Int, _ body: (GraphIndex, String) throws -> Void
  ) throws {
    let index = try GraphIndex(options)
    for row in Clustered(dimensions: 5, count: count, seed: 41).rows {
      _ = try index.insert(row.span)
    }
    for slot in 0..<(count / 5) { _ = index.remove(SlotID(raw: UInt32(slot * 5))) }
    let path = "/tmp/vbench-index-\(Clock.now())-\(WorkerThreads.currentID())"
    defer { try? FileSystem.remove(path) }
    let file = try File(path, .create)
    try index.writeSnapshot(to: file)
    try file.close()
    try body(index, path)
  }

  private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
    let file = try File(path, .create)
    try file.write(bytes)
    try file.close()
  }

  @Test(arguments: [0, 1, 700])
  func `what was written is what is read`(count: Int) throws {
    try withSnapshot(of: count) { index, path in
      var other = options
      (other.kernel, other.scratch, other.visited) = (.portable, .fresh, .map)
      let read = try GraphIndex.readSnapshot(path, options: other)
      #expect(read.liveCount == index.liveCount)
      #expect(read.checkInvariants() == [])
      var data = Clustered(dimensions: 5, count: 0, seed: 42)
      for _ in 0..<20 {
        let query = data.next()
        let (old, new) = (
          try index.search(query.span, k: 5, ef: 300), try read.search(query.span, k: 5, ef: 300)
        )
        #expect(old.map(\.slot) == new.map(\.slot), "seed 42")
      }
      let more = data.next()
      let slot = try read.insert(more.span)
      #expect(try read.search(more.span, k: 1, ef: 40).first?.slot == slot)
    }
  }

  @Test func `another metric or seed is refused by name`() throws {
    try withSnapshot(of: 10) { _, path in
      var other = options
      other.metric = .cosine
      #expect(
        throws: IndexError.snapshotMismatch(
          path: path, field: "metric", expected: "cosine", found: "l2")
      ) { try GraphIndex.readSnapshot(path, options: other) }
    }
  }

  @Test func `every cut and every flipped bit is noticed`() throws {
    try withSnapshot(of: 12) { _, path in
      let bytes = try FileSystem.contents(of: path)
      for length in 0..<bytes.count {
        try overwrite(path, Array(bytes[..<length]))
        #expect(throws: IndexError.self, "cut to \(length)") {
          try GraphIndex.readSnapshot(path, options: options)
        }
      }
      var random = SeededRandom(43)
      for offset in bytes.indices {
        var damaged = bytes
        damaged[offset] ^= 1 << UInt8(random.below(8))
        try overwrite(path, damaged)
        #expect(throws: IndexError.self, "seed 43, byte \(offset)") {
          try GraphIndex.readSnapshot(path, options: options)
        }
      }
    }
  }
}
