import Vocabulary

extension Rule {
  static let allocators: [Rule] = [
    .group(
      "M11", "Allocator under contention", [.allocation], atLeast: 0.02,
      counting: .together([.locking, .spinning]),
      more: AllocatorEvidence.which, called: { _ in "locks inside the allocator" },
      text: Text(
        means: ["Threads wait or spin for a lock inside the allocator."],
        doesNotMean: "It does not mean that the allocator is slow when it is alone.",
        ruledOut: ["Allocation without a lock in its stack is counted by M1 only."],
        advice: [
          Recommendation(
            "Allocate less on the way of an operation: pool scratch for each thread",
            effort: .small, risk: "low; memory stays held"),
          Recommendation(
            "Use an allocator with caches for each thread or core, or raise its number of arenas",
            effort: .small, risk: "low; more memory"),
        ],
        falsifier: "With one thread the share is the same."))
  ]
}

/// Which allocator a role uses, by the names of its functions.
enum AllocatorEvidence {
  private static let families: [SymbolGroup] = [
    .glibcAllocator, .jemalloc, .mimalloc, .tcmalloc, .goAllocator, .swiftAllocator,
  ]

  static func which(_ scene: Scene) -> [EvidenceItem] {
    let slice = scene.slice
    let found = families.compactMap { family -> Prose? in
      let share = slice.share(where: slice.contains(family))
      return share.part > 0 ? "\(family.label) \(Wording.share(share))" : nil
    }
    guard !found.isEmpty else { return [] }
    return [EvidenceItem("By allocator: \(Prose.list(found))", scene.commands.top(slice))]
  }
}
