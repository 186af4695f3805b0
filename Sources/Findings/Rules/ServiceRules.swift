import Vocabulary

extension Rule {
  /// The rules about what services spend CPU on beside their own work.
  static let services: [Rule] = [
    .group(
      "C4", "Sorting", [.sorting], atLeast: 0.02, counting: .without([.distanceKernel]),
      text: Text(
        means: [
          "Results are put into order; if only the first of them are used, most of it is for nothing."
        ],
        doesNotMean: "It does not mean that the sort is a bad one.",
        ruledOut: [
          "A priority queue is not counted here, nor are the distances that are sorted by."
        ],
        advice: [
          Recommendation(
            "Select the first k (partial selection or a bounded heap) instead of sorting all",
            effort: .small, risk: "low; the order behind the first k is lost")
        ],
        falsifier: "Most of what is sorted is used in that order.")),
    .group(
      "C14", "Setting up for each call", [.setup], atLeast: 0.02,
      text: Text(
        means: [
          "Something that could be made once and kept (a regular expression, a compressor, a session, a time zone) is made on the way of an operation."
        ],
        doesNotMean: "It does not mean that using it is slow.",
        advice: [
          Recommendation("Make it once and keep it, or pool it", effort: .small, risk: "low")
        ],
        falsifier: "The functions named are called at start only.")),
    .group(
      "C19", "Goroutine and thread scheduling", [.scheduler], atLeast: 0.10,
      text: Text(
        means: [
          "Threads look for work, park and wake each other: work comes in many short pieces, or there is too little of it to keep them busy."
        ],
        doesNotMean:
          "It does not mean that the scheduler is slow; on an idle machine it spins before it sleeps.",
        ruledOut: ["Waiting itself uses no CPU and is not in this share."],
        advice: [
          Recommendation(
            "Hand work over in batches, and answer small requests without another goroutine",
            effort: .medium, risk: "low; a batch waits for its slowest part"),
          Recommendation(
            "Where the container has fewer cores than the machine, set GOMAXPROCS to its share",
            effort: .small, risk: "low"),
        ],
        falsifier: "At full load the share falls by itself: it was the search for work.")),
    .group(
      "C20", "Encoding and decoding", [.serialization], atLeast: 0.03,
      text: Text(
        means: ["Values are turned into bytes and back for every operation."],
        doesNotMean: "It does not mean that the format is a bad one; it may be asked too much.",
        ruledOut: ["Formatting of log lines and messages is counted by C12."],
        advice: [
          Recommendation(
            "Encode once and hand the bytes on; do not decode what is only passed through",
            effort: .small, risk: "low"),
          Recommendation(
            "Use generated or binary encoding for the large part (vectors, rows) instead of reflection",
            effort: .medium, risk: "medium; both sides must agree"),
        ],
        falsifier: "With bytes passed through, the CPU for one operation is the same.")),
    .group(
      "C21", "Network protocol", [.transport], atLeast: 0.10, counting: .innermost,
      called: Transport.label, advice: Transport.advice,
      text: Text(
        means: [
          "Carrying a request and its answer costs that much beside what is done for it; whether it is the number of them or their size, a CPU profile does not tell."
        ],
        doesNotMean: "It does not mean that the protocol is slow.",
        ruledOut: [
          "Handlers stand below the same frames; only stacks without a function of the project beneath them count."
        ],
        advice: [
          Recommendation(
            "Put several requests into one message", effort: .medium,
            risk: "low; a batch waits for its slowest part")
        ],
        falsifier: "Twice the work in each request leaves the share as it is.")),
    .group(
      "C22", "Maps and sets", [.hashing], atLeast: 0.05, counting: .outsideSearch,
      called: { _ in "maps and sets" },
      text: Text(
        means: ["Hash tables are asked or walked often enough to be worth another shape."],
        doesNotMean: "It does not mean that the hash function is a bad one.",
        ruledOut: ["Hash tables inside a graph search are counted by C5."],
        advice: [
          Recommendation(
            "Keep what is walked in a slice beside the map, and reserve its size", effort: .small,
            risk: "low"),
          Recommendation(
            "Use small integers as keys, so that an array can take the map's place",
            effort: .medium, risk: "low"),
        ],
        falsifier: "With a slice in its place the CPU for one operation is the same.")),
    .group(
      "C23", "Priority queue", [.candidateHeap], atLeast: 0.03, counting: .outsideSearch,
      text: Text(
        means: ["A heap is kept in order; in Go every comparison is a call through an interface."],
        doesNotMean: "It does not mean that a heap is the wrong structure.",
        advice: [
          Recommendation(
            "Write the heap for its type, or keep a sorted slice where it is small",
            effort: .small, risk: "low")
        ],
        falsifier: "A heap of its own type leaves the CPU for one operation as it is.")),
    .group(
      "C24", "Middleware", [.middleware], atLeast: 0.03, counting: .innermost, byNameOnly: true,
      text: Text(
        means: ["What stands between the network and the handlers costs CPU of its own."],
        doesNotMean: "It does not mean the handlers it calls: their stacks are not counted.",
        advice: [
          Recommendation(
            "Do it once for a connection or a batch, or leave it out on hot methods",
            effort: .small, risk: "low; less is checked or logged")
        ],
        falsifier: "Without the middleware the CPU for one request is the same.")),
    .group(
      "V4", "Normalizing vectors", [.normalization], atLeast: 0.02, byNameOnly: true,
      text: Text(
        means: ["Vectors are brought to length one on the way of an operation."],
        doesNotMean: "It does not mean that one normalization is slow.",
        advice: [
          Recommendation(
            "Normalize once when a vector comes in, and mark it as done", effort: .small,
            risk: "none; results are unchanged")
        ],
        falsifier: "Queries that are normalized already take as much CPU.")),
    .group(
      "V10", "Neighbor lists copied", [.neighborAccess, .neighborCopy], atLeast: 0.02,
      counting: .together([.copying, .allocation, .neighborCopy]), byNameOnly: true,
      text: Text(
        means: ["A visit to a node copies its list of neighbors instead of reading it in place."],
        doesNotMean:
          "It does not mean that the copy is slow: what it reads must come into the cache for a view as well.",
        advice: [
          Recommendation(
            "Return a view (span, slice) of the list", effort: .small,
            risk: "medium; the list must not change meanwhile")
        ],
        falsifier: "Views leave the CPU for one operation as it is.")),
  ]
}
