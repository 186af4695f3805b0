import Basics
import CPerfEvents
import Glibc

/// The memory that the kernel writes the records of one processor into.
///
/// Invariants: `control` is the first page of a mapping of one page and `dataBytes` bytes behind
/// it, a power of two. The kernel moves the head, we move the tail; between the two lie whole
/// records. `limit` is a head that was read with acquire order. Everything in a record is aligned
/// to eight bytes, so a header never wraps around the end of the data, but a record may: it is
/// copied out before it is read.
@safe struct EventRing: ~Copyable {
  let descriptor: Int32
  private let control: UnsafeMutablePointer<vb_ring_control>
  private let data: UnsafeRawPointer
  private let dataBytes: Int
  private var tail: UInt64 = 0
  private var limit: UInt64 = 0

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

  /// Looks how far the kernel has written by now.
  mutating func look() {
    // SAFETY: control is alive; the head is read with acquire order before the records.
    unsafe limit = vb_ring_head(control)
  }

  /// When the next record was made; nil when there is none.
  ///
  /// All that merging needs, so the record itself stays where it is.
  func nextTime() -> UInt64? {
    guard let size = nextSize else { return nil }
    let offset = RecordParser.timeOffset(type: word(0) & 0xffff_ffff, size: size)
    return offset + 8 <= size ? word(offset) : 0
  }

  /// Copies the next record to the front of `buffer` and steps over it; answers its size.
  mutating func take(into buffer: inout [UInt8]) -> Int? {
    guard let size = nextSize else { return nil }
    let start = Int(tail & UInt64(dataBytes - 1))
    let first = min(size, dataBytes - start)
    // SAFETY: start + first ≤ dataBytes, the rest begins anew at the front of the data, and a
    // record is at most 65,535 bytes, less than the buffer.
    unsafe buffer.withUnsafeMutableBytes { target in
      guard let base = target.baseAddress else { return }
      unsafe memcpy(base, data + start, first)
      unsafe memcpy(base + first, data, size - first)
    }
    tail += UInt64(size)
    return size
  }

  /// Gives the place of what was taken back to the kernel.
  func release() {
    // SAFETY: everything before the tail was copied out.
    unsafe vb_ring_release(control, tail)
  }

  private var nextSize: Int? {
    guard tail < limit else { return nil }
    let size = Int(word(0) >> 48)
    return size >= 8 && UInt64(size) <= limit - tail ? size : nil
  }

  /// Eight bytes of the next record.
  private func word(_ offset: Int) -> UInt64 {
    let place = Int((tail + UInt64(offset & ~7)) & UInt64(dataBytes - 1))
    // SAFETY: the place is below the power of two and a multiple of eight, so the word ends inside.
    return unsafe data.load(fromByteOffset: place, as: UInt64.self)
  }
}

/// The rings of all processors, read as one stream in the order in which things happened.
///
/// A thread goes on at another processor than it left, and a library is mapped on one processor
/// and sampled on the next, so neither ring means anything alone. Records younger than `until` stay
/// for the next round: a record that old is surely in its ring by now, whichever that is.
final class RingSet {
  private final class Ring {
    var ring: EventRing
    var next: UInt64?

    init(_ ring: consuming EventRing) { self.ring = ring }
  }

  private var rings: [Ring] = []
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  private var latest: UInt64 = 0
  /// Records that came after younger ones had been given out.
  private(set) var late = 0

  func add(descriptor: Int32, dataBytes: Int) throws(SystemError) {
    rings.append(Ring(try EventRing(descriptor: descriptor, dataBytes: dataBytes)))
  }

  /// The event whose ring takes the records of a processor.
  func owner(of cpu: Int32) -> Int32 { rings[Int(cpu)].ring.descriptor }

  var owners: Set<Int32> { Set(rings.map { $0.ring.descriptor }) }

  /// Gives out every record made before `end`, oldest first.
  ///
  /// The bytes are those of one buffer that is used again: whoever keeps something copies it.
  func drain(until end: UInt64, _ body: ([UInt8], Range<Int>) -> Void) {
    for ring in rings {
      ring.ring.look()
      ring.next = ring.ring.nextTime()
    }
    while let ring = oldest(before: end) {
      if let time = ring.next {
        if time < latest, time > 0 { late += 1 }
        latest = max(latest, time)
      }
      guard let size = ring.ring.take(into: &buffer) else { break }
      body(buffer, 0..<size)
      ring.next = ring.ring.nextTime()
    }
    for ring in rings { ring.ring.release() }
  }

  private func oldest(before end: UInt64) -> Ring? {
    var found: (ring: Ring, time: UInt64)?
    for ring in rings {
      guard let time = ring.next, time <= end else { continue }
      if found.map({ time < $0.time }) ?? true { found = (ring, time) }
    }
    return found?.ring
  }
}
