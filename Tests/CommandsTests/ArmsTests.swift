import Harness
import Testing

@testable import Commands

struct ArmsTests {
  @Test(arguments: [UInt64(1), 7, 42], [2, 3, 6])
  func `every round has each arm once, and the next is its mirror image`(seed: UInt64, arms: Int) {
    let order = TurnOrder(arms: arms, seed: seed)
    for pair in 0..<20 {
      let (first, second) = (order.round(2 * pair + 1), order.round(2 * pair + 2))
      #expect(first.sorted() == Array(0..<arms), "seed \(seed), round \(2 * pair + 1)")
      #expect(second == first.reversed(), "seed \(seed), round \(2 * pair + 2)")
    }
  }

  @Test func `who goes first follows from the seed and is neither always the same nor in turns`() {
    let firsts = (0..<64).map { TurnOrder(arms: 2, seed: 5).round(2 * $0 + 1)[0] }
    #expect(firsts == (0..<64).map { TurnOrder(arms: 2, seed: 5).round(2 * $0 + 1)[0] })
    #expect((16...48).contains(firsts.filter { $0 == 0 }.count))
    #expect(zip(firsts, firsts.dropFirst()).contains { $0 == $1 })
  }

  @Test(arguments: [
    ("--kernel portable", ["--kernel", "portable"]), ("", []), ("  ", []),
    ("--label 'a b' \"\"", ["--label", "a b", ""]), ("a\"b c\"d", ["ab cd"]),
  ])
  func `options in one word are taken apart as a shell does`(text: String, words: [String]) throws {
    #expect(try ArmWords.split(text, "--a", nil) == words)
  }

  @Test func `a quote that is not closed is an error`() {
    #expect(throws: Failure.self) { try ArmWords.split("--label 'x", "--a", nil) }
  }

  private func words(_ more: [String] = []) throws -> ArmWords {
    try ArmWords(["search-only", "--dims", "16"] + more, asking: ABCommand.command)
  }

  @Test(arguments: [
    ("--visitd map", "--visited"), ("--dims 8", "what is measured"), ("--trials 3", "what is"),
    ("--ef many", "whole number"), ("--rate 10", "for all arms"),
  ])
  func `an arm's option that is wrong is told with the arm`(options: String, part: String) throws {
    let words = try words()
    #expect {
      try words.invocation(adding: options, spelled: "--b")
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.status == .usage && failure.sentence.contains("--b")
        && failure.sentence.contains(part)
    }
  }

  @Test(arguments: [["--trials", "3"], ["--json"], ["--concurrency", "2,4"]])
  func `what belongs to the experiment has no place behind the dashes`(more: [String]) throws {
    let words = try words(more)
    #expect(throws: Failure.self) { try words.invocation(adding: "", spelled: "--a") }
  }

  @Test func `an arm's option wins over the shared one`() throws {
    let own = try words(["--ef", "50"]).invocation(adding: "--ef 80", spelled: "--a")
    #expect(own.count("ef") == 80)
    #expect(own.count("dims") == 16)
  }

  @Test func `flags are left out of a replay line with their values, however they were typed`() {
    let typed = [
      "market", "-c", "8,32", "--label", "x", "--dims=16", "-label=y", "--quiet", "-n", "2k",
    ]
    #expect(
      ReplayWords.without(
        ["concurrency", "label", "dims"], in: typed, of: WorkloadCommands.market)
        == ["market", "--quiet", "-n", "2k"])
    #expect(ReplayWords.quoted("a b'c") == "'a b'\\''c'")
    #expect(ReplayWords.quoted("--rate=5k") == "--rate=5k")
  }

  @Test func `lists of points are combined, each with a line that repeats it alone`() throws {
    let command = WorkloadCommands.market
    let typed = try ArgumentParser(command: command, environment: [:])
      .parse(["-c", "8,32", "--dims", "16,64", "--label", "x"])
    let points = Points(typed).each
    #expect(points.map(\.label) == ["x-d16-c8", "x-d16-c32", "x-d64-c8", "x-d64-c32"])
    #expect(points[1].replayWords == ["market", "--dims", "16", "--concurrency", "32"])
    #expect(points[1].invocation.count("concurrency") == 32)
    let one = try ArgumentParser(command: command, environment: [:]).parse(["-c", "8"])
    #expect(Points(one).each.map(\.title) == [""])
  }

  @Test func `every option of the engine with a choice is in the list of switches`() {
    // What sets how much work is done, not how, has no second side.
    let sizes: Set<String> = ["target", "store-dir", "m", "ef-construction", "ef"]
    let engine = WorkloadFlags.flags.filter { $0.group == .target && !sizes.contains($0.name) }
    #expect(Set(engine.map(\.name)) == Set(EngineSwitch.all.map(\.flag)))
  }

  @Test func `turning a switch off changes the settings, and then there is nothing to turn`() throws
  {
    for option in EngineSwitch.all {
      let words = ["--read-ratio", "0.5"]
      func settings(_ more: [String]) throws -> WorkloadSettings {
        let typed = try ArgumentParser(command: WorkloadCommands.market, environment: [:])
          .parse(words + more)
        return try SettingsReader(typed, command: "market").settings
      }
      let (on, off) = (try settings([]), try settings(["--\(option.flag)", option.off]))
      #expect(on != off, "\(option.flag)")
      #expect(option.idle(in: off) != nil, "\(option.flag)")
    }
  }

  @Test func `a forecast says which change so many pairs show, and how many five percent takes`() {
    let quiet = Detectability(spreads: [("capacity", 0.02)], pairs: 10, source: "a floor")
    #expect((quiet?.rows[0].smallest ?? 1) < 0.05)
    #expect(quiet?.rows[0].pairsForFivePercent == nil)
    let loud = Detectability(spreads: [("capacity", 0.10)], pairs: 10, source: "a floor")
    #expect((loud?.rows[0].smallest ?? 0) > 0.10)
    #expect((40...80).contains(loud?.rows[0].pairsForFivePercent ?? 0))
    #expect(loud?.text.contains("will not be detectable") == true)
    #expect(Detectability(spreads: [], pairs: 10, source: "") == nil)
  }
}
