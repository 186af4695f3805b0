/// Takes the profiler's own frames out of stacks.
///
/// The leaf comes from where the signal struck; the frame behind it may be that of the signal
/// handler, pushed by the kernel, and is then the same in nearly all stacks. pprof removes up to
/// two of those, and a leaf that stands there twice; so do we, to give the same numbers.
enum HandlerFrames {
  typealias Sample = (stack: [UInt64], count: Int64)

  static func removed(from samples: [Sample]) -> [Sample] {
    var samples = samples
    // One stack in 32 may look different.
    let needed = samples.count - samples.count / 32
    for _ in 0..<2 {
      guard let handler = commonSecond(samples, needed) else { break }
      for index in samples.indices
      where samples[index].stack.count > 1 && samples[index].stack[1] == handler {
        samples[index].stack.remove(at: 1)
      }
    }
    for index in samples.indices {
      let stack = samples[index].stack
      if stack.count > 1, stack[0] == stack[1] &+ 1 { samples[index].stack.remove(at: 1) }
    }
    return samples
  }

  private static func commonSecond(_ samples: [Sample], _ needed: Int) -> UInt64? {
    var counts: [UInt64: Int] = [:]
    for sample in samples where sample.stack.count > 1 { counts[sample.stack[1], default: 0] += 1 }
    return counts.first { $0.value >= needed && $0.value > 0 }?.key
  }
}
