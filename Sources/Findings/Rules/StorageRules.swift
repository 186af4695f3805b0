import Vocabulary

extension Rule {
  /// The rules about storage engines below a service, and about PostgreSQL.
  static let storage: [Rule] = [
    .group(
      "S1", "Compaction and flush in an LSM engine", [.storageCompaction], atLeast: 0.10,
      text: Text(
        means: [
          "The storage engine merges and writes files in the background, with the same cores."
        ],
        doesNotMean: "It does not mean waste: merging is what keeps reads cheap.",
        advice: [
          Recommendation(
            "Use larger memtables and write less often; pace the background threads",
            effort: .small, risk: "medium; more memory, longer recovery")
        ],
        falsifier: "With compaction off for the window, operations use the same CPU.")),
    .group(
      "S2", "Blocks and their cache in an LSM engine", [.blockCache], atLeast: 0.10,
      text: Text(
        means: ["Reads go through blocks: finding them in the cache, decoding and searching them."],
        doesNotMean: "It does not mean that the cache misses; hits cost this too.",
        ruledOut: ["Reading from the disk is a wait and not in a CPU profile."],
        advice: [
          Recommendation(
            "Look at the cache's hit rate; then more shards or a larger cache, filters for absent keys",
            effort: .small, risk: "low; more memory"),
          Recommendation(
            "Read many keys in one call (MultiGet)", effort: .medium, risk: "low"),
        ],
        falsifier: "With everything in a larger cache the share is the same.")),
    .group(
      "S3", "Writing the log of an LSM engine", [.walWrite], atLeast: 0.10,
      text: Text(
        means: ["Putting writes into the log costs CPU, before any wait for the disk."],
        doesNotMean: "It does not mean that the disk is slow.",
        advice: [
          Recommendation(
            "Write in larger batches, so that one record holds many", effort: .small,
            risk: "low; a write may wait for its batch")
        ],
        falsifier: "Larger batches leave the CPU for one write as it is.")),
    .group(
      "S4", "Memtable of an LSM engine", [.memtable], atLeast: 0.10,
      text: Text(
        means: [
          "Keys are sought and kept in the sorted memory table: comparisons and cache misses."
        ],
        doesNotMean: "It does not mean that the table is too small.",
        advice: [
          Recommendation(
            "Write keys in order where possible; use shorter keys, or a prefix for the table",
            effort: .medium, risk: "low")
        ],
        falsifier: "Sorted batches leave the CPU for one write as it is.")),
    .group(
      "P1", "PostgreSQL's executor", [.pgExecutor], atLeast: 0.20, counting: .innermost,
      text: Text(
        means: ["Rows are taken apart and expressions evaluated, one row at a time."],
        doesNotMean:
          "It does not mean that the plan is a bad one; `EXPLAIN (ANALYZE, BUFFERS)` says.",
        advice: [
          Recommendation(
            "Touch fewer rows and columns first (index, filter, narrower rows); then JIT",
            effort: .medium, risk: "low")
        ],
        falsifier: "A plan with half the rows uses the same CPU.")),
    .group(
      "P2", "PostgreSQL's buffer manager", [.pgBuffer], atLeast: 0.10,
      text: Text(
        means: ["Pages are looked up, pinned and released once for each visit."],
        doesNotMean: "It does not mean that pages are read from the disk.",
        advice: [
          Recommendation(
            "Visit fewer pages: a covering index, clustered rows, larger batches", effort: .medium,
            risk: "low"),
          Recommendation(
            "Raise `shared_buffers` where `pg_stat_io` shows reads", effort: .small,
            risk: "low; more memory"),
        ],
        falsifier: "With everything in shared buffers the share is the same.")),
    .group(
      "P3", "PostgreSQL's write-ahead log", [.pgWAL], atLeast: 0.10,
      text: Text(
        means: ["Changes are written into the log: records put together, copied and flushed."],
        doesNotMean: "It does not say how long commits wait; that is in the waits.",
        advice: [
          Recommendation(
            "Commit more rows at once, and drop indexes that nobody reads", effort: .small,
            risk: "low")
        ],
        falsifier: "Ten rows in a commit leave the CPU for one row as it is.")),
  ]

}
