import Basics

/// What a preloaded shim left behind, read but not yet understood: see CHeapShim.h for the format.
///
/// The file may come from a killed process, may still grow, and may be garbled: every number in it
/// is only a claim. What was read before the first impossible claim stays.
struct HeapLog {
  struct Header {
    var pid: Int32 = 0
    var parent: Int32 = 0
    var mean: UInt64 = 0
    var flags: UInt32 = 0
    var hasExited = false
    var started: UInt64 = 0
    var startedWall: UInt64 = 0
    var used: UInt64 = 0
    var ended = HeapCounts()
    var samples: UInt64 = 0
    var dropped: UInt64 = 0
    var program = ""

    var tracesAll: Bool { flags & 1 != 0 }
    var waitsForWindow: Bool { flags & 2 != 0 }
    var hasUnwinder: Bool { flags & 4 == 0 }
  }

  struct Stack {
    let addresses: [UInt64]
    let isCut: Bool
    /// The snapshot of the mappings that held when it was taken.
    let snapshot: Int
  }

  struct Sample {
    let time: UInt64
    let bytes: UInt64
    let thread: UInt32
    let stack: Int
    let call: UInt32
    var freed: UInt64?
    var isTemporary = false
  }

  struct Window {
    let time: UInt64
    let isBegin: Bool
    let counts: HeapCounts
  }

  /// A sample came or went, by its place in `samples`.
  enum Event {
    case allocated(Int)
    case freed(Int)
  }

  enum Ending: Equatable {
    case whole
    /// The header promises more than there is.
    case cut
    case damaged(offset: Int)
  }

  var header = Header()
  var snapshots: [AddressSpace] = []
  var stacks: [Stack] = []
  var samples: [Sample] = []
  /// In the order in which they happened.
  var events: [Event] = []
  var threadNames: [UInt32: String] = [:]
  var windows: [Window] = []
  /// Counted since the start of the process, in its window or not.
  var counted = HeapCounts()
  var ending = Ending.whole
  var lastTime: UInt64 = 0
}

/// What is counted exactly: every call, sampled or not.
package struct HeapCounts: Sendable, Equatable {
  package var allocations: UInt64 = 0
  package var bytes: UInt64 = 0
  package var frees: UInt64 = 0
  /// Freed before the thread allocated anything else.
  package var temporaries: UInt64 = 0

  // Garbled counts may be anything, so sums wrap and do not trap.

  static func += (left: inout HeapCounts, right: HeapCounts) {
    left.allocations &+= right.allocations
    left.bytes &+= right.bytes
    left.frees &+= right.frees
    left.temporaries &+= right.temporaries
  }

  static func - (left: HeapCounts, right: HeapCounts) -> HeapCounts {
    HeapCounts(
      allocations: left.allocations &- right.allocations, bytes: left.bytes &- right.bytes,
      frees: left.frees &- right.frees, temporaries: left.temporaries &- right.temporaries)
  }
}
