import Pprof

/// Writes Perfetto's packets, one sequence after the other.
///
/// A sequence has one track, and a clock that counts from packet to packet, as that of Perfetto's
/// own library does: a time takes two or three bytes instead of eight. The clock starts from the
/// monotonic one, which the trace is declared to be in.
struct PacketStream<Failure: Error> {
  var batch: ByteBatch<Failure>
  private let start: UInt64
  private var sequence: UInt64 = 0
  private var clock: UInt64 = 0

  /// The kernel's monotonic clock, and the first number that a sequence may give to its own.
  private enum ClockID {
    static var monotonic: UInt64 { 3 }
    static var own: UInt64 { 64 }
  }

  private enum Flags {
    static var cleared: UInt64 { 1 }
    static var needsState: UInt64 { 2 }
  }

  init(start: UInt64, _ batch: ByteBatch<Failure>) {
    self.start = start
    self.batch = batch
  }

  /// Begins a sequence whose events belong to a new track, and answers the track's number.
  @discardableResult
  mutating func beginTrack(_ describe: (inout WireWriter) -> Void) -> UInt64 {
    sequence += 1
    clock = start
    let (track, start) = (sequence, start)
    packet(flags: Flags.cleared) { packet in
      packet.message(6) { snapshot in
        snapshot.message(1) { clock in
          clock.number(1, ClockID.monotonic)
          clock.number(2, start)
        }
        snapshot.message(1) { clock in
          clock.number(1, ClockID.own)
          clock.number(2, start)
          clock.number(3, 1)
        }
        snapshot.number(2, ClockID.monotonic)
      }
      packet.message(59) { defaults in
        defaults.message(11) { $0.number(11, track) }
        defaults.number(58, ClockID.own)
      }
      packet.number(87, 1)
    }
    packet { packet in
      packet.message(60) { descriptor in
        descriptor.number(1, track)
        describe(&descriptor)
      }
    }
    return track
  }

  /// Writes an event of the track; one that is older than the one before gets that one's time.
  mutating func event(at time: UInt64, _ fill: (inout WireWriter) -> Void) {
    let passed = time > clock ? time - clock : 0
    packet { packet in
      // Said also when it is zero: without it the packet would have no time.
      packet.varint(8 << 3)
      packet.varint(passed)
      packet.message(11, fill)
    }
    clock += passed
  }

  /// Writes a packet that relies on the head of its sequence.
  mutating func packet(_ fill: (inout WireWriter) -> Void) {
    packet(flags: Flags.needsState, fill)
  }

  private mutating func packet(flags: UInt64, _ fill: (inout WireWriter) -> Void) {
    var packet = WireWriter()
    fill(&packet)
    packet.number(10, sequence)
    packet.number(13, flags)
    var framed = WireWriter()
    framed.message(1, packet)
    batch.bytes += framed.bytes
  }
}
