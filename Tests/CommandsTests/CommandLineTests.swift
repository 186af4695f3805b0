import Testing

@testable import Commands

struct CommandLineTests {
  private let command = Command(
    "demo", "A command for tests.",
    flags: [
      Flag("rows", short: "n", .count(1...1_000_000), "How many.", variables: ["DEMO_ROWS"]),
      Flag("share", .ratio(0...1), "Which part."), Flag("time", .seconds(0...100), "How long."),
      Flag("mode", .choice(["fast", "slow"]), "How."), Flag("dry-run", .toggle, "Nothing."),
    ], operands: .between(0...1, "FILE")
  ) { _ in .fine }

  private func parse(
    _ words: [String], _ environment: [String: String] = [:]
  ) throws -> Invocation {
    try ArgumentParser(command: command, environment: environment).parse(words)
  }

  @Test(arguments: [
    ["--rows", "50k"], ["--rows=50k"], ["-rows", "50000"], ["-n", "50k"], ["-n=50k"],
  ])
  func `a flag may be typed in all these ways`(words: [String]) throws {
    #expect(try parse(words).count("rows") == 50_000)
  }

  @Test func `underscores are dashes, and numbers have units`() throws {
    let typed = try parse(["-dry_run", "--share", "10%", "--time", "500ms"])
    #expect(typed.has("dry-run"))
    #expect(typed.ratio("share") == 0.1)
    #expect(typed.seconds("time") == 0.5)
  }

  @Test(arguments: [
    (["--rwos", "5"], "--rows"), (["--rows", "0"], "from 1"), (["--rows", "many"], "whole number"),
    (["--rows"], "wants a value"), (["--mode", "fats"], "fast"), (["--share", "1.5"], "from 0"),
    (["a", "b"], "got 2"), (["--", "ls"], "no command behind"),
  ])
  func `what is wrong is said in one sentence that helps`(words: [String], part: String) {
    #expect {
      try parse(words)
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.status == .usage && failure.sentence.contains(part)
    }
  }

  @Test func `a variable counts when there is no flag, and is checked like one`() throws {
    #expect(try parse([], ["DEMO_ROWS": "7"]).count("rows") == 7)
    #expect(try parse(["-n", "9"], ["DEMO_ROWS": "7"]).count("rows") == 9)
    #expect(throws: Failure.self) { try parse([], ["DEMO_ROWS": "x"]) }
  }

  @Test func `a misspelled variable with our prefix is an error`() {
    #expect(throws: Failure.self) { try ReservedVariables.check(["VBENCH_STRCIT": "1"]) }
  }

  @Test(arguments: [("marekt", "market"), ("tpo", "top"), ("flamegrph", "flamegraph")])
  func `a misspelled command finds the one that was meant`(typed: String, meant: String) {
    #expect(Nearest.word(to: typed, among: Catalogue.commands.map(\.name)) == meant)
  }

  @Test func `nothing is suggested for a word that is like none`() {
    #expect(Nearest.word(to: "xylophone", among: ["market", "top"]) == nil)
  }

  @Test func `every command has a page, and no line of it is wider than a terminal`() {
    for command in Catalogue.commands {
      let page = HelpPage.page(of: command)
      #expect(page.contains("Usage: vbench \(command.name)"))
      for line in page.split(separator: "\n") { #expect(line.count <= 110, "\(line)") }
    }
  }

  @Test func `no two flags of a command share a name or a letter`() {
    for command in Catalogue.commands {
      #expect(Set(command.flags.map(\.name)).count == command.flags.count, "\(command.name)")
      let letters = command.flags.compactMap(\.short)
      #expect(Set(letters).count == letters.count, "\(command.name)")
    }
  }

  @Test(arguments: [
    (0.0034, 0.0034), (712.4, 710), (1_234, 1_200), (99.6, 100), (36.04, 36),
  ])
  func `a calibrated rate has two digits`(value: Double, rounded: Double) {
    #expect(abs(Calibration.twoDigits(value) - rounded) < 1e-9)
  }
}
