/// Reads words against a command's table.
///
/// It knows no command by name and no flag by heart.
struct ArgumentParser {
  let command: Command
  let environment: [String: String]

  func parse(_ words: [String]) throws(Failure) -> Invocation {
    var values: [String: Invocation.Value] = [:]
    var operands: [String] = []
    var rest: [String] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        rest = Array(words[index...])
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let (flag, attached) = try split(word)
      var text = attached ?? "true"
      if flag.takesValue, attached == nil {
        guard index < words.count else {
          throw .usage("--\(flag.name) wants a value (\(flag.placeholder ?? "")).", command)
        }
        text = words[index]
        index += 1
      }
      try check(text, for: flag, spelled: "--\(flag.name)")
      if case .several = flag.kind {
        let more = words[index...].prefix { !$0.hasPrefix("-") || $0 == "-" }
        index += more.count
        // No word of a command line has a zero byte in it.
        text = ([text] + more).joined(separator: "\0")
      }
      if case .repeated = flag.kind, let before = values[flag.name] {
        text = before.text + "," + text
      }
      values[flag.name] = Invocation.Value(text: text, source: .flag)
    }
    try addEnvironment(to: &values)
    if values["help"] == nil { try check(operands, rest) }
    return Invocation(
      command: command, words: [command.name] + words, operands: operands, rest: rest,
      values: values)
  }

  /// The flag that a word names, and the value that hangs on it with `=`.
  private func split(_ word: String) throws(Failure) -> (Flag, String?) {
    let body = word.drop { $0 == "-" }
    let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let typed = parts.first.map(String.init) ?? ""
    let name = String(typed.map { $0 == "_" ? "-" : $0 })
    let attached = parts.count > 1 ? String(parts[1]) : nil
    if name.count == 1, let letter = name.first, let flag = command.flag(short: letter) {
      return (flag, attached)
    }
    if let flag = command.flag(named: name) { return (flag, attached) }
    let hint = Nearest.hint(name, among: command.flags.map(\.name), prefix: "--")
    throw .usage("vbench \(command.name) has no flag \(word).\(hint)", command)
  }

  private func check(_ operands: [String], _ rest: [String]) throws(Failure) {
    let wanted = command.operands
    if wanted.takesCommand ? false : !rest.isEmpty {
      throw .usage("vbench \(command.name) takes no command behind `--`.", command)
    }
    if wanted.count.contains(operands.count) { return }
    if let first = operands.first, wanted.count.upperBound == 0 {
      throw .usage("vbench \(command.name) does not know what to do with `\(first)`.", command)
    }
    let (low, high) = (wanted.count.lowerBound, wanted.count.upperBound)
    let range = low == high ? "\(low)" : high == .max ? "\(low) or more" : "\(low) to \(high)"
    throw .usage(
      "vbench \(command.name) wants \(range) × \(wanted.name) and got \(operands.count).", command)
  }

  private func addEnvironment(to values: inout [String: Invocation.Value]) throws(Failure) {
    for flag in command.flags where values[flag.name] == nil {
      for variable in flag.variables {
        guard let text = environment[variable] else { continue }
        try check(text, for: flag, spelled: "The variable \(variable)")
        values[flag.name] = Invocation.Value(text: text, source: .environment)
        break
      }
    }
  }

  private func check(_ text: String, for flag: Flag, spelled: String) throws(Failure) {
    do throws(HumanInput.NotANumber) {
      switch flag.kind {
      case .toggle:
        try expect(["true", "false"].contains(text), "nothing behind it, or true or false")
      case .options: break
      case .text, .path, .repeated, .several: try expect(!text.isEmpty, "a value that is not empty")
      case .count(let range): try expect(try HumanInput.count(text), in: range)
      case .number(let range):
        try expect(Double(text) ?? .nan, in: range)
      case .ratio(let range): try expect(try HumanInput.ratio(text), in: range)
      case .seconds(let range): try expect(try HumanInput.seconds(text), in: range, unit: " s")
      case .choice(let words): try expect(text, among: words)
      case .choices(let words):
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
          try expect(String(part), among: words)
        }
      case .counts(let range):
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
          try expect(try HumanInput.count(String(part)), in: range)
        }
      }
    } catch {
      throw .usage("\(spelled) wants \(error.wanted); `\(text)` is not one.", command)
    }
  }

  private func expect(_ holds: Bool, _ wanted: String) throws(HumanInput.NotANumber) {
    if !holds { throw HumanInput.NotANumber(wanted: wanted) }
  }

  private func expect<Value: Comparable>(
    _ value: Value, in range: ClosedRange<Value>, unit: String = ""
  ) throws(HumanInput.NotANumber) {
    let (low, high) = ("\(range.lowerBound)", "\(range.upperBound)")
    try expect(range.contains(value), "a number from \(low) to \(high)\(unit)")
  }

  private func expect(
    _ text: String, among words: [String]
  ) throws(HumanInput.NotANumber) {
    let hint = Nearest.hint(text, among: words)
    try expect(words.contains(text), "one of \(words.joined(separator: ", "))\(hint)")
  }
}
