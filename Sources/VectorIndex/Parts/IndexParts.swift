import Basics
import CVectorKernels
import Vocabulary

/// The parts of a search and of an insert, one at a time, for those who measure them.
///
/// Each call does the same work many times in a loop of this module, so that it is compiled as the
/// engine's own loops are, and returns a number that depends on all of it, so that none of it can
/// be left out. What to work on is drawn before, from a seed.
///
/// Not for several threads.
@safe package final class IndexParts {
  package let index: GraphIndex
  private let scratch: SearchScratch
  /// What the scratch counts; nobody reads it.
  private let counters: UnsafeMutablePointer<UInt64>
  private let rows: Int
  /// Slots in random order, and as many random distances.
  private let order: [UInt32]
  private let draws: [Float]

  package init(_ rows: [Float], _ options: IndexOptions) throws(IndexError) {
    index = try GraphIndex(options)
    let (count, width) = (rows.count / options.dimensions, options.dimensions)
    precondition(count >= 64, "enough rows to have full lists")
    let vectors = rows.span
    for row in 0..<count {
      _ = try index.insert(vectors.extracting((row * width)..<((row + 1) * width)))
    }
    self.rows = count
    // SAFETY: the words a scratch wants, freed in deinit behind the last use.
    unsafe counters = .allocate(capacity: GraphWork.Kind.allWords)
    unsafe counters.initialize(repeating: 0, count: GraphWork.Kind.allWords)
    scratch = unsafe SearchScratch(
      stride: index.arena.stride, m: options.m, countingAt: counters)
    var random = SeededRandom(options.seed, stream: 0x9A)
    order = (0..<UInt32(count)).shuffled(using: &random)
    draws = (0..<4_096).map { _ in Float(random.unit()) }
    try index.load(vectors.extracting(0..<width), into: scratch)
  }

  deinit { unsafe counters.deallocate() }

  // MARK: - Distance

  /// How many rows one call of a batch kernel meets here: a full list of the ground layer.
  package var batch: Int { 2 * index.options.m }

  /// Distances from one query to rows of the whole index, in random order, a list at a time.
  package func farDistances(_ count: Int, _ choice: KernelChoice) -> UInt64 {
    distances(count, choice, over: order.count)
  }

  /// The same to the few rows of one list, which stay in the nearest cache.
  package func nearDistances(_ count: Int, _ choice: KernelChoice) -> UInt64 {
    distances(count, choice, over: batch)
  }

  private func distances(_ count: Int, _ choice: KernelChoice, over slots: Int) -> UInt64 {
    let kernel = DistanceKernel(index.options.metric, choice, over: index.arena)
    var (done, place, sum) = (0, 0, Float(0))
    let (list, out) = unsafe (scratch.slots, scratch.distances)
    while done < count {
      let size = min(batch, count &- done)
      for position in 0..<size {
        // SAFETY: position < batch = 2m, for which the scratch has room.
        unsafe list[position] = order[place]
        place = place &+ 1 == slots ? 0 : place &+ 1
      }
      unsafe kernel.distances(from: scratch.query, to: list, size, into: out)
      sum += unsafe out[0] + out[size &- 1]
      done &+= size
    }
    return UInt64(sum.bitPattern)
  }

  // MARK: - Candidates and visited nodes

  /// Candidates offered to a pool that keeps `bound`, emptied after as many as a search offers.
  package func offers(_ count: Int, bound: Int, perSearch: Int) -> UInt64 {
    var (done, place, sum): (Int, Int, UInt64) = (0, 0, 0)
    while done < count {
      var pool = scratch.emptyPool(bound: bound)
      let end = min(count, done &+ perSearch)
      while done < end {
        let distance = draws[place]
        if pool.accepts(distance) { pool.insert(UInt32(place), distance) }
        place = (place &+ 1) & 4_095
        done &+= 1
      }
      sum &+= UInt64(pool.count)
      while let slot = pool.nextToExpand() { sum &+= UInt64(slot) }
    }
    return sum
  }

  /// Nodes asked for in a set of visited ones, each twice, emptied after as many as a search sees.
  package func visits(_ count: Int, perSearch: Int, _ set: VisitedSet) -> UInt64 {
    var (done, start, sum): (Int, Int, UInt64) = (0, 0, 0)
    while done < count {
      let size = min(perSearch, count &- done)
      switch set {
      case .marks:
        var marks = scratch.emptyMarks(rows)
        sum &+= visit(&marks, from: start, size)
      case .map:
        var map = VisitedMap(slots: scratch.map)
        scratch.map = []
        map.slots.removeAll(keepingCapacity: true)
        sum &+= visit(&map, from: start, size)
        scratch.map = map.slots
      }
      start = (start &+ size) % rows
      done &+= size
    }
    return sum
  }

  private func visit<Visited: VisitedNodes>(
    _ visited: inout Visited, from start: Int, _ count: Int
  ) -> UInt64 {
    var fresh: UInt64 = 0
    for step in 0..<count {
      // Every second node was seen just before, as about half of a node's neighbors are.
      let slot = order[(start &+ step / 2) % order.count]
      if visited.insert(slot) { fresh &+= 1 }
    }
    return fresh
  }

  // MARK: - Neighbors

  /// A list that will get one link more, as it is before.
  package struct LinkToAdd: Sendable {
    let node: UInt32
    let target: UInt32
    let links: [UInt32]
  }

  /// Chooses nodes in turn, and for each a neighbor of a neighbor, as an insert nearby would give
  /// it.
  package func linksToAdd(_ count: Int) -> [LinkToAdd] {
    var chosen: [LinkToAdd] = []
    chosen.reserveCapacity(count)
    var tries = 0
    while chosen.count < count, tries < 8 * count + order.count {
      let node = order[nextNode]
      nextNode = nextNode + 1 == order.count ? 0 : nextNode + 1
      tries += 1
      // A node comes once in a batch, so that putting its list back undoes all.
      if chosen.count >= order.count / 2 { break }
      if let target = target(of: node) {
        chosen.append(LinkToAdd(node: node, target: target, links: links(of: node)))
      }
    }
    precondition(chosen.count == count, "an index of this size has as many nodes with neighbors")
    return chosen
  }

  /// Adds them; to a full list by picking all of its links anew.
  package func addLinks(_ chosen: [LinkToAdd]) -> UInt64 {
    for link in chosen { index.addLink(from: link.node, to: link.target, 0, scratch) }
    return UInt64(chosen.count)
  }

  /// Puts the lists back.
  package func restore(_ chosen: [LinkToAdd]) {
    for link in chosen {
      index.arena.withLock(link.node) {
        // SAFETY: the links were read from this list, so they fit into it.
        unsafe link.links.withUnsafeBufferPointer { list in
          unsafe index.arena.replaceLinks(of: link.node, 0, with: list.baseAddress, list.count)
        }
      }
    }
  }

  private var nextNode = 0

  private func links(of node: UInt32) -> [UInt32] {
    // SAFETY: the scratch has room for a list of any layer.
    let count = unsafe index.arena.copyLinks(of: node, 0, to: scratch.slots)
    return unsafe Array(UnsafeBufferPointer(start: scratch.slots, count: count))
  }

  private func target(of node: UInt32) -> UInt32? {
    let near = Set(links(of: node))
    for neighbor in near.sorted() {
      for far in links(of: neighbor) where far != node && !near.contains(far) { return far }
    }
    return nil
  }
}
