/// Which slots are in use, which may be used again, and which have to wait first.
///
/// A removed slot waits twice: until nobody is left who signed in before it was taken out of use
/// (so no one can be reading it or about to link to it), and then until the sweep has passed every
/// list once (so no link to it is left). Only then is it used again.
struct SlotLedger {
  struct Waiting {
    let slot: UInt32
    let epoch: UInt64
    /// Once the first wait is over: the lap and place of the sweep that end the second.
    var due: (lap: Int, place: Int)?
  }

  var committed = 0
  var committedUpperWords = 0
  var upperWords = 0
  var reusable: [UInt32] = []
  var waiting: [Waiting] = []

  /// Moves on what has waited long enough, the oldest first.
  mutating func advance(oldestEpoch: UInt64, lap: Int, place: Int) {
    var done = 0
    for index in waiting.indices {
      guard let due = waiting[index].due else {
        if waiting[index].epoch > oldestEpoch { break }
        waiting[index].due = (lap + 1, place)
        continue
      }
      guard index == done, (lap, place) >= due else { continue }
      reusable.append(waiting[index].slot)
      done += 1
    }
    waiting.removeFirst(done)
  }
}
