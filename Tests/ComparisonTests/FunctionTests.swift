import Comparison
import Measurement
import Pprof
import RunRecords
import Testing
import Vocabulary

struct FunctionTests {
  private typealias Stack = RunMaker.Stack

  /// Five trials that differ a little, each made from the same stacks.
  private func trials(_ stacks: [Stack], count: Int = 5, seconds: Int64 = 4) -> [Profile?] {
    (0..<count).map { trial in
      RunMaker.profile(
        stacks.map { stack in
          let wobble = stack.samples > 50 ? Int64((trial * 7 + stack.names[0].utf8.count) % 11) : 0
          return Stack(stack.names, stack.samples &+ wobble, stack.operation)
        }, seconds: seconds)
    }
  }

  private func run(_ name: String, _ profiles: [Profile?]) -> RunMaker {
    var maker = RunMaker()
    maker.name = name
    maker.profiles = profiles
    maker.trials = profiles.count
    return maker
  }

  private func compare(_ base: [Stack], _ new: [Stack]) throws -> RunComparison {
    try Comparer.compare(
      base: run("base", trials(base)).folder(), new: run("new", trials(new)).folder())
  }

  private func row(_ comparison: RunComparison, _ name: String) throws -> FunctionRow {
    try #require(comparison.functions?.rows.first { $0.name == name })
  }

  private let rest = [
    Stack(["push", "searchLayer", "vb_op_search"], 1_000),
    Stack(["link", "insertLayer", "vb_op_insert"], 800, "insert"),
    Stack(["checkpoint", "worker"], 300, "background"),
  ]

