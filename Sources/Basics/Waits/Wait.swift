/// What a thread waited for.
package enum WaitClass: String, Codable, Sendable, CaseIterable {
  case lock, condition, disk, sleep, other
}

/// One time that one thread stood still, in nanoseconds of the monotonic clock.
package struct Wait: Sendable, Equatable {
  package let thread: Int32
  package let start: UInt64
  package let end: UInt64
  package let waitClass: WaitClass
  /// The name of the lock, condition or file.
  package let name: String
  /// Return addresses of the thread that waited, the innermost first.
  package let stack: [UInt64]
  /// Those of the thread that let the lock go; empty when unknown or when there is none.
  package let releaser: [UInt64]

  package var duration: UInt64 { end >= start ? end - start : 0 }

  package init(
    thread: Int32, start: UInt64, end: UInt64, waitClass: WaitClass, name: String,
    stack: [UInt64], releaser: [UInt64] = []
  ) {
    self.thread = thread
    self.start = start
    self.end = end
    self.waitClass = waitClass
    self.name = name
    self.stack = stack
    self.releaser = releaser
  }
}
