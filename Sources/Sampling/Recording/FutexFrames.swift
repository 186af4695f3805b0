/// Finds the word that a thread waits at, from the registers it went into the kernel with.
///
/// The first argument of the call is still in its register, because a sample has the registers of
/// the way in. Whether the thread is in that call at all is told by the kernel's frames.
struct FutexFrames {
  /// For each address in the kernel that was met, whether it lies in a function of futexes.
  private var known: [UInt64: Bool] = [:]
  /// Read when this is made: it takes a tenth of a second, and later samples would wait.
  private let symbols = KernelSymbols.running

  #if arch(x86_64)
    /// The kernel's order is ax, bx, cx, dx, si, di.
    private static let firstArgument = 5
  #else
    private static let firstArgument = 0
  #endif

  /// Zero when the thread waits for something else.
  mutating func word(of sample: SampleRecord) -> UInt64 {
    guard sample.registers.count > Self.firstArgument,
      sample.kernelFrames.contains(where: { isFutex($0) })
    else { return 0 }
    return sample.registers[Self.firstArgument]
  }

  private mutating func isFutex(_ address: UInt64) -> Bool {
    if let known = known[address] { return known }
    let name = symbols.name(at: address) ?? ""
    let answer =
      name == "futex_wait" || name == "do_futex" || name.hasPrefix("__x64_sys_futex")
      || name.hasPrefix("__arm64_sys_futex")
    known[address] = answer
    return answer
  }
}
