/// Stacks that were walked before, found again by looking at their return addresses only.
///
/// A walk asks libunwind about each frame, which takes about a microsecond; a thread that waits in
/// the same place for the thousandth time has the same frames. A stack is taken for a known one
/// when it stopped at the same instruction, with the same distance between its stack and frame
/// pointers, and every return address stands where the known one had it: then the same calls were
/// made in the same order, whatever else lies between them.
struct KnownStacks {
  struct Key: Hashable {
    let instruction: UInt64
    let frameOffset: UInt64
  }

  private struct Known {
    let frames: [UInt64]
    /// How far above the stack pointer each return address lies, and what it is.
    let slots: [(depth: UInt64, address: UInt64)]
  }

  /// A place has few ways to be reached; a program with very many is walked instead.
  private static let waysToOnePlace = 8
  private static let places = 50_000

  private var known: [Key: [Known]] = [:]

  func find(_ key: Key, _ word: (UInt64) -> UInt64?) -> [UInt64]? {
    guard let candidates = known[key] else { return nil }
    return candidates.first { candidate in
      candidate.slots.allSatisfy { word($0.depth) == $0.address }
    }?.frames
  }

  /// Remembers a complete walk, if its return addresses lie where calls leave them.
  ///
  /// `depths` are the stack pointers of the frames, above that of the innermost.
  mutating func add(
    _ key: Key, frames: [UInt64], depths: [UInt64], _ word: (UInt64) -> UInt64?
  ) {
    #if arch(x86_64)
      var slots: [(depth: UInt64, address: UInt64)] = []
      for (frame, depth) in zip(frames, depths).dropFirst() {
        // A call leaves its return address just below the caller's stack pointer, and a walk
        // gives that address minus one. Frames made by a signal have it elsewhere.
        guard depth >= 8, word(depth - 8) == frame &+ 1 else { return }
        slots.append((depth - 8, frame &+ 1))
      }
      guard known.count < Self.places, known[key, default: []].count < Self.waysToOnePlace else {
        return
      }
      known[key, default: []].append(Known(frames: frames, slots: slots))
    #endif
  }
}
