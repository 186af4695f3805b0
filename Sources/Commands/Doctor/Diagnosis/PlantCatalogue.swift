import Basics
import Findings
import Vocabulary

/// Every plant and every clean control, quick ones all.
enum PlantCatalogue {
  static let plants = library + kernel + runtime + waits + go + engine

  // MARK: Small programs

  private static func small(
    _ name: String, _ fault: String, _ rules: [String], _ permille: Int, miss: Int?,
    blind: Plant.Blindness = .without(.cpu), mayPrecede: Set<String> = [],
    alsoTrue: Set<String> = []
  ) -> Plant {
    Plant(
      name: name, fault: fault, rules: rules,
      // A quarter of so many samples is known to 0.9 points; of 900 ms to 1.4, and one plant in ten
      // was missed by that alone.
      program: .rehearsal(name, permille: permille, milliseconds: 2_500),
      nearMiss: miss.map { .rehearsal(name, permille: $0, milliseconds: 500) }, blindness: blind,
      mayPrecede: mayPrecede, alsoTrue: alsoTrue)
  }

  private static let library = [
    small("copy", "memcpy of blocks of 64 KiB", ["C6"], 250, miss: 22),
    small("clear", "memset of blocks of 64 KiB", ["C7"], 250, miss: 22),
    small("malloc", "malloc and free of a few KiB", ["M1"], 300, miss: 38),
    small("clock", "the clock read again and again", ["C13"], 150, miss: 5),
  ]

  private static let kernel = [
    small(
      "read", "large reads of /dev/zero", ["K1"], 400, miss: 170, blind: .withoutKernelFrames),
    Plant(
      name: "read-some", fault: "fewer large reads of /dev/zero", rules: ["K2"],
      program: .rehearsal("read", permille: 120, milliseconds: 2_500),
      nearMiss: .rehearsal("read", permille: 20, milliseconds: 500),
      blindness: .withoutKernelFrames),
    // One stack may be a page fault and memory that comes back: both rules are right.
    small(
      "pages", "memory mapped, touched and dropped", ["M6", "K3"], 150, miss: 12,
      blind: .withoutKernelFrames, alsoTrue: ["K2"]),
    small(
      "madvise", "pages given back and touched again", ["K3", "M6"], 150, miss: 12,
      blind: .withoutKernelFrames, alsoTrue: ["K2"]),
  ]

  private static let runtime = [
    small("retain", "references taken and given up", ["C8"], 150, miss: 40),
    small("access", "exclusive access to a class's property", ["C9"], 120, miss: 13),
    small("cast", "casts to a protocol", ["C10"], 250, miss: 13),
    small("hash", "a set of strings asked", ["C22", "C5"], 250, miss: 22),
    small("text", "numbers made text", ["C12"], 250, miss: 13),
    small("heap", "a binary heap kept in order", ["C23", "C3"], 250, miss: 22),
    // A task that gives way wakes another thread to go on with it.
    small(
      "tasks", "a task that yields again and again", ["C18"], 200, miss: 18, mayPrecede: ["K2"]),
  ]

  // MARK: Waits

  private static let waits = [
    Plant(
      name: "lock", fault: "a lock wanted while it is held", rules: ["L1"],
      program: .rehearsal("lock", permille: 400, milliseconds: 900),
      // Long: of a short one a single wait for a core, which is none for the lock, is too much.
      nearMiss: .rehearsal("lock", permille: 30, milliseconds: 3_000),
      blindness: .without(.mutex), missBelow: Thresholds.standard.lockWait, truth: .lockDelay),
    small(
      "lock-flush", "a lock held by what flushes", ["L3"], 700, miss: 20, blind: .without(.mutex),
      mayPrecede: ["L1"]),
    small(
      "lock-lookup", "a lock held by what looks up", ["L4"], 700, miss: 10,
      blind: .without(.mutex), mayPrecede: ["L1"]),
    // What waits for a core on a busy machine is part of all waiting: no share to hold it to.
    Plant(
      name: "idle", fault: "a thread that sleeps", rules: ["B1"],
      program: .rehearsal("idle", permille: 1_000, milliseconds: 500), nearMiss: nil,
      blindness: .without(.block), truth: .presence),
  ]

  // MARK: Go

  private static func go(
    _ name: String, _ fault: String, _ rules: [String], _ permille: Int, miss: Int? = nil,
    blind: Plant.Blindness = .without(.cpu), truth: Plant.Truth = .share,
    mayPrecede: Set<String> = [], alsoTrue: Set<String> = [], milliseconds: Int = 6_000
  ) -> Plant {
    Plant(
      name: "go-\(name)", fault: fault, rules: rules,
      program: .go(name, permille: permille, milliseconds: milliseconds),
      nearMiss: miss.map { .go(name, permille: $0, milliseconds: milliseconds / 3) },
      blindness: blind, truth: truth, mayPrecede: mayPrecede, alsoTrue: alsoTrue)
  }

