import Basics
import Measurement
import Sampling

/// Exact allocation counts of a child: the heap library is loaded into it and counts every call.
///
/// Its counts per thread cost two additions a call and know nothing of sampling, so bytes are what
/// was asked for, as Go's `B/op` is. The process that counts is never the one that is timed.
struct CountedAllocations {
  /// What one window of the child allocated.
  struct Window: Codable, Equatable {
    var allocations: Double
    var bytes: Double
  }

  /// Why nobody can count here; nil when it works.
  static var refusal: String? {
    HeapShim.path == nil
      ? "\(HeapShim.fileName) lies neither beside vbench nor in ../lib/vbench, so allocations are "
        + "not counted; `make build` makes it." : nil
  }

  /// What a child says: its number, so that its recording is found among others, and how many of
  /// its windows belong together, in order.
  ///
  /// The first window is empty: what opening and closing one costs is taken off every other.
  struct Answer: Codable {
    var pid: Int32
    var groups: [Int]
  }

  /// Opens and closes windows in the child, and keeps count of them.
  final class Windows {
    private var groups: [Int] = []

    init() {
      // Twice, because the first time may do things for the first time.
      for _ in 0..<2 {
        HeapWindow.begin()
        HeapWindow.end()
      }
    }

    func group(_ body: () throws -> Void) rethrows {
      groups.append(0)
      try body()
    }

    func open() {
      groups[groups.count - 1] += 1
      HeapWindow.begin()
    }

    func close() { HeapWindow.end() }

    var answer: Answer { Answer(pid: ParentWatch.own, groups: groups) }
  }

  /// - Parameters:
  ///   - command: A hidden command that opens and closes windows.
  ///   - plan: Its plan.
  ///   - folder: For the recording.
  /// - Returns: What each group of windows allocated.
  /// - Throws: When the child fails, or its windows are not those it says.
  static func run(
    _ command: String, _ plan: some Encodable, in folder: String
  ) throws -> [Window] {
    let place = "\(folder)/heap-\(String(Clock.now(), radix: 36))"
    try FileSystem.makeDirectory(place)
    defer { try? FileSystem.removeTree(place) }
    // As few samples as possible: only the counts are wanted.
    let environment = HeapShim.environment(
      folder: place, mean: 1 << 40, waitsForWindow: true,
      preloaded: Terminal.variable("LD_PRELOAD"))
    guard let environment else { throw Failure(.failed, refusal ?? "") }
    let answer: Answer = try ChildJob<Answer>(command, environment: environment)
      .run(plan, in: folder)
    let counts = try HeapWindows.counts(in: place, pid: answer.pid).map {
      Window(allocations: Double($0.allocations), bytes: Double($0.bytes))
    }
    guard counts.count == 2 + answer.groups.reduce(0, +) else {
      throw Failure(.failed, "The counting process left \(counts.count) windows, not what it says.")
    }
    return sums(counts.dropFirst(2), answer.groups, empty: counts[1])
  }

  static func sums(
    _ counts: ArraySlice<Window>, _ groups: [Int], empty: Window
  ) -> [Window] {
    var rest = counts
    return groups.map { size in
      let group = rest.prefix(size)
      rest = rest.dropFirst(size)
      return group.reduce(Window(allocations: 0, bytes: 0)) { sum, window in
        Window(
          allocations: sum.allocations + window.allocations - empty.allocations,
          bytes: sum.bytes + window.bytes - empty.bytes)
      }
    }
  }
}
