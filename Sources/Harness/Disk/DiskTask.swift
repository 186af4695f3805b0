package import Measurement

/// One way to ask a disk; each round asks all of them once.
package enum DiskTask: String, CaseIterable, Sendable {
  /// Records appended and synced one by one into blocks that were written ahead, as the log does.
  case commit = "commit.1"
  /// The same into a file that each record makes longer.
  case growing = "commit.grow"
  case four = "commit.4"
  case eight = "commit.8"
  /// A new file, a megabyte at a time, with one sync at the end.
  case write = "write"
  case scan = "read.scan"
  case directScan = "read.scan.direct"
  case pick = "read.random"
  case directPick = "read.random.direct"

  static let blockBytes = 4_096
  static let chunkBytes = 1 << 20

  var writers: Int {
    switch self {
    case .four: 4
    case .eight: 8
    default: 1
    }
  }

  package var isCommit: Bool { [.commit, .growing, .four, .eight].contains(self) }

  var isDirect: Bool { self == .directScan || self == .directPick }

  /// Bytes of one operation.
  var operationBytes: Int { isStream ? Self.chunkBytes : Self.blockBytes }

  /// Streams are weighed in bytes a second, the others in operations and how long each takes.
  var isStream: Bool { [.write, .scan, .directScan].contains(self) }
}

/// What one task did in one round.
package struct DiskSlice: Sendable {
  /// Of each operation; empty for streams.
  package var times = LatencyHistogram()
  package var operations = 0
  /// The user's bytes: records or what was read.
  package var bytes = 0
  /// On the monotonic clock; told by writers that run at the same time.
  var begin: UInt64 = 0
  package var nanoseconds: UInt64 = 0
  /// Everything that was written for it, zeros ahead included.
  var writtenBytes = 0
  var writeCalls = 0
  /// Why it is not what its name says.
  var problem: String?

  var seconds: Double { Double(max(1, nanoseconds)) / 1e9 }

  mutating func note(written bytes: Int) {
    writtenBytes += bytes
    writeCalls += 1
  }

  /// What several writers did at the same time.
  static func together(_ slices: [DiskSlice]) -> DiskSlice {
    var sum = DiskSlice()
    for slice in slices {
      sum.times.merge(slice.times)
      sum.operations += slice.operations
      sum.bytes += slice.bytes
      sum.writtenBytes += slice.writtenBytes
      sum.writeCalls += slice.writeCalls
    }
    sum.begin = slices.map(\.begin).min() ?? 0
    sum.nanoseconds = (slices.map { $0.begin + $0.nanoseconds }.max() ?? 0) - sum.begin
    return sum
  }
}
