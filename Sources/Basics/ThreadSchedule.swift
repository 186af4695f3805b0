/// What the scheduler says about the thread that made it.
package struct ThreadSchedule: ~Copyable {
  private let file: File?

  package init() { file = try? File("/proc/thread-self/schedstat", .read) }

  /// How long the thread has been runnable without a core, in nanoseconds since it was born; zero
  /// where the kernel does not tell.
  package func waitedForCore() -> UInt64 {
    // Time on a core, time without one, turns.
    guard let bytes = try? file?.read(at: 0, count: 64) else { return 0 }
    let second = bytes.split(separator: UInt8(ascii: " ")).dropFirst().first ?? []
    return second.reduce(0) { $0 &* 10 &+ UInt64($1 &- UInt8(ascii: "0")) }
  }
}
