import Basics

/// What a process that watched itself leaves behind, beside the file of its raw samples.
struct SelfRecord: Codable {
  static let name = "self.json"
  static let samplesName = "self.samples"

  let maps: String
  let names: [Int32: String]
  /// What only the process itself can read: see `ChosenFunctions`.
  let chosen: [UInt64: String]
  let before: [Int32: UInt64]
  let startedWall: UInt64
  let nanoseconds: UInt64
  /// What the clocks of the watched threads counted, and what the process was charged.
  let countedNanoseconds: UInt64
  let processNanoseconds: UInt64
  let dropped: UInt64
  let period: UInt64
  /// Every stack of a wait once; position 0 is the unknown one.
  let stacks: [[UInt64]]
  let waits: [Entry]
  let droppedWaits: Int

  /// A wait with its stacks by their place.
  struct Entry: Codable {
    let thread: Int32
    let length: UInt64
    let waitClass: WaitClass
    let stack: Int
    let releaser: Int
  }

  init(
    maps: String, names: [Int32: String], chosen: [UInt64: String], before: [Int32: UInt64],
    startedWall: UInt64,
    nanoseconds: UInt64, countedNanoseconds: UInt64, processNanoseconds: UInt64, dropped: UInt64,
    period: UInt64,
    waits recording: WaitRecording
  ) {
    self.maps = maps
    self.names = names.merging(recording.threadNames) { own, _ in own }
    self.chosen = chosen
    self.before = before
    self.startedWall = startedWall
    self.nanoseconds = nanoseconds
    self.countedNanoseconds = countedNanoseconds
    self.processNanoseconds = processNanoseconds
    self.dropped = dropped
    self.period = period
    droppedWaits = recording.droppedCount
    var places: [[UInt64]: Int] = [[]: 0]
    var stacks: [[UInt64]] = [[]]
    func place(_ stack: [UInt64]) -> Int {
      if let known = places[stack] { return known }
      places[stack] = stacks.count
      stacks.append(stack)
      return stacks.count - 1
    }
    waits = recording.waits.map { wait in
      Entry(
        thread: wait.thread, length: wait.duration, waitClass: wait.waitClass,
        stack: place(wait.stack), releaser: place(wait.releaser))
    }
    self.stacks = stacks
  }
}
