/// `vbench help [COMMAND]`.
enum HelpCommand {
  static let command = Command(
    "help", "Show all commands, or the page of one.", operands: .between(0...1, "COMMAND")
  ) { invocation in
    guard let name = invocation.operands.first else {
      try Terminal.print(HelpPage.overview(of: Catalogue.commands))
      return .fine
    }
    try Terminal.print(HelpPage.page(of: try Catalogue.command(named: name)))
    return .fine
  }
}

/// `vbench version`.
enum VersionCommand {
  static let command = Command("version", "Print the version.") { _ in
    try Terminal.print("vbench \(Vbench.version)\n")
    return .fine
  }
}

/// `vbench completions SHELL`.
enum CompletionsCommand {
  static let command = Command(
    "completions", "Print completions for bash, zsh or fish.",
    operands: .exactly(1, Completions.shells.joined(separator: "|")),
    examples: ["vbench completions bash > ~/.local/share/bash-completion/completions/vbench"]
  ) { invocation in
    let shell = invocation.operands[0]
    guard Completions.shells.contains(shell) else {
      let hint = Nearest.hint(shell, among: Completions.shells)
      throw Failure.usage("There are no completions for `\(shell)`.\(hint)", invocation.command)
    }
    try Terminal.print(Completions.script(for: shell, commands: Catalogue.commands))
    return .fine
  }
}
