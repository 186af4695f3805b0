/// Help pages, laid out from the tables.
enum HelpPage {
  static func overview(of commands: [Command]) -> String {
    let shown = commands.filter { !$0.hidden }
    let width = shown.map(\.name.count).max() ?? 0
    let list = shown.map { "  \(padded($0.name, width))  \($0.summary)" }
    return """
      vbench drives a vector engine, watches it work, and tells what it saw.

      Usage: vbench COMMAND [FLAGS]

      \(list.joined(separator: "\n"))

      `vbench market` needs no flags: it ends in about a minute with a result and a profile
      directory under Profiles/. `vbench help COMMAND` has the rest.

      """
  }

  static func page(of command: Command) -> String {
    var parts = [command.summary, "Usage: \(usage(of: command))"]
    if !command.details.isEmpty { parts.append(command.details) }
    for group in Flag.Group.allCases {
      let flags = command.flags.filter { $0.group == group }
      if !flags.isEmpty { parts.append(section(group.rawValue, flags)) }
    }
    if !command.examples.isEmpty {
      parts.append("Examples:\n" + command.examples.map { "  \($0)" }.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func usage(of command: Command) -> String {
    let operands = command.operands
    let name = operands.name
    let word =
      operands.takesCommand
      ? " \(name)"
      : operands.count.upperBound == 0
        ? "" : operands.count.lowerBound == 0 ? " [\(name)]" : " \(name)"
    return "vbench \(command.name) [FLAGS]\(word)\(operands.count.upperBound > 2 ? " …" : "")"
  }

  private static func section(_ title: String, _ flags: [Flag]) -> String {
    let heads = flags.map { flag in
      let short = flag.short.map { "-\($0), " } ?? "    "
      return "  \(short)--\(flag.name)" + (flag.placeholder.map { " \($0)" } ?? "")
    }
    let width = min(heads.map(\.count).max() ?? 0, 34)
    let lines = zip(heads, flags).map { head, flag in
      let standard = flag.standard.map { " [\($0)]" } ?? ""
      let indent = String(repeating: " ", count: width + 2)
      let text = wrapped(flag.help + standard, to: 100 - width - 2)
        .joined(separator: "\n" + indent)
      return head.count > width ? "\(head)\n\(indent)\(text)" : "\(padded(head, width))  \(text)"
    }
    return "\(title):\n" + lines.joined(separator: "\n")
  }

  private static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
