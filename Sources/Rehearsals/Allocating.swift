import Basics
import Glibc

/// Ways to use memory; the answers are bytes and objects.
enum Allocating {
  static func work(_ mode: String) -> [String: UInt64]? {
    switch mode {
    case "heap": churn(rounds: 12_000)
    case "malloc": pairs(20_000_000)
    case "leak": leak(blocks: 8_192)
    default: nil
    }
  }

  /// Three parts of the bytes in one function and one part in another, all of it freed.
  ///
  /// Sizes from 64 KiB to 1 MiB, so that some are sampled nearly always and some seldom.
  private static func churn(rounds: Int) -> [String: UInt64] {
    var (size, three, one) = (0, 0, 0)
    for _ in 0..<rounds {
      size = (size + 97_003) % 983_040
      for _ in 0..<3 { allocateThree(65_536 + size) }
      allocateOne(65_536 + size)
      three += 3 * (65_536 + size)
      one += 65_536 + size
    }
    return [
      "three": UInt64(three), "one": UInt64(one), "threeObjects": UInt64(3 * rounds),
      "oneObjects": UInt64(rounds),
    ]
  }

  @inline(never)
  private static func allocateThree(_ bytes: Int) {
    unsafe release(malloc(bytes))
  }

  @inline(never)
  private static func allocateOne(_ bytes: Int) {
    unsafe release(calloc(1, bytes))
  }

  /// Shown to the world before it is freed: a compiler leaves out what nobody could ever see.
  @inline(never)
  private static func release(_ block: UnsafeMutableRawPointer?) {
    // SAFETY: freed once, and never used.
    unsafe kept = block
    unsafe free(block)
  }

  /// How long a pair of malloc and free takes.
  private static func pairs(_ count: Int) -> [String: UInt64] {
    let start = Clock.threadCPU()
    for _ in 0..<count {
      unsafe release(malloc(64))
    }
    return ["picoseconds": (Clock.threadCPU() - start) * 1_000 / UInt64(count)]
  }

  /// Blocks of 64 KiB: every other one is kept, a little later than the one before it.
  private static func leak(blocks: Int) -> [String: UInt64] {
    for block in 0..<blocks {
      keep(65_536)
      if block % 64 == 0 { usleep(1_000) }
      unsafe release(malloc(65_536))
    }
    return ["kept": UInt64(65_536 * blocks), "keptObjects": UInt64(blocks)]
  }

  @inline(never)
  private static func keep(_ bytes: Int) {
    // SAFETY: nobody uses it.
    unsafe kept = malloc(bytes)
  }

  nonisolated(unsafe) private static var kept: UnsafeMutableRawPointer?
}
