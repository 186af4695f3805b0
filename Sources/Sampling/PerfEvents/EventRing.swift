import Basics
import CPerfEvents
import Glibc

/// The memory that the kernel writes samples of one processor into.
///
/// Invariants: `control` is the first page of a mapping of one page and `dataBytes` bytes behind
/// it, a power of two. The kernel moves the head, we move the tail; between the two lie whole
/// records. A record may wrap around the end of the data, so it is copied out before it is read.
@safe struct EventRing: ~Copyable {
  let descriptor: Int32
  private let control: UnsafeMutablePointer<vb_ring_control>
  private let data: UnsafeRawPointer
  private let dataBytes: Int

  /// Maps the ring of an open event; asks for less when the kernel refuses so much.
  init(descriptor: Int32, dataBytes wanted: Int) throws(SystemError) {
    self.descriptor = descriptor
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    var bytes = wanted
    while true {
      // SAFETY: a fresh shared mapping of the event; the result is checked before use.
      let address = unsafe mmap(
        nil, page + bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
      if unsafe address != MAP_FAILED, let address = unsafe address {
        unsafe control = address.assumingMemoryBound(to: vb_ring_control.self)
        unsafe data = UnsafeRawPointer(address + page)
        dataBytes = bytes
        return
      }
      // Beyond the limit on locked memory half as much may still be allowed.
      guard errno == EPERM || errno == ENOMEM, bytes > 131_072 else {
        throw SystemError("map", "the ring of a perf event")
      }
      bytes /= 2
    }
  }

  deinit {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    // SAFETY: unmaps exactly what init mapped; the descriptor belongs to somebody else.
    _ = unsafe munmap(control, page + dataBytes)
  }

  /// Hands every record that is there to `body`, oldest first, and frees its place.
  ///
  /// The bytes are those of one buffer that is used again: whoever keeps something copies it.
  func drain(_ body: ([UInt8], Range<Int>) -> Void) {
    // SAFETY: control is alive; the head is read with acquire order before the records.
    let head = unsafe vb_ring_head(control)
    var tail = unsafe vb_ring_tail(control)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while tail < head {
      copy(8, from: tail, to: &buffer)
      let size = Int(buffer[6]) | Int(buffer[7]) << 8
      guard size >= 8, UInt64(size) <= head - tail else { break }
      copy(size, from: tail, to: &buffer)
      body(buffer, 0..<size)
      tail += UInt64(size)
    }
    // SAFETY: everything before the tail was copied out.
    unsafe vb_ring_release(control, tail)
  }

  private func copy(_ count: Int, from position: UInt64, to buffer: inout [UInt8]) {
    let start = Int(position & UInt64(dataBytes - 1))
    let first = min(count, dataBytes - start)
    // SAFETY: start + first ≤ dataBytes, the rest begins anew at the front of the data, and a
    // record is at most 65,535 bytes, less than the buffer.
    unsafe buffer.withUnsafeMutableBytes { target in
      guard let base = target.baseAddress else { return }
      unsafe memcpy(base, data + start, first)
      unsafe memcpy(base + first, data, count - first)
    }
  }
}
