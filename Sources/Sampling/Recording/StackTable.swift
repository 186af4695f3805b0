/// Equal stacks of one thread, counted; what a recorder keeps instead of samples.
struct StackTable {
  struct Key: Hashable {
    let tid: Int32
    let kernel: [UInt64]
    let user: [UInt64]
    let isTruncated: Bool
  }

  struct Count {
    var samples: Int64 = 0
    var nanoseconds: Int64 = 0
  }

  private(set) var counts: [Key: Count] = [:]

  mutating func add(_ key: Key, nanoseconds: Int64) {
    counts[key, default: Count()].samples += 1
    counts[key, default: Count()].nanoseconds &+= nanoseconds
  }
}
