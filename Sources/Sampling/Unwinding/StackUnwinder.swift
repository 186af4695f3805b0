import Basics
import CPerfEvents
import CUnwind
import Glibc

/// Walks the copied stack of another process with libunwind, outside any signal handler.
///
/// Invariants: `unwinder` came from `vb_unwinder_create` and is destroyed once; during a walk the
/// context pointer refers to `self`, which the caller keeps alive, and nobody else uses it.
@safe final class StackUnwinder {
  private let unwinder: OpaquePointer
  private var space: AddressSpace
  /// For each region its file, if it has one; no text is hashed on the way of a sample.
  private var images: [UnwindImage?] = []
  private let open: (MappedRegion) -> UnwindImage?
  private var stack: ArraySlice<UInt8> = []
  /// Whether `images` are those of the memory before; looked for when a sample needs them.
  private var isStale = false
  /// The file that unwind data was last found for; only its code may be mapped that we know of.
  private var current: (image: UnwindImage, bias: UInt64)?
  private var stackPointer: UInt64 = 0
  private var framePointer: UInt64 = 0
  private var ranPastTheCopy = false
  private var known = KnownStacks()
  private var addresses = [UInt64](repeating: 0, count: deepest)
  private var stackPointers = [UInt64](repeating: 0, count: deepest)
  private static let deepest = 512

  /// For each register of a sample, its DWARF number.
  private static let registerNumbers: [Int] = (0..<Int32(64))
    .filter { vb_register_mask() & (1 << UInt64($0)) != 0 }
    .map { Int(vb_register_number($0)) }

  enum Ending { case complete, truncated, broken }

  init(
    _ space: AddressSpace, open: @escaping (MappedRegion) -> UnwindImage?
  ) throws(SamplingError) {
    guard vb_unwind_load() else { throw .noUnwinder }
    self.space = space
    self.open = open
    var questions = unsafe vb_unwind_questions(
      read_word: { context, address, value in
        let unwinder = unsafe Unmanaged<StackUnwinder>.fromOpaque(context).takeUnretainedValue()
        guard let word = unwinder.word(at: address) else { return false }
        unsafe value.pointee = word
        return true
      },
      find_table: { context, address, table in
        let unwinder = unsafe Unmanaged<StackUnwinder>.fromOpaque(context).takeUnretainedValue()
        guard let found = unwinder.table(for: address) else { return false }
        unsafe table.pointee = found
        return true
      })
    // SAFETY: the questions are copied by the call.
    guard let made = unsafe vb_unwinder_create(&questions) else { throw .noUnwinder }
    unsafe unwinder = made
    // All at once and before the first sample: a slow look at a file would let a ring overflow.
    images = space.regions.map(open)
  }

  deinit { unsafe vb_unwinder_destroy(unwinder) }

  /// The process has other memory now; `forgetting` when something took the place of something.
  func follow(_ space: AddressSpace, forgetting: Bool) {
    self.space = space
    isStale = true
    current = nil
    guard forgetting else { return }
    known = KnownStacks()
    // SAFETY: the unwinder is alive, and nobody walks with it now.
    unsafe vb_unwinder_flush(unwinder)
  }

  /// The user frames of a sample, the innermost first; return addresses point into their calls.
  func walk(_ sample: SampleRecord) -> (frames: [UInt64], ending: Ending) {
    if sample.registers.isEmpty { return ([], .complete) }
    if isStale {
      images = space.regions.map(open)
      isStale = false
    }
    var registers = vb_unwind_registers()
    // SAFETY: the tuple of 33 words is written inside its bounds.
    unsafe withUnsafeMutableBytes(of: &registers) { target in
      for (place, number) in Self.registerNumbers.enumerated() where 0..<33 ~= number {
        unsafe target.storeBytes(
          of: sample.registers[place], toByteOffset: number * 8, as: UInt64.self)
      }
    }
    // SAFETY: the register numbers are below 33.
    unsafe withUnsafeBytes(of: &registers) { values in
      unsafe stackPointer = values.load(fromByteOffset: Int(vb_register_sp()) * 8, as: UInt64.self)
      unsafe framePointer = values.load(fromByteOffset: Int(vb_register_fp()) * 8, as: UInt64.self)
    }
    stack = sample.stack
    defer { stack = [] }
    // SAFETY: the register number is below 33.
    let instruction = unsafe withUnsafeBytes(of: &registers) {
      unsafe $0.load(fromByteOffset: Int(vb_register_pc()) * 8, as: UInt64.self)
    }
    let key = KnownStacks.Key(
      instruction: instruction, frameOffset: framePointer &- stackPointer)
    if let frames = known.find(key, { self.copied(at: $0) }) { return (frames, .complete) }
    ranPastTheCopy = false
    var how: Int32 = 0
    // SAFETY: the context is self, alive for the call; both arrays have the room announced.
    let count = unsafe vb_unwinder_walk(
      unwinder, &registers, Unmanaged.passUnretained(self).toOpaque(), &addresses, &stackPointers,
      Int32(Self.deepest), &how)
    let frames = Array(addresses.prefix(max(0, Int(count))))
    // Where nothing is mapped a thread was never: the walk went astray, as at a thread's very start.
    if let end = frames.dropFirst().firstIndex(where: { space.index(containing: $0) == nil }) {
      return (Array(frames[..<end]), .broken)
    }
    guard how == Int32(vb_unwind_reached_end) else {
      return (frames, ranPastTheCopy || how == Int32(vb_unwind_full) ? .truncated : .broken)
    }
    let depths = stackPointers.prefix(frames.count).map { $0 &- stackPointer }
    known.add(key, frames: frames, depths: depths) { self.copied(at: $0) }
    return (frames, .complete)
  }

  /// Eight bytes of the copy, so far above the stack pointer.
  private func copied(at depth: UInt64) -> UInt64? {
    guard depth < UInt64(stack.count), Int(depth) + 8 <= stack.count else { return nil }
    // SAFETY: the eight bytes lie inside the copy, checked above.
    return unsafe stack.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: Int(depth), as: UInt64.self)
    }
  }

  private func word(at address: UInt64) -> UInt64? {
    if address >= stackPointer, let word = copied(at: address - stackPointer) { return word }
    // An epilogue reads the frame pointer it has just popped, below the stack pointer.
    if address < stackPointer, address >= stackPointer &- 128 {
      return address == stackPointer &- 8 ? framePointer : 0
    }
    // Unwind data lies in another mapping of the same file than the code.
    if let (image, bias) = current, let word = image.word(at: address &- bias) { return word }
    guard let place = space.index(containing: address), let image = images[place] else {
      // Nothing but the stack lies so close above the stack pointer.
      if address >= stackPointer, address - stackPointer < 1 << 26 { ranPastTheCopy = true }
      return nil
    }
    return image.address(of: address, in: space.regions[place]).flatMap { image.word(at: $0) }
  }

  private func table(for address: UInt64) -> vb_unwind_table? {
    guard let place = space.index(containing: address), let image = images[place],
      let header = image.header,
      let own = image.address(of: address, in: space.regions[place])
    else { return nil }
    let region = space.regions[place]
    let bias = address &- own
    current = (image, bias)
    return vb_unwind_table(
      start: region.start, end: region.end, header: header &+ bias, table: header &+ bias &+ 12,
      table_count: image.entries)
  }
}
