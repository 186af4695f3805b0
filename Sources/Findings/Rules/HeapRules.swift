import Measurement
import RunRecords
import Vocabulary

/// What the heap profile of the same role adds to a finding about CPU.
enum HeapEvidence {
  /// The functions that allocate most, with their part of all bytes.
  static func largest(_ scene: Scene) -> [EvidenceItem] {
    guard let heap = scene.role.profiles[.heap]?.like(scene.slice), heap.total > 0 else {
      return []
    }
    return allocators(heap, scene)
  }

  static func allocators(_ heap: ProfileSlice, _ scene: Scene) -> [EvidenceItem] {
    heap.owners { _ in true }.prefix(3).compactMap { row -> EvidenceItem? in
      let share = heap.share { heap.owner(of: $0) == row.name }
      guard row.name != ProfileSlice.noOwner, share.value >= 0.05 else { return nil }
      return EvidenceItem(
        "The heap profile has \(Wording.share(share)) of all bytes allocated in \(name: row.name) (\(NumberText.bytes(share.part * 1e9)))\(library(heap, row))",
        scene.commands.top(heap, focus: [row.name]))
    }
  }
}

extension HeapEvidence {
  /// The library function in which most of what a function allocates is made, if it is one.
  fileprivate static func library(_ heap: ProfileSlice, _ owner: CostRow) -> Prose {
    let rows = heap.only { heap.owner(of: $0) == owner.name }.flat
    guard let first = rows.first, first.name != owner.name, first.seconds >= owner.seconds / 2
    else {
      return ""
    }
    return ", most of it by \(name: first.name)"
  }
}

extension ProfileSlice {
  /// This profile for the operation the other one is of, where it tells operations apart.
  func like(_ other: ProfileSlice) -> ProfileSlice {
    guard let operation = other.operation, samples.contains(where: { $0.operation != nil }) else {
      return self
    }
    return of(operation: operation)
  }

  var bytes: Double { samples.reduce(0) { $0 + Double($1.value) } }

  /// By how much what is in use grew; it may have shrunk.
  var liveBytes: Double { samples.reduce(0) { $0 + Double($1.live) } }

  var objects: Double { samples.reduce(0) { $0 + Double($1.objects) } }
}

extension Rule {
  static let heap: [Rule] = [
    Rule(
      id: "M13", title: "Heap churn", place: Place(kind: .heap, operations: .together),
      condition: churn,
      text: Text(
        means: ["Nearly all that is allocated is thrown away again: scratch that could be kept."],
        doesNotMean: "It does not mean that memory leaks, or that there is too little of it.",
        ruledOut: ["What is kept is not counted as thrown away: the profile has both."],
        advice: [
          Recommendation(
            "Reuse the scratch of the functions named: a pool, or buffers that live with the worker",
            effort: .small, risk: "low; memory stays held, and stale content must not be read"),
          Recommendation(
            "Reserve before filling, and keep values in one slice instead of pointers to each",
            effort: .small, risk: "low"),
        ],
        falsifier: "With the scratch reused, CPU and latency are the same."), depth: .cause),
    Rule(
      id: "M4", title: "Memory amplification", place: Place(kind: .heap, operations: .together),
      condition: amplification,
      text: Text(
        means: ["The heap holds much more than the vectors and the links between them."],
        doesNotMean: "It does not mean that memory leaks.",
        advice: [
          Recommendation(
            "Look at what the heap profile has in use beside them: ids, copies, maps",
            effort: .medium, risk: "medium")
        ],
        falsifier: "The bytes in use are the vectors themselves, in another form."),
      severityCap: .medium, asksForOwnRun: true),
  ]

