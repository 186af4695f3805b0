/// What was typed, checked against a command's table.
struct Invocation: Sendable {
  let command: Command
  /// The words behind `vbench`, as they were typed.
  let words: [String]
  let operands: [String]
  /// What stood behind `--`.
  let rest: [String]
  private let values: [String: Value]

  struct Value: Sendable {
    let text: String
    let source: Source

    enum Source: Sendable {
      case flag, environment, like
      /// What holds for this command when nothing is given.
      case standard
    }
  }

  init(
    command: Command, words: [String], operands: [String], rest: [String], values: [String: Value]
  ) {
    self.command = command
    self.words = words
    self.operands = operands
    self.rest = rest
    self.values = values
  }

  /// The same with values for flags that were not given.
  func filled(with more: [String: Value]) -> Invocation {
    Invocation(
      command: command, words: words, operands: operands, rest: rest,
      values: values.merging(more) { given, _ in given })
  }

  /// The same with another value for one flag.
  func replacing(_ name: String, with text: String) -> Invocation {
    var values = values
    values[name] = Value(text: text, source: values[name]?.source ?? .flag)
    return Invocation(
      command: command, words: words, operands: operands, rest: rest, values: values)
  }

  /// The flags that were typed.
  var given: [String] { values.filter { $0.value.source == .flag }.keys.sorted() }

  func value(_ name: String) -> Value? {
    precondition(command.flag(named: name) != nil, "\(command.name) has no flag \(name)")
    return values[name]
  }

  func has(_ name: String) -> Bool { value(name).map { $0.text != "false" } ?? false }

  func text(_ name: String) -> String? { value(name)?.text }

  func count(_ name: String) -> Int? { text(name).flatMap { try? HumanInput.count($0) } }

  func number(_ name: String) -> Double? { text(name).flatMap { Double($0) } }

  func ratio(_ name: String) -> Double? { text(name).flatMap { try? HumanInput.ratio($0) } }

  func seconds(_ name: String) -> Double? { text(name).flatMap { try? HumanInput.seconds($0) } }

  /// The words behind a flag that takes several.
  func words(behind name: String) -> [String] {
    text(name).map { $0.split(separator: "\0").map(String.init) } ?? []
  }

  func list(_ name: String) -> [String]? {
    text(name).map { $0.split(separator: ",").map(String.init) }
  }
}
