/// One subcommand, described once, and what it does.
struct Command: Sendable {
  let name: String
  /// One line for the list of commands.
  let summary: String
  /// A paragraph or two for its own help page.
  let details: String
  let flags: [Flag]
  let operands: Operands
  let examples: [String]
  /// Not listed: what the program starts of itself.
  let hidden: Bool
  let run: @Sendable (Invocation) throws -> ExitStatus

  /// What may follow beside flags.
  struct Operands: Sendable {
    let name: String
    let count: ClosedRange<Int>
    /// Everything behind `--` is a command line of its own.
    let takesCommand: Bool

    static let none = Operands(name: "", count: 0...0, takesCommand: false)

    static func exactly(_ count: Int, _ name: String) -> Operands {
      Operands(name: name, count: count...count, takesCommand: false)
    }

    static func between(_ range: ClosedRange<Int>, _ name: String) -> Operands {
      Operands(name: name, count: range, takesCommand: false)
    }

    static let command = Operands(name: "-- CMD …", count: 0...0, takesCommand: true)
  }

  init(
    _ name: String, _ summary: String, details: String = "", flags: [Flag] = [],
    operands: Operands = .none, examples: [String] = [], hidden: Bool = false,
    run: @escaping @Sendable (Invocation) throws -> ExitStatus
  ) {
    self.name = name
    self.summary = summary
    self.details = details
    self.flags = flags + SharedFlags.everywhere
    self.operands = operands
    self.examples = examples
    self.hidden = hidden
    self.run = run
  }

  func flag(named name: String) -> Flag? { flags.first { $0.name == name } }

  func flag(short: Character) -> Flag? { flags.first { $0.short == short } }
}