  private static func churn(_ scene: Scene) -> Condition {
    let heap = scene.slice
    guard heap.bytes > 0 else { return .clean("\(scene.place): nothing was allocated") }
    let limits = scene.thresholds
    let window = scene.role.seconds(.heap)
    let rate = window.map { heap.bytes / $0 }
    let kept = max(0, heap.liveBytes)
    let amount: Prose =
      "\(NumberText.bytes(heap.bytes)) allocated"
      + (rate.map { " (\(NumberText.bytes($0)) a second)" } ?? " since its start")
      + ", while what is in use grew by \(NumberText.bytes(kept))"
    guard heap.bytes >= limits.heapChurn * kept else { return .clean("\(scene.place): \(amount)") }
    guard let rate else {
      return .notEvaluable(
        "the heap profile of \(scene.role.name) does not say how long it watched, so how fast it allocates is not known"
      )
    }
    guard rate >= limits.churnRate * Double(max(1, heap.members.count)) else {
      return .clean("\(scene.place): \(amount)")
    }
    let (price, share) = cpuPrice(scene)
    let cost: Prose =
      share.map { ", and allocating and collecting take \(Wording.share($0)) of its CPU" } ?? ""
    return .fires(
      Observation(
        title: "\(scene.place) throws away nearly all it allocates: \(amount)" + cost,
        share: share,
        evidence: [
          EvidenceItem(
            "\(amount), in about \(Wording.about(heap.objects)) allocations (\(Wording.about(heap.objects / (window ?? 1))) a second); about \(Wording.about(Double(heap.sampleCount))) samples stand for them",
            scene.commands.top(heap))
        ] + HeapEvidence.allocators(heap, scene) + price,
        matches: share == nil ? nil : heap.containsAny(priced),
        gain: share == nil ? .notBounded("bytes are no time, and no CPU was sampled") : .ofCPU,
        means: [
          "How much is in use in all is not in the profile of a window, which has only by how much it grew."
        ],
        evidenceKinds: price.isEmpty ? 1 : 2,
        footprints: [Footprint(kind: .cpu, matches: heap.containsAny(priced))],
        advice: isGo(scene.role) ? [fewerCollections] : [],
        severityCap: share == nil ? .medium : nil,
        weighed: share == nil ? nil : scene.role.profiles[.cpu]))
  }

  /// A heap profile of Go leaves its runtime out of the stacks, so the CPU profile is asked.
  private static func isGo(_ role: RoleEvidence) -> Bool {
    role.profiles[.cpu]?.hasAny(of: [.goAllocator, .collection]) ?? false
  }

  /// For Go, whose collector runs whenever the heap has grown by a part of what is in use.
  private static let fewerCollections = Recommendation(
    "Where memory is to spare, raise GOGC or set GOMEMLIMIT: the less is in use, the more often Go collects",
    effort: .small, risk: "low; a larger heap")

  /// What is thrown away is paid for here.
  private static let priced: [SymbolGroup] = [.allocation, .collection]

  /// What allocating and collecting cost the role.
  private static func cpuPrice(_ scene: Scene) -> ([EvidenceItem], Share?) {
    guard let cpu = scene.role.profiles[.cpu],
      cpu.sampleCount >= scene.thresholds.samplesForAnyClaim
    else { return ([], nil) }
    let matches = cpu.containsAny(priced)
    let share = cpu.share(where: matches)
    let parts = priced.map { cpu.share(where: cpu.contains($0)) }
    let overlap =
      parts[0].samples + parts[1].samples > share.samples
      ? "; allocating alone \(Wording.percent(parts[0].value)), collecting \(Wording.percent(parts[1].value)), and what collects while it allocates is in both"
      : ""
    let item = EvidenceItem(
      "Allocating and collecting take \(Wording.share(share)) of the role's CPU, \(SampleText.counts(share))\(overlap)",
      scene.commands.exactly(cpu, focus: cpu.names(of: priced, where: matches), where: matches))
    return ([item], share)
  }

  private static func amplification(_ scene: Scene) -> Condition {
    guard let vectors = scene.evidence.vectorBytes else {
      return .notEvaluable(
        "the run does not name a dataset, so what the heap should hold is not known")
    }
    let live = scene.slice.liveBytes
    guard live >= 0.5 * vectors else {
      return .notEvaluable(
        "the heap profile has \(NumberText.bytes(max(0, live))) in use, less than the vectors alone: they lie in memory that the program mapped itself"
      )
    }
    let ratio = live / vectors
    let text: Prose =
      "\(NumberText.bytes(live)) in use for \(NumberText.bytes(vectors)) of vectors and links"
    guard ratio >= scene.thresholds.memoryAmplification else {
      return .clean("\(scene.place): \(text)")
    }
    return .fires(
      Observation(
        title:
          "The heap of \(scene.place) is \(NumberText.significant(ratio)) times its data: \(text)",
        share: nil, evidence: [EvidenceItem(text, scene.commands.top(scene.slice))],
        gain: .notBounded("bytes are no time")))
  }
}

extension Evidence {
  /// Vectors and the links of their graph as plain numbers, four bytes each; nil without a dataset.
  var vectorBytes: Double? {
    guard let data = record?.dataset else { return nil }
    let links = record?.setting("m").flatMap(Double.init).map { $0 * 2 } ?? 0
    return Double(data.rows) * (Double(data.dimensions) + links) * 4
  }
}