  private static let go = [
    go(
      "alloc", "small slices made and dropped, in Go", ["M1"], 120, miss: 30,
      alsoTrue: ["C7", "M10"]),
    go("map", "a map of strings asked, in Go", ["C22", "C5"], 250, miss: 15),
    go("heap", "container/heap kept in order, in Go", ["C23", "C3"], 300, miss: 15),
    go("log", "a log written to nowhere, in Go", ["C12"], 300, miss: 8),
    go(
      "lock", "a logger's lock held by a slow writer, in Go", ["L1"], 0, blind: .without(.mutex),
      truth: .lockDelay, milliseconds: 900),
    go(
      "idle", "workers without work, in Go", ["B1"], 0, blind: .without(.block), milliseconds: 400),
    Plant(
      name: "go-cgo", fault: "calls into C, in Go", rules: ["V11"],
      program: .goWithC(permille: 300, milliseconds: 6_000),
      nearMiss: .goWithC(permille: 30, milliseconds: 2_000)),
  ]

  // MARK: The engine

  private static func searching(rows: String = "4k", dimensions: String = "128") -> [String] {
    ["search-only", "-n", rows, "--dims", dimensions, "--arrival", "closed", "-c", "2"]
      + ["-d", "1500ms", "--warmup", "100ms", "--trials", "1", "--hz", "997"]
  }

  /// All of it in the caches: what one part does to the caches of the others is in the cost of a
  /// search, and in no share of that part.
  private static let searchingInCaches = searching(rows: "1k", dimensions: "32")

  private static let writing = [
    "write-only", "-n", "1k", "--dims", "32", "--arrival", "closed", "-c", "2", "-d", "600ms",
    "--warmup", "100ms", "--trials", "1", "--write-batch", "1",
  ]

  private static func search(_ more: String...) -> PlantedProgram { .engine(searching() + more) }

  private static let engine = [
    Plant(
      name: "portable", fault: "--kernel portable", rules: ["V2"],
      program: search("--kernel", "portable"), nearMiss: search(),
      blindness: .withoutInstructionSets, truth: .costOver("cpu.per.search")),
    Plant(
      name: "visited", fault: "--visited map", rules: ["C5"],
      program: .engine(searchingInCaches + ["--visited", "map"]),
      nearMiss: .engine(searchingInCaches), blindness: .without(.cpu),
      truth: .costOver("cpu.per.search"), alsoTrue: ["M1"]),
    Plant(
      name: "crowded", fault: "24 workers for each core", rules: ["B3"],
      program: search("-c", "\(24 * ProcessorCount.online)"),
      nearMiss: search("-c", "\(2 * ProcessorCount.online)"), blindness: .without(.block),
      truth: .presence),
    Plant(
      name: "wide", fault: "--ef 400, more than the data needs", rules: ["V5"],
      program: search("--ef", "400"), nearMiss: search("--data", "uniform"),
      // A wide beam is kept in order by moving what is behind each new candidate.
      blindness: .withoutResults("search.recall"), truth: .presence, mayPrecede: ["C6"],
      alsoTrue: ["C6"]),
    Plant(
      name: "narrow", fault: "--ef 10 for data without a shape", rules: ["V6"],
      program: search("--data", "uniform", "--ef", "10"), nearMiss: search(),
      blindness: .withoutResults("search.recall"), truth: .presence),
    Plant(
      name: "sync", fault: "--group-commit off, one vector in a write", rules: ["I1"],
      program: .engine(writing + ["--group-commit", "off"]),
      nearMiss: .engine(writing + ["--durability", "none"]), blindness: .without(.block),
      truth: .presence, mayPrecede: ["L1", "B2", "K1"], alsoTrue: ["L1", "B2", "K1", "K2"]),
  ]

  // MARK: Clean runs

  static let controls =
    [
      CleanControl(
        name: "swift", what: "a Swift program that computes",
        program: .rehearsal("none", permille: 0, milliseconds: 700)),
      CleanControl(
        name: "swift-tasks", what: "a Swift program that computes in tasks",
        program: .rehearsal("tasks-clean", permille: 0, milliseconds: 700)),
      CleanControl(name: "c", what: "a C program that computes", program: .c(milliseconds: 700)),
      CleanControl(
        name: "go", what: "a Go program that computes",
        program: .go("none", permille: 0, milliseconds: 700)),
    ]
    + ["market", "search-only", "write-only"].map { command in
      CleanControl(
        name: command, what: "\(command) with standard options, on fewer rows",
        program: .engine([command, "-n", "5k", "-d", "800ms", "--warmup", "300ms", "--trials", "3"])
      )
    }
}
