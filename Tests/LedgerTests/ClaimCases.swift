import Testing

/// Claims as performance reports of other projects made them, in our own words and with their
/// figures, each beside a twin that is right and must stay silent.
struct ClaimCase: Sendable, CustomTestStringConvertible {
  let check: String
  let about: String
  let wrong: String
  /// Near misses: the same words with figures, units or a source that make them true.
  let right: [String]

  var testDescription: String { "\(check): \(about)" }

  static let all: [ClaimCase] = [
    // An ingest service
    ClaimCase(
      check: "sums.share-of-parent", about: "78.4 of 83.7 is no share of ingestion",
      wrong: """
        ```
        100% Request
        ├─ 83.7% write_msgpack() (routes.py:182)
        │  ├─ 78.4% arrow_writer.write()
        │  └─ ~5% decoding
        └─ 16.3% middleware
        ```
        **93.6% of ingestion time** (78.4 / 83.7) is spent in `write()`.
        """,
      right: [
        """
        ```
        100% Request
        ├─ 83.7% write_msgpack() (routes.py:182)
        └─ 16.3% middleware
        ```
        **93.7% of write_msgpack** (78.4 / 83.7) is spent in `write()`.
        """,
        "78.4% of ingestion time (78.4 / 100) is spent in `write()`.",
      ]),
    ClaimCase(
      check: "units.records-as-calls", about: "records a second are no calls a second",
      wrong: "With 2.42M RPS, this happens ~2.4M times/second.",
      right: [
        "With 2.42M RPS in batches of 500, this happens ~4.8K times/second.",
        "With 2.42M RPS and one record per call, this happens ~2.4M times/second.",
      ]),
    ClaimCase(
      check: "judgements.unmeasured-lock", about: "a lock that nobody was seen to wait for",
      wrong: """
        ### 1. Lock contention in write()
        Severity: HIGH - This is likely the primary bottleneck
        """,
      right: [
        """
        ### 1. Lock contention in write()
        Writers wait 31 % of their time for it: this is the primary bottleneck.
        """
      ]),
    ClaimCase(
      check: "gains.combined", about: "ranges are added",
      wrong: """
        1. Buffer counter: should see 10-20% improvement
        2. Grouping outside: should see 5-10% improvement
        3. Both: should see 15-30% combined improvement
        """,
      right: [
        """
        1. Buffer counter: should see 10-20% improvement
        2. Grouping outside: should see 5-10% improvement
        3. Both: should see 12-21% combined improvement
        """,
        """
        1. Buffer counter: should see 10-20% improvement
        2. Grouping outside: should see 5-10% improvement
        3. Both: at most 15-30% improvement, the joint bound
        """,
      ]),
    ClaimCase(
      check: "gains.chained", about: "each row starts from the hope above it",
      wrong: """
        | Optimization | Baseline RPS | Expected RPS | Gain |
        |---|---|---|---|
        | Buffer counter | 2.42M | 2.66M - 2.90M | +10-20% |
        | Grouping | 2.66M | 2.79M - 2.93M | +5-10% |
        | Locks | 2.79M | 3.35M - 3.91M | +20-40% |
        """,
      right: [
        """
        | Optimization | Baseline RPS | Expected RPS | Gain |
        |---|---|---|---|
        | Buffer counter | 2.42M | 2.66M - 2.90M | +10-20% |
        | Grouping | 2.42M | 2.54M - 2.66M | +5-10% |
        """
      ]),
    ClaimCase(
      check: "evidence.expected-gain", about: "a gain that is only expected",
      wrong: "**Expected Gain:** 10-20% reduction in write() time",
      right: [
        "**Expected Gain:** at most 10-20% (bound: 1/(1-p) of the 12 % it has)",
        "**Measured gain:** 10-20% reduction in write() time",
      ]),
    ClaimCase(
      check: "sums.tree", about: "children that exceed their parent",
      wrong: """
        ```
        100% Request
        ├─ 83.7% write()
        │  ├─ 78.4% flush
        │  └─ 9.1% decoding
        └─ 16.3% middleware
        ```
        """,
      right: [
        """
        ```
        100% Request
        ├─ 83.7% write()
        │  ├─ 78.4% flush
        │  │  └─ most of it when full
        │  └─ ~5% decoding
        └─ 16.3% middleware
        ```
        """,
        """
        ```
        100 %  26.6 ms  inside insert
        ├─ 67.8 %  18.1 ms  CPU
        ├─ 33.7 %  8.96 ms  waiting
        └─ -1.5 %  -409 µs  not told apart
        ```
        """,
      ]),

    // A vector database with hardware counters
    ClaimCase(
      check: "gains.combined", about: "three gains multiplied",
      wrong: """
        ### After cache work (+20%)
        ### After fewer allocations (+15%)
        ### After better access (+8%)
        Cumulative: 581 QPS → 866 QPS (1.49x improvement, 49% faster)
        """,
      right: [
        """
        ### After cache work (+20%)
        ### After fewer allocations (+15%)
        ### After better access (+8%)
        Cumulative: 581 QPS → 730 QPS (1.26x improvement)
        """
      ]),
    ClaimCase(
      check: "gains.beyond-promise", about: "49 % after a promise of 20 to 40",
      wrong: """
        Top 3 optimizations (expected 20-40% improvement):

        Cumulative target: 866 QPS (1.49x improvement)
        """,
      right: [
        """
        Top 3 optimizations (expected 20-40% improvement):

        Cumulative target: 790 QPS (1.36x improvement)
        """
      ]),
    ClaimCase(
      check: "gains.beyond-part", about: "0.74 % cannot give 10 to 20 %",
      wrong: """
        | Metric | Value |
        |---|---|
        | Total Allocations | 7,325,297 |
        | Temporary Allocations | 53,966 |

        ### Excessive allocations
        Pool them. Expected impact: 10-20% improvement
        """,
      right: [
        """
        | Metric | Value |
        |---|---|
        | Total Allocations | 7,325,297 |
        | Temporary Allocations | 2,953,966 |

        ### Excessive allocations
        Pool them. Expected impact: 10-20% improvement
        """
      ]),
    ClaimCase(
      check: "units.reciprocal-latency", about: "581 is 1 / 1.72 ms",
      wrong: "- **QPS**: 581 (1.72ms avg)",
      right: ["- **QPS**: 581 with one client (1.72ms avg)", "- **QPS**: 4,200 (1.72ms avg)"]),
    ClaimCase(
      check: "agreement.mixed-data", about: "counters of 10 K vectors, speed of 100 K",
      wrong: """
        **Workload**: 10,000 vectors (1536D), 100 queries

        - **QPS**: 581 (from 100K benchmark)
        """,
      right: [
        """
        **Workload**: 100,000 vectors (1536D), 100 queries

        - **QPS**: 581 (from 100K benchmark)
        """
      ]),
    ClaimCase(
      check: "units.count-without-time", about: "8,652 switches in what time?",
      wrong: """
        | Metric | Value | Analysis |
        |---|---|---|
        | Context switches | 8,652 | Low - no contention |
        """,
      right: [
        """
        | Metric | Value | Analysis |
        |---|---|---|
        | Context switches | 86/s | Low - no contention |
        """
      ]),
    ClaimCase(
      check: "judgements.miss-ratio", about: "a miss ratio is no cost",
      wrong: """
        | Metric | Value | Analysis |
        |---|---|---|
        | LLC cache misses | 23.41% | VERY HIGH - poor locality |
        """,
      right: [
        """
        | Metric | Value | Analysis |
        |---|---|---|
        | LLC cache misses | 23.41% | VERY HIGH: 410 misses per query |
        """
      ]),
    ClaimCase(
      check: "evidence.target-source", about: "targets out of the air",
      wrong: """
        | Metric | Current | Target | Stretch |
        |---|---|---|---|
        | p95 | 2.08ms | 1.5ms | 1.2ms |
        """,
      right: [
        """
        | Metric | Current | Target | Source |
        |---|---|---|---|
        | p95 | 2.08ms | 1.5ms | contract of 2025 |
        """
      ]),
    ClaimCase(
      check: "evidence.target-source", about: "an empty source is none",
      wrong: """
        | Metric | Current | Expected | Source |
        |---|---|---|---|
        | Build | 225 vec/s | 10K-50K vec/s |  |
        """,
      right: []),

    // An index library
    ClaimCase(
      check: "units.per-operation", about: "14 million are no 14",
      wrong: """
        ```
        13952249 allocs/op
        ```
        Per operation: 14 allocations
        """,
      right: [
        """
        ```
        13952249 allocs/op
        ```
        Per vector: 13,952 allocations
        """,
        """
        ```
        13952249 allocs/op
        ```
        Per operation: 13.95M allocations
        """,
      ]),
    ClaimCase(
      check: "units.bytes", about: "0.68 MB are no 696 KB",
      wrong: "Stored:      0.68 MB = 696 KB",
      right: [
        "Stored:      0.68 MB = 680 KB", "Stored:      0.68 MiB = 696 KiB",
        "Raw:         1000 × 128 × 4 bytes = 512 KB", "6,698,375,296 B/op = 6.7 GB allocations",
      ]),
    ClaimCase(
      check: "agreement.two-values", about: "0.71 and 0.73 for one ratio",
      wrong: """
        | Metric | Current | Source |
        |---|---|---|
        | Compression Ratio | 0.71x | run |

        ### Issue 2: Compression ratio anomaly

        Ratio:       0.73x (36% larger than raw)
        """,
      right: [
        """
        | Metric | Current | Source |
        |---|---|---|
        | Compression Ratio | 0.71x | run |

        ### Issue 2: Compression ratio anomaly

        Ratio:       0.71x (40% larger than raw)
        """,
        """
        | Metric | Current | Source |
        |---|---|---|
        | Compression Ratio | 0.71x | run |

        ### Issue 3: Speed

        Ratio:       0.73x
        """,
      ]),
    ClaimCase(
      check: "judgements.few-runs", about: "−12.5 % between two runs is called normal",
      wrong: """
        | Metric | Run 1 | Run 2 | Variance | Stability |
        |---|---|---|---|---|
        | Query QPS | 2,220 | 1,943 | -12.5% | ✅ Normal |
        """,
      right: [
        """
        | Metric | Run 1 | Run 2 | Run 3 | Run 4 | Stability |
        |---|---|---|---|---|---|
        | Query QPS | 2,220 | 2,210 | 2,225 | 2,219 | Stable |
        """,
        """
        | Metric | Run 1 | Run 2 | Variance | Stability |
        |---|---|---|---|---|
        | Query QPS | 2,220 | 1,943 | -12.5% | UNKNOWN |
        """,
      ]),
    ClaimCase(
      check: "judgements.few-runs", about: "a sentence under two runs",
      wrong: """
        ### Stability (Two Runs)

        **Observation**: Performance is highly reproducible.
        """,
      right: [
        """
        ### Stability (Two Runs)

        **Observation**: two runs cannot tell whether it is stable.
        """,
        """
        ### Stability (Twelve Runs)

        **Observation**: Performance is highly reproducible.
        """,
      ]),
    ClaimCase(
      check: "judgements.recall-headroom", about: "recall of 100 % is only praised",
      wrong: "**Positive**: Recall@10 = 100.00%",
      right: [
        "**Positive**: Recall@10 = 97.30%",
        "**Positive**: Recall@10 = 100.00%, so a smaller ef may do.",
      ]),
    ClaimCase(
      check: "evidence.cause-before-profile", about: "profiling is still to be done",
      wrong: """
        **Root Causes**:

        1. No SIMD

        - [ ] Profile current implementation
        """,
      right: [
        """
        **Root Causes**:

        1. No SIMD

        - [x] Profile current implementation: 41 % in `dot`, run: Profiles/a
        """,
        "- [ ] Profile current implementation",
      ]),
    ClaimCase(
      check: "units.reciprocal-latency", about: "a benchmark's queries a second",
      wrong: """
        ```
        Throughput:       1942.82 queries/sec
        Avg Latency:      514.716µs
        ```
        """,
      right: [
        """
        ```
        Throughput:       7942.82 queries/sec
        Avg Latency:      514.716µs
        ```
        """
      ]),

    // Services with pprof profiles, and their tracker
    ClaimCase(
      check: "evidence.done", about: "done, and nobody measured",
      wrong: """
        ## Done

        - Precompiled the name regex to avoid a compile per call.
        """,
      right: [
        """
        ## Done

        - Precompiled the name regex: CPU per request −3.1 % (−2.2 … −4.0 %), `vbench compare Profiles/a Profiles/b`.
        """,
        """
        ## Pending

        - Precompile the name regex to avoid a compile per call.
        """,
      ]),
    ClaimCase(
      check: "evidence.done", about: "a ticked box without a run",
      wrong: "- [x] Pooled candidate slices, 12 % faster.",
      right: [
        """
        - [x] Pooled candidate slices
          - 12 % faster, sha256:1234
        """
      ]),
    ClaimCase(
      check: "judgements.toy-data", about: "a hundred vectors",
      wrong: "**Workload:** Market benchmark (dims=256, dataset=100, duration=60s)",
      right: [
        "**Workload:** Market benchmark (dims=256, dataset=100000, duration=60s)",
        "**Workload:** Market benchmark (dims=256, dataset=100): a toy, exact scan wins",
      ]),
    ClaimCase(
      check: "evidence.bare-shares", about: "21 % of how many samples?",
      wrong: """
        - `Syscall6` ~21% flat CPU
        - `cgocall` ~12% flat
        - `searchLayer` ~5–7% flat
        """,
      right: [
        """
        - `Syscall6` ~21% flat CPU, n = 3,100
        - `cgocall` ~12% flat
        - `searchLayer` ~5–7% flat
        """
      ]),
    ClaimCase(
      check: "evidence.unlisted-profile", about: "worker2's waits are shown by no command",
      wrong: """
        Both (`worker1_block.pprof`, `worker2_block.pprof`) are dominated by select.

        - `go tool pprof -top profiles/worker1_block.pprof`
        """,
      right: [
        """
        `worker1_block.pprof` is dominated by select.

        - `go tool pprof -top profiles/worker1_block.pprof`
        """
      ]),
    ClaimCase(
      check: "sums.over-100", about: "flat shares of 118 %",
      wrong: """
        - `Unlock` ~44.5% flat, n = 31
        - `RWMutex.Unlock` ~38.8% flat
        - `RUnlock` ~34.9% flat
        """,
      right: [
        """
        - `Unlock` ~44.5% flat, n = 31
        - `RWMutex.Unlock` ~38.8% flat
        - `RUnlock` ~16.3% flat
        """,
        """
        - `Unlock` ~44.5% flat, n = 31
        - `RWMutex.Unlock` ~38.8% flat
        - `main` ~98.3% cumulative
        """,
      ]),
    ClaimCase(
      check: "gains.beyond-share", about: "a part of 5 % that brings 20",
      wrong: "Logging takes 5 % of the CPU; without it expect a 20% improvement.",
      right: [
        "Logging takes 5 % of the CPU; without it expect a 5% improvement.",
        "Distances take 50 % of the CPU; without them expect a 20% improvement.",
      ]),
  ]
}