  @Test func `costs are per operation of their own kind, background over all`() throws {
    let comparison = try compare(rest, rest)
    #expect(comparison.functions?.basis == .perOperation)
    // 1,000 samples of a millisecond over 4,000 searches; the wobble adds less than 1 %.
    let (push, link) = (try row(comparison, "push"), try row(comparison, "link"))
    #expect(abs(push.change.base - 1.0 / 4_000) < 0.01 / 4_000)
    #expect(abs(link.change.base - 0.8 / 400) < 0.02 / 400)
    let checkpoint = try row(comparison, "checkpoint")
    #expect(abs(checkpoint.change.base - 0.3 / 4_400) < 0.01 / 4_400)
    #expect(push.operation == "search" && push.unit == .seconds)
    #expect(
      comparison.functions?.rows.allSatisfy { $0.change.verdict == .noDifferenceSeen } == true)
  }

  @Test func `a kernel whose variant changed is one row, not a win and a loss`() throws {
    let comparison = try compare(
      rest + [Stack(["vb_dot_avx2", "searchLayer", "vb_op_search"], 1_000)],
      rest + [Stack(["vb_dot_portable", "searchLayer", "vb_op_search"], 3_100)])
    let kernels = comparison.functions?.rows.filter { $0.name.contains("vb_dot") } ?? []
    #expect(kernels.map(\.name) == ["vb_dot_avx2 → vb_dot_portable"])
    #expect(kernels.first?.change.verdict == .worse)
    #expect(comparison.costShifts.map(\.kind) == [.renamed])
    let message = try #require(comparison.costShifts.first?.message)
    #expect(message.hasPrefix("same kernel grown slower ×3.0") || message.contains("×3.1"))
    #expect(message.hasSuffix("(vb_dot_avx2 → vb_dot_portable)"))
    #expect(comparison.outcome == .worse)
    #expect(try row(comparison, "push").change.verdict == .noDifferenceSeen)
  }

  @Test func `a kernel that had a batch variant and has none is still one kernel`() throws {
    let comparison = try compare(
      rest + [
        Stack(["vb_dot_batch_avx2", "searchLayer", "vb_op_search"], 900),
        Stack(["vb_dot_avx2", "searchLayer", "vb_op_search"], 100),
      ],
      rest + [Stack(["vb_dot_portable", "searchLayer", "vb_op_search"], 3_000)])
    let kernels = comparison.functions?.rows.filter { $0.name.contains("vb_dot") } ?? []
    #expect(kernels.count == 1)
    #expect(kernels.first?.change.verdict == .worse)
    let message = try #require(comparison.costShifts.first?.message)
    #expect(message.hasPrefix("same kernel grown slower ×2.9") || message.contains("×3"))
  }

  @Test func `a new name at the same cost is neither better nor worse`() throws {
    let comparison = try compare(
      rest + [Stack(["Heap.push", "searchLayer"], 900)],
      rest + [Stack(["SortedRow.place", "searchLayer"], 905)])
    #expect(comparison.costShifts.map(\.kind) == [.replaced])
    #expect(comparison.costShifts.first?.from == ["Heap.push"])
    #expect(comparison.costShifts.first?.to == ["SortedRow.place"])
    #expect(comparison.outcome == .noDifferenceSeen)
  }

  @Test func `a function inlined into its caller is told as moved`() throws {
    let comparison = try compare(
      rest + [
        Stack(["distance", "evaluate", "searchLayer"], 600),
        Stack(["evaluate", "searchLayer"], 600),
      ],
      rest + [Stack(["evaluate", "searchLayer"], 1_200)])
    let shift = try #require(comparison.costShifts.first)
    #expect(shift.kind == .within && shift.caller == "evaluate" && shift.from == ["distance"])
    #expect(try row(comparison, "distance").change.verdict == .noDifferenceSeen)
    #expect(try row(comparison, "distance").presence == .gone)
    #expect(try row(comparison, "evaluate").change.verdict == .noDifferenceSeen)
  }

  @Test func `what takes over the work of a function that went has not become slower`() throws {
    let comparison = try compare(
      rest + [
        Stack(["parseXML", "parse", "main"], 800), Stack(["parseJSON", "parse", "main"], 1_600),
      ],
      rest + [Stack(["parseJSON", "parse", "main"], 2_410)])
    let taker = try row(comparison, "parseJSON").change
    #expect(taker.verdict == .noDifferenceSeen)
    #expect(taker.reason?.hasPrefix("it took over from parseXML inside parse") == true)
    #expect(comparison.outcome == .noDifferenceSeen)
    // A function that grew by more than went has become slower.
    let grown = try compare(
      rest + [
        Stack(["parseXML", "parse", "main"], 200), Stack(["parseJSON", "parse", "main"], 1_600),
      ],
      rest + [Stack(["parseJSON", "parse", "main"], 3_400)])
    #expect(try row(grown, "parseJSON").change.verdict == .worse)
  }

  @Test func `cost that another build puts into an inlined helper is neither worse nor better`()
    throws
  {
    func stacks(_ unseen: Int64, _ prefetch: Int64) -> [Stack] {
      rest + [
        Stack(["unseen", "searchLayer", "vb_op_search"], unseen),
        Stack(["prefetch", "unseen", "searchLayer", "vb_op_search"], prefetch),
      ]
    }
    let comparison = try compare(stacks(2_100, 20), stacks(1_000, 1_150))
    for name in ["unseen", "prefetch"] {
      #expect(try row(comparison, name).change.verdict == .noDifferenceSeen, "\(name)")
    }
    let shift = try #require(comparison.costShifts.first)
    #expect(shift.from == ["unseen"] && shift.to == ["prefetch"] && shift.caller == "unseen")
    #expect(comparison.outcome == .noDifferenceSeen)
    // Where the helper gained more than its caller lost, it has become slower.
    let slower = try compare(stacks(2_100, 20), stacks(1_300, 3_000))
    #expect(try row(slower, "prefetch").change.verdict == .worse)
  }

  @Test func `profiles of other units name them, and sums that wrap are left out`() throws {
    var (left, right) = (RunMaker(), RunMaker())
    var profile = RunMaker.profile([Stack(["f", "main"], 900)])
    left.merged = profile
    profile.sampleTypes = profile.sampleTypes.map { .init($0.type, "microseconds") }
    right.merged = profile
    (left.hasRecord, right.hasRecord) = (false, false)
    #expect(throws: ComparisonError.self) {
      do { _ = try Comparer.compare(base: left.folder(), new: right.folder()) } catch {
        #expect("\(error)".contains("in microseconds"), "\(error)")
        throw error
      }
    }
  }

  @Test func `what surely changed is the first row, however little it costs beside the others`()
    throws
  {
    func stacks(_ planted: Int64) -> [Stack] {
      rest + [Stack(["planted", "searchLayer", "vb_op_search"], planted)]
    }
    let comparison = try compare(stacks(400), stacks(620))
    let rows = try #require(comparison.functions?.rows)
    #expect(rows[0].name == "planted" && rows[0].change.verdict == .worse)
    // The others are as they were, the costliest first.
    #expect(rows.dropFirst().map(\.name).prefix(3) == ["push", "link", "checkpoint"])
    let back = try #require(compare(stacks(620), stacks(400)).functions?.rows.first)
    #expect(back.name == "planted" && back.change.verdict == .better)
  }

  @Test func `of two that changed, the one that moved more of the whole comes first`() throws {
    func stacks(_ small: Int64, _ large: Int64) -> [Stack] {
      rest + [
        Stack(["small", "searchLayer", "vb_op_search"], small),
        Stack(["large", "searchLayer", "vb_op_search"], large),
      ]
    }
    let rows = try #require(compare(stacks(100, 900), stacks(300, 1_500)).functions?.rows)
    #expect(rows.prefix(2).map(\.name) == ["large", "small"])
    #expect(rows.prefix(2).allSatisfy { $0.change.verdict == .worse })
  }

  @Test func `ten thousand functions on each side are compared within the table's limit`() throws {
    let many = (0..<10_000).map { number in
      Stack(["f\(number)", "g\(number % 97)", "searchLayer"], Int64(40 + number % 7))
    }
    let planted = Stack(["planted", "searchLayer"], 40_000)
    let slower = Stack(["planted", "searchLayer"], 60_000)
    let comparison = try compare(many + [planted], many + [slower])
    let table = try #require(comparison.functions)
    let limit = ComparisonOptions().functionLimit
    #expect(table.rows.count <= limit)
    #expect(table.leftOut + table.rows.count >= 10_001, "none is forgotten")
    #expect(table.rows.first?.name == "planted")
  }

  @Test func `values below nothing, which belong into a difference, give no verdict`() throws {
    let odd =
      rest + [
        Stack(["taken", "searchLayer", "vb_op_search"], -700),
        Stack(["least"], .min / 1_000_000_000),
      ]
    let comparison = try compare(rest, odd)
    for row in comparison.functions?.rows ?? [] where ["taken", "least"].contains(row.name) {
      #expect(row.change.verdict == .cannotTell, "\(row.name)")
    }
    #expect(try row(comparison, "push").change.verdict != .worse)
  }

  @Test func `a profile whose sums would wrap is left out, and named`() throws {
    #expect(throws: ComparisonError.self) {
      do { _ = try compare(rest, rest + [Stack(["least"], .min / 1_000_000)]) } catch {
        #expect("\(error)".contains("new/trials/01/engine_cpu.pprof is left out"), "\(error)")
        throw error
      }
    }
  }

  @Test func `what is new and costs is worse, what is gone and cost is better`() throws {
    let extra = rest + [Stack(["copyVector", "searchLayer"], 700)]
    let worse = try compare(rest, extra)
    let arrived = try row(worse, "copyVector")
    #expect(arrived.presence == .arrived && arrived.change.verdict == .worse)
    #expect(arrived.change.ratio == nil && arrived.baseSamples == 0)
    let better = try row(compare(extra, rest), "copyVector")
    #expect(better.presence == .gone && better.change.verdict == .better)
  }

  @Test func `small functions are left out and counted`() throws {
    let comparison = try compare(
      rest + [Stack(["rare", "searchLayer"], 1)], rest + [Stack(["rare", "searchLayer"], 2)])
    #expect(comparison.functions?.rows.contains { $0.name == "rare" } == false)
    #expect(comparison.functions?.leftOut == 1)
    #expect(comparison.functions?.leftOutSamples == 15)
  }

  @Test func `a profile that cannot be read costs its trial and is named`() throws {
    var profiles = trials(rest)
    profiles[2] = nil
    let comparison = try Comparer.compare(
      base: run("base", trials(rest)).folder(), new: run("new", profiles).folder())
    #expect(comparison.notes.contains { $0.contains("trials/03/engine_cpu.pprof is left out") })
    #expect(comparison.notes.contains { $0.contains("4 of 5 trials") })
    #expect(try row(comparison, "push").change.verdict == .cannotTell)
    #expect(try row(comparison, "push").newTrials == 4)
  }

  @Test func `a run without profiles still has its results compared`() throws {
    var (base, new) = (run("base", trials(rest)), RunMaker())
    new.name = "new"
    let results = [RunMaker.result("capacity", [1, 1.01, 0.99, 1, 1])]
    (base.results, new.results) = (results, results)
    let comparison = try Comparer.compare(base: base.folder(), new: new.folder())
    #expect(comparison.functions == nil)
    #expect(comparison.notes.contains { $0.hasPrefix("Only base has a cpu profile of engine") })
    #expect(comparison.results.count == 1)
  }

  private func foreign(_ name: String, _ stacks: [Stack], seconds: Int64) -> RunFolder {
    var maker = RunMaker()
    maker.name = name
    maker.hasRecord = false
    maker.environment = nil
    maker.role = Role(rawValue: "worker")
    maker.merged = RunMaker.profile(
      stacks.map { Stack($0.names, $0.samples, nil) }, seconds: seconds)
    return maker.folder()
  }

  @Test func `foreign folders are compared per second, and one against one tells nothing`() throws {
    let comparison = try Comparer.compare(
      base: foreign("base", rest, seconds: 10), new: foreign("new", rest, seconds: 20))
    #expect(comparison.functions?.basis == .perSecond)
    #expect(comparison.outcome == .cannotTell)
    let push = try row(comparison, "push")
    #expect(push.change.base == 0.1 && push.change.new == 0.05)
    #expect(push.change.verdict == .cannotTell)
    #expect(push.change.reason?.hasPrefix("1 against 1 profiles") == true)
    #expect(push.change.smallestDetectable != nil)
    #expect(comparison.notes.contains { $0.contains("no run.json") })
  }

  @Test func `without durations only shares are left, and that is said`() throws {
    let comparison = try Comparer.compare(
      base: foreign("base", rest, seconds: 0), new: foreign("new", rest, seconds: 20))
    #expect(comparison.functions?.basis == .share)
    let push = try row(comparison, "push")
    #expect(abs(push.change.base - 1_000.0 / 2_100) < 1e-12)
    #expect(push.unit == .ratio)
  }

  @Test(arguments: [-5_000, 0, 9_000_000_000_000] as [Int64])
  func `negative, zero and huge counts are no trap`(samples: Int64) throws {
    let comparison = try compare(rest + [Stack(["odd", "searchLayer"], samples)], rest)
    #expect(try row(comparison, samples > 0 ? "odd" : "push").change.base.isFinite)
    let text = try RecordJSON.encode(comparison, path: "x")
    #expect(!text.isEmpty)
  }

  @Test func `the load generator is left out unless asked for, or alone`() throws {
    let profile = RunMaker.profile(rest)
    func folder(_ roles: [Role]) -> RunFolder {
      RunFolder(
        path: "run", record: nil, environment: nil,
        profileFiles: roles.map {
          RunFolder.ProfileFile(role: $0, kind: .cpu, trial: nil, relativePath: "\($0.rawValue)")
        }
      ) { _ in profile }
    }
    func roles(_ folder: RunFolder, _ options: ComparisonOptions) throws -> Set<Role> {
      let comparison = try Comparer.compare(base: folder, new: folder, options: options)
      return Set(comparison.functions?.rows.map(\.role) ?? [])
    }
    var asked = ComparisonOptions()
    asked.includesClient = true
    #expect(try roles(folder([.engine, .client]), ComparisonOptions()) == [.engine])
    #expect(try roles(folder([.engine, .client]), asked) == [.engine, .client])
    #expect(try roles(folder([.client]), ComparisonOptions()) == [.client])
  }

  @Test func `a comparison survives JSON`() throws {
    let comparison = try compare(
      rest + [Stack(["vb_dot_avx2", "searchLayer"], 1_000)],
      rest + [Stack(["vb_dot_portable", "searchLayer"], 3_100)])
    let bytes = try RecordJSON.encode(comparison, path: "x")
    #expect(try RecordJSON.decode(RunComparison.self, from: bytes, path: "x") == comparison)
  }
}
