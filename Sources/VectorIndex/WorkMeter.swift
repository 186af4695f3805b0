/// Where an index counts its work, so that another process can read how far it is.
///
/// The watcher of a trial reads these words through the kernel at moments of its own choice, and
/// nothing in the trial needs to wake up for it.
package struct WorkMeter: Sendable, Equatable {
  /// The address of the desk's words in the process that owns the index.
  package let address: UInt64

  package static let byteCount = OperationDesk.seats * OperationDesk.seatWords * 8

  package init(address: UInt64) { self.address = address }

  /// Distances found on the way through the graph, and distances between candidates.
  ///
  /// The first are read from memory, the second mostly from cache, so they have two prices.
  package static func work(in words: [UInt64]) -> [UInt64] {
    [1, 3].map { place in
      GraphWork.Kind.allCases.reduce(0) { sum, kind in
        stride(from: place + kind.firstWord, to: words.count, by: OperationDesk.seatWords)
          .reduce(sum) { $0 &+ words[$1] }
      }
    }
  }
}

extension GraphIndex {
  package var meter: WorkMeter { desk.meter }
}
