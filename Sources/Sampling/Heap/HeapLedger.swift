/// Samples → sums by place, what was live, and when most of it was.
struct HeapLedger {
  struct Key: Hashable {
    let stack: Int
    let thread: UInt32
    let call: UInt32
  }

  struct Sum {
    var allocatedObjects = HeapEstimate()
    var allocatedBytes = HeapEstimate()
    var liveObjects = HeapEstimate()
    var liveBytes = HeapEstimate()
    var freed = 0
    var times: [UInt64] = []
  }

  private(set) var sums: [Key: Sum] = [:]
  private(set) var all = Sum()
  private(set) var peakBytes = HeapEstimate()
  private(set) var peakTime: UInt64 = 0
  /// Counted while the window was open.
  let counts: HeapCounts
  let began: UInt64
  let ended: UInt64

  private let chance: HeapChance
  private var now = HeapEstimate()

  init(_ log: HeapLog) {
    chance = HeapChance(log.header)
    let window = HeapWindow(log)
    (counts, began, ended) = (window.counts, window.began, window.ended)
    peakTime = began
    for event in log.events {
      switch event {
      case .allocated(let place): allocate(log.samples[place], window)
      case .freed(let place): free(log.samples[place], window)
      }
    }
  }

  private mutating func allocate(_ sample: HeapLog.Sample, _ window: HeapWindow) {
    let chance = chance.of(bytes: sample.bytes)
    let bytes = Double(sample.bytes)
    let isLive = !window.sees(sample.freed)
    let key = Key(stack: sample.stack, thread: sample.thread, call: sample.call)
    Self.add(bytes, chance, isLive, to: &all)
    Self.add(bytes, chance, isLive, to: &sums[key, default: Sum()])
    sums[key]?.times.append(sample.time)
    now.add(bytes, chance: chance)
    if now.value > peakBytes.value { (peakBytes, peakTime) = (now, sample.time) }
  }

  private static func add(
    _ bytes: Double, _ chance: Double, _ isLive: Bool, to sum: inout Sum
  ) {
    sum.allocatedObjects.add(1, chance: chance)
    sum.allocatedBytes.add(bytes, chance: chance)
    if isLive {
      sum.liveObjects.add(1, chance: chance)
      sum.liveBytes.add(bytes, chance: chance)
    } else {
      sum.freed += 1
    }
  }

  private mutating func free(_ sample: HeapLog.Sample, _ window: HeapWindow) {
    guard window.sees(sample.freed) else { return }
    now.remove(Double(sample.bytes), chance: chance.of(bytes: sample.bytes))
  }
}

/// When samples were taken, and what was counted meanwhile.
struct HeapWindow {
  let counts: HeapCounts
  let began: UInt64
  let ended: UInt64
  /// After this nobody cares who is freed: the window was closed and stayed so.
  private let closed: UInt64?

  init(_ log: HeapLog) {
    var sum = HeapCounts()
    var open: HeapCounts? = log.header.waitsForWindow ? nil : HeapCounts()
    var began = log.header.waitsForWindow ? nil : Optional(log.header.started)
    for window in log.windows {
      if window.isBegin, open == nil {
        open = window.counts
        began = began ?? window.time
      } else if !window.isBegin, let since = open {
        sum += window.counts - since
        open = nil
      }
    }
    if let open { sum += log.counted - open }
    counts = sum
    closed = open == nil ? log.windows.last?.time : nil
    let end = closed ?? log.lastTime
    self.began = min(began ?? end, end)
    ended = end
  }

  /// Whether a free happened in time to count.
  func sees(_ freed: UInt64?) -> Bool {
    guard let freed else { return false }
    return closed.map { freed <= $0 } ?? true
  }
}
