import Vocabulary

extension Rule {
  static let kernel: [Rule] = [
    Rule(
      id: "K1", title: "Kernel share", place: .cpu(), condition: kernelShare,
      text: Text(
        means: [
          "A good part of the CPU is spent in the kernel. The system calls in the evidence say for whom, by the function of the program that asked."
        ],
        doesNotMean:
          "It does not mean that the kernel is slow, and waiting in a system call is not in a CPU profile at all.",
        ruledOut: ["Time that only waits in a system call is not counted here."],
        advice: [
          Recommendation(
            "Make fewer, larger system calls: batch writes, commit in groups, reuse memory",
            effort: .medium, risk: "low; a batch waits for its slowest part")
        ],
        falsifier: "Half as many calls leave the CPU for one operation as it is.",
        verify: "--group-commit on"), depth: .amount),
    Rule(
      id: "K2", title: "System calls", place: .cpu(), condition: systemCalls,
      text: Text(
        means: ["Single system calls are expensive enough to be worth a look at who makes them."],
        doesNotMean: "It does not mean that each of the calls is needless.",
        advice: [
          Recommendation(
            "Look at the owner of each call above its threshold; see the advice beside it",
            effort: .small, risk: "low")
        ],
        falsifier: "The call count falls but its share does not."),
      severityCap: .medium, depth: .amount),
    Rule(
      id: "K3", title: "Memory given back", place: .cpu(), condition: memoryGivenBack,
      text: Text(
        means: ["The allocator returns memory to the kernel and takes it again as page faults."],
        doesNotMean: "It does not mean that memory leaks.",
        advice: [
          Recommendation(
            "Raise the trim and mmap thresholds of the allocator, or keep the memory in a pool",
            effort: .small, risk: "low; a larger resident set")
        ],
        falsifier: "With trimming off, page faults stay as they are.")),
  ]

  private static func kernelShare(_ scene: Scene) -> Condition {
    let slice = scene.slice
    let matches = slice.isInKernel(_:)
    let share = slice.share(where: matches)
    guard share.low >= scene.thresholds.kernelShare else {
      return .clean(
        "\(scene.place): kernel \(Wording.share(share)), fires when surely above \(Wording.percent(scene.thresholds.kernelShare))"
      )
    }
    let (source, rows) = scene.commands.leaves(slice, where: matches)
    var items = [
      EvidenceItem(
        "Kernel: \(Wording.seconds(share.part)) of \(Wording.seconds(share.whole)), \(SampleText.counts(share))"
          + inRows(rows),
        source)
    ]
    items += SampleText.perMember(scene, matches: matches)
    items += slice.systemCalls.prefix(4).map { callItem($0, in: scene) }
    return .fires(
      Observation(
        title: "The kernel takes \(Wording.share(share)) of the CPU of \(scene.place)",
        share: share,
        evidence: items, matches: { slice.isInKernel($0) }, gain: .ofCPU,
        means: advice(slice.systemCalls.prefix(4))))
  }

  /// `fdatasync 12.1 %, asked for by WriteAheadLog.sync`.
  private static func callItem(_ row: CostRow, in scene: Scene) -> EvidenceItem {
    let slice = scene.slice
    let isCall = { SystemCall.name(of: $0, table: slice.table) == row.name }
    let owners = slice.owners(where: isCall)
    let who = Prose.list(owners.prefix(2).map { "\(name: $0.name)" })
    let share = Wording.percent(row.seconds / max(slice.total, 1e-12))
    let each = scene.perOperation(row.seconds).map { ", \($0)" } ?? ""
    let (source, rows) = scene.commands.leaves(slice, where: isCall)
    return EvidenceItem(
      "\(name: row.name): \(share) (\(Wording.seconds(row.seconds))\(each), n = \(Wording.count(row.samples))), asked for by \(who)"
        + inRows(rows),
      source)
  }

