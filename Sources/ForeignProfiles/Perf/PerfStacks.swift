import Pprof
import Vocabulary

/// Collects the samples of a recording, of several events at once, and makes one profile of them.
///
/// One event becomes `samples` and the event itself, as perf's users expect of `cpu`. Several
/// become a pair each, `faults.samples` and `faults`, so that one file can answer for all.
struct PerfStacks {
  /// Every sample has a value for every event, so these must stay few.
  static let eventLimit = 64

  var builder = ProfileBuilder(sampleTypes: [])
  private(set) var events: [PerfEvent] = []
  private var sums: [Key: Int] = [:]
  private var samples: [Sum] = []
  private var labels: [[Profile.Label]] = []
  private var times: ClosedRange<UInt64>?
  private var periods: [Int: Int64?] = [:]
  private var comments: [String] = []

  struct Key: Hashable {
    let event: Int32
    let labels: Int32
    let locations: [Int32]
  }

  private struct Sum {
    let key: Key
    var count: Int64
    var total: Int64
  }

  mutating func addEvent(_ event: PerfEvent) -> Int32 {
    events.append(event)
    return Int32(events.count - 1)
  }

  mutating func addLabels(_ list: [Profile.Label]) -> Int32 {
    labels.append(list)
    return Int32(labels.count - 1)
  }

  var labelCount: Int { labels.count }

  mutating func addComment(_ comment: String) { comments.append(comment) }

  /// Adds a sample, leaf first; answers whether its stack was new.
  @discardableResult
  mutating func add(_ key: Key, period: Int64?, nanoseconds: UInt64?) -> Bool {
    if let nanoseconds {
      times =
        times.map {
          min($0.lowerBound, nanoseconds)...max($0.upperBound, nanoseconds)
        } ?? nanoseconds...nanoseconds
    }
    note(period, of: Int(key.event))
    let amount = period ?? 1
    if let position = sums[key] {
      samples[position].count += 1
      let (sum, overflow) = samples[position].total.addingReportingOverflow(amount)
      samples[position].total = overflow ? .max : sum
      return false
    }
    sums[key] = samples.count
    samples.append(Sum(key: key, count: 1, total: amount))
    return true
  }

  /// Remembers the one period that all samples of an event have, until two differ.
  private mutating func note(_ period: Int64?, of event: Int) {
    guard let period else { return events[event].hasPeriods = false }
    if let known = periods[event] {
      if known != period { periods[event] = .some(nil) }
    } else {
      periods[event] = period
    }
  }

  // MARK: - The profile

  /// The profile; its main program is the file that most samples' roots lie in.
  func profile() -> Profile {
    var profile = builder.profile
    profile.sampleTypes = events.indices.flatMap { types(of: $0) }
    if events.isEmpty { profile.sampleTypes = [.init("samples", "count")] }
    let starts = events.indices.map { index in
      events[..<index].indices.reduce(0) { $0 + types(of: $1).count }
    }
    profile.samples = samples.map { sum in
      var values = [Int64](repeating: 0, count: profile.sampleTypes.count)
      let event = Int(sum.key.event)
      values[starts[event]] = sum.count
      if events[event].hasPeriods { values[starts[event] + 1] = sum.total }
      return Profile.Sample(
        locations: sum.key.locations, values: values, labels: labels[Int(sum.key.labels)])
    }
    if let main = events.firstIndex(where: \.isClock) ?? events.indices.first {
      let type = types(of: main).last
      profile.defaultSampleType = type?.type ?? ""
      profile.periodType = type
      profile.period = (periods[main] ?? nil) ?? 0
    }
    if let times {
      profile.durationNanoseconds = Int64(clamping: times.upperBound - times.lowerBound)
    }
    profile.comments = comments
    return profile.withProgramFirst()
  }

  private func types(of index: Int) -> [Profile.ValueType] {
    let event = events[index]
    let prefix = events.count == 1 ? "" : "\(event.name)."
    let samples = Profile.ValueType("\(prefix)samples", "count")
    guard event.hasPeriods else { return [samples] }
    // Two clocks in one recording must not share a name.
    let isFirstClock = events.firstIndex(where: \.isClock) == index
    let type =
      event.isClock && !isFirstClock ? .init(event.name, "nanoseconds") : event.type
    return [samples, type]
  }
}
