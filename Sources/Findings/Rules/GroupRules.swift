import RunRecords
import Vocabulary

extension Rule {
  /// The rules about what CPU is spent on, each one group of functions and a threshold.
  static let cpuGroups: [Rule] = [
    .group(
      "C3", "Candidate heap", [.candidateHeap], atLeast: 0.03, .only([.search, .insert]),
      only: { scene in
        // An insert searches with a beam of its own.
        let beam = scene.slice.operation == "insert" ? "ef-construction" : "ef"
        guard let width = scene.evidence.record?.setting(beam).flatMap({ Int($0) }),
          width > scene.thresholds.smallBeam
        else { return nil }
        return
          "\(beam) is \(width); a plain array can only replace the heap up to \(scene.thresholds.smallBeam)"
      }, counting: .inSearch,
      text: Text(
        means: [
          "Keeping the candidates in order costs a part of the search that a simpler structure can give back: at a small `ef` the heap holds few entries."
        ],
        doesNotMean: "It does not mean that one heap operation is slow; there are many of them.",
        ruledOut: ["A recursive function is counted once for a stack."],
        advice: [
          Recommendation(
            "Keep candidates in a bounded sorted array (partial selection) for small `ef`",
            effort: .small, risk: "low; recall is unchanged"),
          Recommendation(
            "Try a 4-ary heap for large `ef`", effort: .small, risk: "low; recall is unchanged"),
        ],
        falsifier:
          "The share of the heap falls but the CPU for one operation does not: the comparisons moved elsewhere."
      )),
    .group(
      "C5", "Hashing", [.hashing], atLeast: 0.03, .only([.search, .insert]), counting: .inSearch,
      text: Text(
        means: [
          "A set or a dictionary is asked on the way of every visited node; a visited set need not hash at all."
        ],
        doesNotMean: "It does not mean that the hash function is a bad one.",
        ruledOut: ["Hash tables of other operations are not counted: the share is of this one."],
        advice: [
          Recommendation(
            "Replace the visited set by an array of marks with an epoch (or a bitset)",
            effort: .small, risk: "low; one array for each concurrent search")
        ],
        falsifier: "The share of hashing falls but the CPU for one operation does not.",
        verify: "--visited marks")),
    .group(
      "C6", "Copying", [.copying], atLeast: 0.03,
      text: Text(
        means: [
          "Bytes are moved that could perhaps be lent: arrays copied, values copied on write, results serialized twice."
        ],
        doesNotMean:
          "It does not mean that memmove is slow; it is called too often or on too much.",
        advice: [
          Recommendation(
            "Lend instead of copying (a view, a pointer, a slice of it), and reserve capacity before filling",
            effort: .medium, risk: "low")
        ],
        falsifier: "The owner named above does not fall after its copy is gone.")),
    .group(
      "C7", "Clearing memory", [.zeroing], atLeast: 0.03,
      text: Text(
        means: ["Scratch memory is cleared again and again although it could be reused as it is."],
        doesNotMean: "It does not mean that the memory is too large.",
        ruledOut: ["Pages cleared by the kernel are counted with page faults, not here."],
        advice: [
          Recommendation(
            "Reuse scratch with an epoch instead of clearing it; take uninitialized capacity",
            effort: .small, risk: "low; stale entries must be impossible to read")
        ],
        falsifier: "The share falls but the CPU for one operation does not.",
        verify: "--scratch pooled")),
    .group(
      "C8", "Reference counting", [.referenceCounting], atLeast: 0.05,
      text: Text(
        means: ["Objects are retained and released inside a loop that could borrow them."],
        doesNotMean:
          "It does not mean that classes are wrong; only that this loop touches their counts.",
        advice: [
          Recommendation(
            "Hoist references out of the loop, or keep the hot state in flat arrays of values",
            effort: .medium, risk: "medium; lifetimes become the reader's business")
        ],
        falsifier: "Retain and release stay as frequent after the loop was changed.")),
    .group(
      "C9", "Exclusivity checks", [.exclusivity], atLeast: 0.02,
      text: Text(
        means: ["Access to a class's stored properties is checked at run time on every pass."],
        doesNotMean: "It does not mean that there is a conflict.",
        advice: [
          Recommendation(
            "Move hot state into a struct held by the loop, or make the class final and private",
            effort: .small, risk: "low")
        ],
        falsifier: "The checks stay after the state moved.")),
    .group(
      "C10", "Unspecialized generics", [.generics], atLeast: 0.02,
      text: Text(
        means: ["Types are looked up at run time on the way of an operation."],
        doesNotMean: "It does not mean that generics are slow; these were not specialized.",
        advice: [
          Recommendation(
            "Use the concrete type on the hot path, `some` instead of `any`, or `@inlinable`",
            effort: .medium, risk: "low")
        ],
        falsifier: "The metadata functions stay in the profile.")),
    .group(
      "C12", "Formatting and logging", [.text, .logging], atLeast: 0.02,
      text: Text(
        means: ["Lines are made and written for operations that nobody reads one by one."],
        doesNotMean: "It does not mean that logging must go; it can be sampled or deferred.",
        advice: [
          Recommendation(
            "Sample the log, or hand binary records to another thread", effort: .small,
            risk: "low; fewer lines in the log")
        ],
        falsifier: "With the log off, the CPU for one operation is the same.")),
    .group(
      "C13", "Clock reads", [.clock], atLeast: 0.01,
      text: Text(
        means: ["The clock is read more often than one operation needs."],
        doesNotMean: "It does not mean that the clock is slow.",
        ruledOut: ["The load generator's own timing is in role `client`."],
        advice: [
          Recommendation(
            "Take one time for a batch, or a coarse clock", effort: .small,
            risk: "low; coarser timestamps")
        ],
        falsifier: "Fewer reads leave the CPU for one operation as it is.")),
    .group(
      "C18", "Concurrency runtime", [.concurrency], atLeast: 0.03,
      text: Text(
        means: ["Tasks or jobs are made, queued and switched for every operation."],
        doesNotMean: "It does not mean that tasks are too slow in general.",
        advice: [
          Recommendation(
            "Give the fast path a synchronous call; hop once for a batch", effort: .medium,
            risk: "medium; fairness changes")
        ],
        falsifier: "Fewer hops leave the CPU for one operation as it is.")),
    .group(
      "M1", "Memory allocation", [.allocation], atLeast: 0.05, more: HeapEvidence.largest,
      text: Text(
        means: [
          "Memory is taken and given back for every operation; scratch that lives with the thread would not be."
        ],
        doesNotMean:
          "It does not say how many allocations there are: that takes a heap profile.",
        ruledOut: [
          "The share is of stacks that are inside the allocator, not of stacks that called it once."
        ],
        advice: [
          Recommendation(
            "Pool the scratch of an operation for each thread; reserve before filling",
            effort: .small, risk: "low; memory stays held")
        ],
        falsifier: "The share of the allocator falls but the CPU for one operation does not.",
        verify: "--scratch pooled")),
    .group(
      "M10", "Garbage collection", [.collection], atLeast: 0.05, more: HeapEvidence.largest,
      text: Text(
        means: [
          "The collector marks and sweeps what the program throws away: the price of allocating, paid later."
        ],
        doesNotMean:
          "It does not mean that the collector is badly tuned; it has as much to do as there is garbage.",
        ruledOut: ["What allocating itself costs is not counted here."],
        advice: [
          Recommendation(
            "Allocate less in the functions named by the heap profile: reuse buffers, reserve before filling, keep values instead of pointers",
            effort: .medium, risk: "low; memory stays held"),
          Recommendation(
            "Where memory is to spare, raise GOGC (or set GOMEMLIMIT) so that it runs less often",
            effort: .small, risk: "low; a larger heap"),
        ],
        falsifier: "With half the bytes allocated, the collector's share is the same.")),
    .group(
      "M6", "Page faults", [.memoryKernel], atLeast: 0.02,
      text: Text(
        means: [
          "Memory is touched for the first time, or mapped and unmapped, while operations wait."
        ],
        doesNotMean: "It does not mean that memory is short.",
        advice: [
          Recommendation(
            "Touch or reuse memory before the measured phase; keep arenas instead of returning them",
            effort: .small, risk: "low; a larger resident set")
        ],
        falsifier: "The faults stay after memory is prefaulted.")),
    .group(
      "V11", "Calls into C", [.foreignCall], atLeast: 0.05,
      text: Text(
        means: [
          "The program leaves its language for C, call by call; the entry and the exit are paid each time."
        ],
        doesNotMean:
          "The time is not all overhead: what the C code itself computes is charged to the same frame unless its own symbols are in the profile.",
        advice: [
          Recommendation(
            "Hand many items (vectors, keys) over in one call", effort: .medium,
            risk: "low; results are unchanged"),
          Recommendation(
            "Do short work without leaving the language", effort: .medium,
            risk: "medium; the C code may be the faster one"),
        ],
        falsifier:
          "Batching leaves the CPU for one operation as it is: the time was spent inside C.")),
    .group(
      "V2", "Scalar kernel", [.scalarKernel], atLeast: 0.05, .only([.search, .insert]),
      only: { scene in
        guard let width = KernelWidth.ofProcessor(scene.evidence.run.environment) else {
          return KernelWidth.unknownProcessor
        }
        return width > .scalar ? nil : "this processor has no wide vector instructions"
      },
      gain: .ofCPUSpeedUp(Double(KernelWidth.eight.rawValue)), depth: .cause,
      text: Text(
        means: [
          "The portable distance kernel runs although the processor has vector instructions."
        ],
        doesNotMean:
          "It does not mean that the dispatch is broken: `--kernel portable` may have been asked for.",
        advice: [
          Recommendation(
            "Run with `--kernel automatic`", effort: .small, risk: "none; recall is unchanged")
        ],
        falsifier: "With `--kernel automatic` the CPU for one search is the same.",
        verify: "--kernel automatic")),
  ]
}
