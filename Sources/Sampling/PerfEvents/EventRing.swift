import Basics
import CPerfEvents
import Glibc

/// The memory through which the kernel hands over the records of one processor.
///
///     | control page | data: a power of two of pages, used round and round |
///
/// The kernel writes up to `data_head`; we read from `data_tail` and then give the space back.
/// A header never straddles the end (sizes are multiples of eight) but a body may, so every record
/// is copied out in one or two pieces.
///
/// Invariants: `control` is a mapping of one page plus `capacity` bytes; `capacity` is a power of
/// two; only the thread that owns this value moves the tail.
@safe struct EventRing: ~Copyable, @unchecked Sendable {
  private let control: UnsafeMutableRawPointer
  private let pageBytes: Int
  let capacity: Int
  let descriptor: Int32

  static let smallest = 128 << 10

  /// Maps the ring of an event; halves it as long as the limit of locked memory refuses.
  init(of event: borrowing EventDescriptor, capacity wanted: Int) throws(SystemError) {
    precondition(wanted & (wanted - 1) == 0, "the kernel wants a power of two")
    pageBytes = sysconf(Int32(_SC_PAGESIZE))
    var capacity = wanted
    while true {
      // SAFETY: a shared mapping of an open event, checked before use.
      let address = unsafe mmap(
        nil, pageBytes + capacity, PROT_READ | PROT_WRITE, MAP_SHARED, event.number, 0)
      if let address = unsafe address, unsafe address != MAP_FAILED {
        unsafe control = address
        break
      }
      let code = errno
      if code == EPERM || code == ENOMEM, capacity > Self.smallest {
        capacity /= 2
        continue
      }
      throw SystemError("map", "the ring of a kernel event", code: code)
    }
    self.capacity = capacity
    descriptor = event.number
  }

  deinit {
    // SAFETY: exactly what init mapped; nothing else keeps a pointer into it.
    unsafe munmap(control, pageBytes + capacity)
  }

  /// Moves everything that is ready into `sorter`.
  func drain(into sorter: inout RecordSorter) {
    // SAFETY: the first page of the mapping is the kernel's control page.
    let page = unsafe control.assumingMemoryBound(to: vb_ring_control.self)
    let head = unsafe vb_ring_head(page)
    var tail = unsafe vb_ring_tail(page)
    while tail < head {
      let size = recordSize(at: tail)
      // A size that cannot be means the rest cannot be trusted; drop it rather than run astray.
      guard size >= 8, UInt64(size) <= head - tail else {
        sorter.noteDamage()
        tail = head
        break
      }
      append(at: tail, size: size, to: &sorter)
      tail += UInt64(size)
    }
    // SAFETY: all before `tail` has been copied out.
    unsafe vb_ring_release(page, tail)
  }

  private func recordSize(at tail: UInt64) -> Int {
    let position = Int(tail & UInt64(capacity - 1))
    // SAFETY: headers are eight bytes on an eight-byte boundary, so this one does not straddle.
    return Int(
      unsafe (control + pageBytes + position).loadUnaligned(fromByteOffset: 6, as: UInt16.self))
  }

  private func append(at tail: UInt64, size: Int, to sorter: inout RecordSorter) {
    let position = Int(tail & UInt64(capacity - 1))
    let first = min(size, capacity - position)
    let data = unsafe control + pageBytes
    // SAFETY: both pieces lie inside the data area: position + first ≤ capacity, and what is left
    // is shorter than the ring.
    unsafe sorter.append(
      UnsafeRawBufferPointer(start: data + position, count: first),
      UnsafeRawBufferPointer(start: data, count: size - first))
  }
}
