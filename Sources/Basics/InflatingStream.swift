import CZlib

/// Inflates step by step, so that nobody has to hold what a file claims to contain.
///
/// Concatenated gzip members are one stream, as gunzip has it.
@safe package struct InflatingStream: ~Copyable {
  private let bytes: [UInt8]
  private let windowBits: Int32
  /// At an address of its own: zlib remembers where the stream lies and refuses a moved one.
  private let stream: UnsafeMutablePointer<z_stream>
  private var consumed = 0
  private var chunk = [UInt8](repeating: 0, count: 65_536)
  private var isDone = false

  /// A stream over a gzip file.
  package init(gzip bytes: [UInt8]) { self.init(bytes, windowBits: 15 + 16) }

  init(_ bytes: [UInt8], windowBits: Int32) {
    self.bytes = bytes
    self.windowBits = windowBits
    // SAFETY: a fresh stream; deinit releases it and what zlib allocates.
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let code = unsafe inflateInit2_(
      stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib refused a fresh stream: \(code)")
  }

  deinit {
    // SAFETY: initialized in init and ended once, here.
    _ = unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// The next bytes, nil at the end.
  package mutating func next() throws(Zlib.Failure) -> ArraySlice<UInt8>? {
    while !isDone {
      let step = inflateOnce()
      consumed += step.consumed
      switch step.code {
      case Z_STREAM_END: endMember()
      case Z_OK, Z_BUF_ERROR:
        if step.consumed == 0, step.produced == 0 { throw .truncated(inputBytes: bytes.count) }
      default: throw .corrupt(atInputByte: consumed, reason(step.code))
      }
      if step.produced > 0 { return chunk[..<step.produced] }
    }
    return nil
  }

  private mutating func endMember() {
    isDone = windowBits == 15 || consumed >= bytes.count
    // SAFETY: the stream is alive; a reset keeps its memory.
    if !isDone { _ = unsafe inflateReset(stream) }
  }

  private func reason(_ code: Int32) -> String {
    // SAFETY: zlib's message is nil or a constant string.
    unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "error \(code)"
  }

  private mutating func inflateOnce() -> (code: Int32, consumed: Int, produced: Int) {
    let room = chunk.count
    let available = min(bytes.count - consumed, 1 << 20)
    let offset = consumed
    // SAFETY: zlib reads `available` bytes behind offset, which the array has, and writes at most
    // `room`; it does not write through next_in, whose type only lacks a const.
    return unsafe bytes.withUnsafeBufferPointer { input in
      unsafe chunk.withUnsafeMutableBufferPointer { output in
        unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(
          mutating: input.baseAddress.map { unsafe $0 + offset })
        unsafe stream.pointee.avail_in = UInt32(available)
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(room)
        let code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        return unsafe (
          code, available - Int(stream.pointee.avail_in), room - Int(stream.pointee.avail_out)
        )
      }
    }
  }
}
