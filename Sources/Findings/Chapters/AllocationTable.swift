import Measurement
import Pprof
import RunRecords
import Vocabulary

/// What was allocated, by whom, and what of it was left at the end.
package struct AllocationTable: Codable, Sendable, Equatable {
  package var rows: [Row]
  package var sites: [Site]

  package struct Row: Codable, Sendable, Equatable {
    package var name: String
    package var role: String?
    package var value: Reading
    package var analysis: Prose
    package var file: String?
  }

  /// A function of the project that asks for memory.
  package struct Site: Codable, Sendable, Equatable {
    package var role: String
    package var function: String
    package var bytes: Double
    package var share: Double
    /// Samples that its bytes are estimated from.
    package var samples: Int
    package var place: String?
  }
}

/// Adds up the heap profiles of a run; without one every row says that there is none.
struct AllocationReader {
  let evidence: Evidence

  private static let names = [
    "allocations", "allocated bytes", "temporary allocations", "freed by the end",
    "live at the end",
  ]

  func table() -> AllocationTable {
    let heaps = evidence.roles.compactMap { role in role.profiles[.heap].map { (role, $0) } }
    let peak = peakRow
    guard !heaps.isEmpty else {
      let reason = "no heap profile was recorded; `--profile heap` records one"
      let rows = (Self.names + ["allocations per operation"]).map {
        AllocationTable.Row(name: $0, role: nil, value: .notEvaluable(reason), analysis: "")
      }
      return AllocationTable(rows: rows + peak, sites: [])
    }
    return AllocationTable(
      rows: heaps.flatMap { totals($0.0, $0.1) } + perOperation + peak,
      sites: heaps.flatMap { sites($0.0, $0.1) })
  }

  // MARK: - Sums

  /// Objects and bytes, allocated in all and still in use when the recording ended.
  private struct Sums {
    var objects = 0.0
    var bytes = 0.0
    var objectsLeft = 0.0
    var bytesLeft = 0.0
    var knowsWhatIsLeft = false
  }

  private func sums(_ slice: ProfileSlice) -> Sums {
    var sums = Sums()
    for reference in slice.files {
      guard
        let file = evidence.run.profileFiles.first(where: { $0.relativePath == reference.path }),
        let profile = try? evidence.run.profile(file)
      else { continue }
      sums.objects += sum(profile, "alloc_objects") ?? 0
      sums.bytes += sum(profile, "alloc_space") ?? 0
      if let objects = sum(profile, "inuse_objects"), let bytes = sum(profile, "inuse_space") {
        sums.objectsLeft += objects
        sums.bytesLeft += bytes
        sums.knowsWhatIsLeft = true
      }
    }
    return sums
  }

  private func sum(_ profile: Profile, _ type: String) -> Double? {
    profile.sampleTypes.firstIndex { $0.type == type }.map { place in
      profile.samples.reduce(0.0) { $0 + Double($1.values[place]) }
    }
  }

  private func totals(_ role: RoleEvidence, _ slice: ProfileSlice) -> [AllocationTable.Row] {
    let sums = sums(slice)
    let size = sums.objects > 0 ? NumberText.bytes(sums.bytes / sums.objects) : "nothing"
    let unknown = "the profile does not say what was freed"
    let freed = sums.objects - sums.objectsLeft
    let readings: [(Reading, Prose)] = [
      (.told(Prose(NumberText.text(sums.objects, .count))), "estimated from the samples"),
      (.told(Prose(NumberText.bytes(sums.bytes))), "\(size) each on average"),
      (
        .notEvaluable("the profile does not say how long what was freed had lived"),
        "those that are freed before the next one is made"
      ),
      (
        sums.knowsWhatIsLeft
          ? .told(Prose(NumberText.text(freed, .count))) : .notEvaluable(unknown),
        sums.objects > 0
          ? "\(Wording.percent(freed / sums.objects)) of all, after however long a life: no more can be pooled"
          : ""
      ),
      (
        sums.knowsWhatIsLeft
          ? .told(
            "\(NumberText.bytes(sums.bytesLeft)) in \(NumberText.text(sums.objectsLeft, .count))")
          : .notEvaluable(unknown), "in use when the recording ended; not all of it is leaked"
      ),
    ]
    return zip(Self.names, readings).map { name, reading in
      AllocationTable.Row(
        name: name, role: role.name, value: reading.0, analysis: reading.1,
        file: slice.files.first?.path)
    }
  }

  private var perOperation: [AllocationTable.Row] {
    let results = evidence.record?.results ?? []
    return results.filter {
      $0.name.hasPrefix("allocations.per.") || $0.name.hasPrefix("allocated.per.")
    }.map { result in
      AllocationTable.Row(
        name: result.name.replacingDots, role: nil,
        value: .told(Prose(NumberText.text(result.estimate, result.unit))),
        analysis: "\(Wording.counted(result.estimate.count, "trial"))", file: "run.json")
    }
  }

  private var peakRow: [AllocationTable.Row] {
    let peak = evidence.run.counters?.peakResidentBytes
    let value = peak.map { Reading.told(Prose(NumberText.bytes($0))) }
    return [
      AllocationTable.Row(
        name: "peak resident memory", role: nil,
        value: value ?? .notEvaluable("no counter of the run says it"),
        analysis: "code, stacks and mapped files are in it", file: "counters.json")
    ]
  }

  // MARK: - Sites

  private func sites(_ role: RoleEvidence, _ slice: ProfileSlice) -> [AllocationTable.Site] {
    CodeLocations.of(slice, where: { _ in true }).prefix(8).map { location in
      AllocationTable.Site(
        role: role.name, function: location.function, bytes: location.amount * 1e9,
        share: location.share, samples: location.samples, place: location.place)
    }
  }
}

extension String {
  fileprivate var replacingDots: String {
    String(map { $0 == "." ? " " : $0 })
  }
}
