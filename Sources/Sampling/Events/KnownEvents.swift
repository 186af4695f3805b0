import CPerfEvents

/// The names that the kernel itself gives a meaning, as perf spells them.
enum KnownEvents {
  typealias Code = (type: UInt32, config: UInt64)

  static let tracepointType = PERF_TYPE_TRACEPOINT.rawValue
  static let rawType = PERF_TYPE_RAW.rawValue

  static let hardware: [String: Code] = codes(
    PERF_TYPE_HARDWARE.rawValue,
    [
      (["cycles", "cpu-cycles"], PERF_COUNT_HW_CPU_CYCLES.rawValue),
      (["instructions"], PERF_COUNT_HW_INSTRUCTIONS.rawValue),
      (["cache-references"], PERF_COUNT_HW_CACHE_REFERENCES.rawValue),
      (["cache-misses"], PERF_COUNT_HW_CACHE_MISSES.rawValue),
      (["branches", "branch-instructions"], PERF_COUNT_HW_BRANCH_INSTRUCTIONS.rawValue),
      (["branch-misses"], PERF_COUNT_HW_BRANCH_MISSES.rawValue),
      (["bus-cycles"], PERF_COUNT_HW_BUS_CYCLES.rawValue),
      (
        ["stalled-cycles-frontend", "idle-cycles-frontend"],
        PERF_COUNT_HW_STALLED_CYCLES_FRONTEND.rawValue
      ),
      (
        ["stalled-cycles-backend", "idle-cycles-backend"],
        PERF_COUNT_HW_STALLED_CYCLES_BACKEND.rawValue
      ),
      (["ref-cycles"], PERF_COUNT_HW_REF_CPU_CYCLES.rawValue),
    ])

  static let software: [String: Code] = codes(
    PERF_TYPE_SOFTWARE.rawValue,
    [
      (["cpu-clock"], PERF_COUNT_SW_CPU_CLOCK.rawValue),
      (["task-clock"], PERF_COUNT_SW_TASK_CLOCK.rawValue),
      (["page-faults", "faults"], PERF_COUNT_SW_PAGE_FAULTS.rawValue),
      (["minor-faults"], PERF_COUNT_SW_PAGE_FAULTS_MIN.rawValue),
      (["major-faults"], PERF_COUNT_SW_PAGE_FAULTS_MAJ.rawValue),
      (["context-switches", "cs"], PERF_COUNT_SW_CONTEXT_SWITCHES.rawValue),
      (["cpu-migrations", "migrations"], PERF_COUNT_SW_CPU_MIGRATIONS.rawValue),
      (["alignment-faults"], PERF_COUNT_SW_ALIGNMENT_FAULTS.rawValue),
      (["emulation-faults"], PERF_COUNT_SW_EMULATION_FAULTS.rawValue),
      (["cgroup-switches"], PERF_COUNT_SW_CGROUP_SWITCHES.rawValue),
      (["dummy"], PERF_COUNT_SW_DUMMY.rawValue),
    ])

  /// What is worth naming when somebody asks for something that is not there.
  static let common = [
    "cycles", "instructions", "branches", "branch-misses", "cache-references", "cache-misses",
    "L1-dcache-load-misses", "LLC-load-misses", "dTLB-load-misses", "task-clock", "page-faults",
    "minor-faults", "major-faults", "context-switches", "cpu-migrations",
  ]

  // MARK: - Caches

  private static let caches: [(names: [String], number: UInt32)] = [
    (["L1-dcache", "L1-d", "l1d"], PERF_COUNT_HW_CACHE_L1D.rawValue),
    (["L1-icache", "L1-i", "l1i"], PERF_COUNT_HW_CACHE_L1I.rawValue),
    (["LLC"], PERF_COUNT_HW_CACHE_LL.rawValue), (["dTLB"], PERF_COUNT_HW_CACHE_DTLB.rawValue),
    (["iTLB"], PERF_COUNT_HW_CACHE_ITLB.rawValue), (["branch"], PERF_COUNT_HW_CACHE_BPU.rawValue),
    (["node"], PERF_COUNT_HW_CACHE_NODE.rawValue),
  ]

  private static let uses: [(name: String, number: UInt32)] = [
    ("load", PERF_COUNT_HW_CACHE_OP_READ.rawValue),
    ("store", PERF_COUNT_HW_CACHE_OP_WRITE.rawValue),
    ("prefetch", PERF_COUNT_HW_CACHE_OP_PREFETCH.rawValue),
  ]

  /// Names such as `LLC-loads` (how often) and `LLC-load-misses` (how often in vain).
  static func cache(_ name: String) -> Code? { cacheCodes[name] }

  private static let cacheCodes: [String: Code] = {
    var codes: [String: Code] = [:]
    for cache in caches {
      for use in uses {
        let config = UInt64(cache.number) | UInt64(use.number) << 8
        let missed = config | UInt64(PERF_COUNT_HW_CACHE_RESULT_MISS.rawValue) << 16
        let plural = use.name + (use.name.hasSuffix("h") ? "es" : "s")
        for name in cache.names {
          codes["\(name)-\(plural)"] = (PERF_TYPE_HW_CACHE.rawValue, config)
          codes["\(name)-\(use.name)-misses"] = (PERF_TYPE_HW_CACHE.rawValue, missed)
        }
      }
    }
    return codes
  }()

  // MARK: - Almost right

  /// The names that take the fewest changes to get to, if that is few.
  static func nearest(to name: String) -> [String] {
    let wanted = Array(name.lowercased().utf8.prefix(64))
    let ranked = (Array(hardware.keys) + software.keys + cacheCodes.keys)
      .map { (distance: changes(from: wanted, to: Array($0.lowercased().utf8)), name: $0) }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best = ranked.first, best.distance <= max(1, wanted.count / 3) else { return [] }
    return ranked.prefix { $0.distance == best.distance }.prefix(3).map(\.name)
  }

  /// How many letters must be added, dropped or changed.
  private static func changes(from source: [UInt8], to target: [UInt8]) -> Int {
    var row = Array(0...target.count)
    for (line, letter) in source.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in target.indices {
        let changed = diagonal + (letter == target[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(changed, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[target.count]
  }

  private static func codes(
    _ type: UInt32, _ names: [([String], UInt32)]
  ) -> [String: Code] {
    var codes: [String: Code] = [:]
    for (spellings, config) in names {
      for spelling in spellings { codes[spelling] = (type, UInt64(config)) }
    }
    return codes
  }
}