  /// Where a table has it, if it is not the sum of the table.
  private static func inRows(_ rows: [String]) -> Prose {
    if rows.isEmpty { return "" }
    guard rows.count <= 4 else {
      return
        "; the sum of the first column over the \(rows.count) functions that do nothing but enter the kernel"
    }
    return "; in the first column of \(Prose.list(rows.map { "\(name: $0)" }))"
  }

  private static func systemCalls(_ scene: Scene) -> Condition {
    let slice = scene.slice
    let limit = scene.thresholds.systemCallShare
    let rows = slice.systemCalls.filter { row in
      slice.share { SystemCall.name(of: $0, table: slice.table) == row.name }.low >= limit
    }
    guard !rows.isEmpty else {
      return .clean("\(scene.place): no system call surely takes \(Wording.percent(limit)) or more")
    }
    let names = Set(rows.map(\.name))
    let matches: @Sendable (StackSample) -> Bool = {
      SystemCall.name(of: $0, table: slice.table).map(names.contains) ?? false
    }
    let share = slice.share(where: matches)
    if slice.share(where: slice.isInKernel(_:)).low >= scene.thresholds.kernelShare {
      return .clean("\(scene.place): see K1, which names the calls")
    }
    let list = Prose.list(rows.prefix(4).map { "\(name: $0.name)" })
    return .fires(
      Observation(
        title: "system calls \(list): \(Wording.share(share)) of the CPU of \(scene.place)",
        share: share,
        evidence: rows.prefix(6).map { callItem($0, in: scene) }, matches: matches, gain: .ofCPU,
        means: advice(rows.prefix(6))))
  }

  private static func advice(_ rows: ArraySlice<CostRow>) -> [Prose] {
    rows.compactMap { row in systemCallAdvice[row.name].map { "\(name: row.name): \($0)" } }
  }

  private static let systemCallAdvice: [String: String] = [
    "futex":
      "threads put each other to sleep and wake each other; shorten or shard the section that the lock rules name.",
    "epoll_wait": "waiting for the network; its CPU part falls with fewer, larger messages.",
    "epoll_pwait": "waiting for the network; its CPU part falls with fewer, larger messages.",
    "write": "many small writes; gather them in a buffer or use writev.",
    "pwrite64": "many small writes; gather them or write larger blocks.",
    "read": "many small reads; read larger blocks.",
    "pread64": "many small reads; read larger blocks.",
    "fdatasync": "one sync for a group of commits spreads its price.",
    "fsync":
      "one sync for a group of commits spreads its price; fdatasync leaves out the metadata.",
    "madvise": "memory is given back eagerly; keep it.",
    "mmap": "mappings are made for every operation; keep them.",
    "munmap": "mappings are dropped for every operation; keep them.",
    "page fault": "memory is touched for the first time; prefault or reuse it.",
  ]

  private static func memoryGivenBack(_ scene: Scene) -> Condition {
    let slice = scene.slice
    let calls: Set<String> = ["madvise", "munmap", "brk", "page fault"]
    let matches: @Sendable (StackSample) -> Bool = {
      SystemCall.name(of: $0, table: slice.table).map(calls.contains) ?? false
    }
    let found = Set(
      slice.samples.filter(matches).compactMap {
        SystemCall.name(of: $0, table: slice.table)
      })
    let share = slice.share(where: matches)
    let givesBack = !found.subtracting(["page fault"]).isEmpty && found.contains("page fault")
    guard givesBack, share.low >= scene.thresholds.pageFaults else {
      return .clean(
        "\(scene.place): memory given back and faulted in again \(Wording.share(share))")
    }
    return .fires(
      Observation(
        title:
          "Giving memory back and faulting it in again costs \(Wording.share(share)) of the CPU of \(scene.place)",
        share: share,
        evidence: slice.systemCalls.filter { calls.contains($0.name) }.map {
          callItem($0, in: scene)
        },
        matches: matches, gain: .ofCPU))
  }
}
