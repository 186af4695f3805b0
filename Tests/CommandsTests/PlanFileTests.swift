import Basics
import Harness
import Testing
import Workloads

@testable import Commands

struct PlanFileTests {
  private let text = """
    # two runs
    [all]
    dataset = "20k"   # "rows"
    trials = 6

    [runs.reads]
    workload = "search-only"
    concurrency = [8, 32]
    label = 'a.b'

    [runs.writes]
    workload = write-only
    trials = 3
    """

  @Test func `a plan is read with its lines`() throws {
    let plan = try PlanFile(text)
    #expect(plan.shared.map(\.key) == ["dataset", "trials"])
    #expect(plan.shared[0].value == "20k")
    #expect(plan.runs.map(\.name) == ["reads", "writes"])
    #expect(plan.runs[0].entries.map(\.value) == ["search-only", "8,32", "a.b"])
    #expect(plan.runs[0].entries[1].line == 8)
  }

  @Test(arguments: [
    ("dims = 4\n[runs.x]", 1, "belongs to nothing"), ("[all\n", 1, "closing bracket"),
    ("[run.x]\n", 1, "[runs.x]"), ("[runs.x]\n[runs.x]\n", 2, "already"),
    ("[runs.x]\nef 5\n", 2, "key = value"), ("[runs.x]\nef = \n", 2, "number, a word"),
    ("[runs.x]\nef = \"5\n", 2, "not closed"), ("[runs.x]\ndims = [1, 2\n", 2, "does not end"),
    ("[runs.x]\nef = 5\nef = 6\n", 3, "line 2"), ("# nothing\n", 1, "no run"),
    ("[runs.]\n", 1, "no part"), ("[runs.x]\na b = 1\n", 2, "no key"),
  ])
  func `what is wrong is told with its line`(text: String, line: Int, part: String) {
    #expect {
      try PlanFile(text)
    } throws: { error in
      guard let problem = error as? PlanFile.Problem else { return false }
      return problem.line == line && problem.sentence.contains(part)
    }
  }

  @Test func `any cut of a plan is read or refused, and nothing else`() {
    for length in 0...text.count {
      do { _ = try PlanFile(String(text.prefix(length))) } catch {
        #expect(error.line >= 1 && !error.sentence.isEmpty)
      }
    }
  }

  @Test func `the sign of a comment inside quotes belongs to the value`() throws {
    let plan = try PlanFile("[runs.x]\nworkload = market\nstore-dir = 'a#b' # there\n")
    #expect(plan.runs[0].entries.map(\.value) == ["market", "a#b"])
  }

  private func planned(_ text: String, _ more: [String] = []) throws -> PlannedRuns {
    try PlannedRuns(try PlanFile(text), "plan.toml", adding: more, only: nil)
  }

  @Test func `a run's own key wins over the shared one, and the command line over both`() throws {
    let runs = try planned(text).each
    #expect(runs.map { $0.run.arms.count } == [2, 1])
    #expect(runs[0].run.arms[0].settings.trials == 6)
    #expect(runs[1].run.arms[0].settings.trials == 3)
    #expect(runs[1].run.arms[0].settings.dataset.rows == 20_000)
    #expect(runs[0].run.arms.map(\.label) == ["a.b-c8", "a.b-c32"])
    let forced = try planned(text, ["--trials", "9"]).each
    #expect(forced.map { $0.run.arms[0].settings.trials } == [9, 9])
  }

  @Test(arguments: [
    ("[runs.x]\nworkload = market\ndimz = 4", "plan.toml:3", "dims"),
    ("[runs.x]\nworkload = markt", "plan.toml:2", "market"),
    ("[runs.x]\ndims = 4", "plan.toml:1", "no workload"),
    ("[runs.x]\nworkload = market\nef = zero", "plan.toml:3", "whole number"),
    ("[runs.x]\nworkload = market\nout = P", "plan.toml:3", "command line"),
    ("[runs.x]\nworkload = market\ndurability = firm", "run `x`", "strict"),
  ])
  func `a plan that no workload understands is refused with its line`(
    text: String, place: String, part: String
  ) {
    #expect {
      try planned(text)
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.sentence.contains(place) && failure.sentence.contains(part)
    }
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `bent plans never trap`(seed: UInt64) {
    let pieces = [
      "[", "]", "[]", "[all]", "[runs.]", "[runs.a", "=", " = ", "\"", "'", "#", ",", ",,", "\n",
      "\r\n",
      "\0", "\u{301}", "\u{FEFF}", "[runs.a]", "workload", "market", "a = [1, 2", "a = ]", "\"]",
      " ",
    ]
    var random = SeededRandom(seed)
    for _ in 0..<3_000 {
      var letters = Array(text.utf8)
      for _ in 0..<random.below(4) {
        letters[random.below(letters.count)] ^= UInt8(1 + random.below(255))
      }
      let bent = String(decoding: letters, as: UTF8.self)
      let made = (0..<random.below(30)).map { _ in pieces[random.below(pieces.count)] }.joined()
      for plan in [bent, made, bent + made] { _ = try? PlanFile(plan) }
    }
  }

  @Test func `every preset is a plan that can be run`() throws {
    for preset in PresetPlans.all {
      #expect(try !planned(preset.text).each.isEmpty, "\(preset.name)")
    }
  }
}
