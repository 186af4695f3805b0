import CSelfSampler

/// The return addresses of one thread, kept without allocating.
///
/// It is filled on the path of an operation, often while a lock is held, so it has a fixed size;
/// deeper stacks lose their outermost frames.
struct CapturedStack: Sendable {
  static let capacity = 64
  private(set) var count: Int32 = 0
  private var frames = InlineArray<64, UInt64>(repeating: 0)

  /// Takes the calling thread's stack, from the caller's own frame outwards.
  mutating func capture() {
    var span = frames.mutableSpan
    // SAFETY: the buffer is lent for the call and its real capacity is handed over.
    count = unsafe span.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe vb_walk_frames(base, Int32(buffer.count))
    }
  }

  mutating func clear() { count = 0 }

  var addresses: [UInt64] { (0..<Int(count)).map { frames[$0] } }
}
