/// Shell completions, generated from the same tables as the help pages.
enum Completions {
  static let shells = ["bash", "zsh", "fish"]

  static func script(for shell: String, commands: [Command]) -> String {
    let shown = commands.filter { !$0.hidden }
    return switch shell {
    case "fish": fish(shown)
    case "zsh": zsh(shown)
    default: bash(shown)
    }
  }

  private static func bash(_ commands: [Command]) -> String {
    let cases = commands.map { command in
      "    \(command.name)) words='\(command.flags.map { "--\($0.name)" }.joined(separator: " "))' ;;"
    }
    let values = Set(commands.flatMap(\.flags).filter { !$0.words.isEmpty }.map(valueCase)).sorted()
    return """
      _vbench() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=
        case $before in
      \(values.joined(separator: "\n"))
        esac
        if [ "$COMP_CWORD" = 1 ]; then
          words='\(commands.map(\.name).joined(separator: " "))'
        else case ${COMP_WORDS[1]} in
      \(cases.joined(separator: "\n"))
        esac; fi
        COMPREPLY=($(compgen -W "$words" -- "$word"))
        case $word in -*) ;; *) [ "$COMP_CWORD" = 1 ] || COMPREPLY+=($(compgen -f -- "$word")) ;; esac
      }
      complete -o filenames -F _vbench vbench

      """
  }

  private static func valueCase(_ flag: Flag) -> String {
    "    --\(flag.name)) COMPREPLY=($(compgen -W '\(flag.words.joined(separator: " "))'"
      + " -- \"$word\")); return ;;"
  }

  private static func zsh(_ commands: [Command]) -> String {
    let list = commands.map { "    '\($0.name):\(plain($0.summary))'" }
    let cases = commands.map { command in
      let flags = command.flags.map { flag -> String in
        let value =
          !flag.takesValue
          ? ""
          : flag.words.isEmpty ? ":value:_files" : ":value:(\(flag.words.joined(separator: " ")))"
        return "'--\(flag.name)[\(plain(flag.help))]\(value)'"
      }
      return "    \(command.name)) _arguments \(flags.joined(separator: " ")) '*:file:_files' ;;"
    }
    return """
      #compdef vbench
      _vbench() {
        local -a commands=(
      \(list.joined(separator: "\n"))
        )
        if (( CURRENT == 2 )); then _describe command commands; return; fi
        local name=$words[2]
        shift words; (( CURRENT-- ))
        case $name in
      \(cases.joined(separator: "\n"))
        esac
      }
      compdef _vbench vbench

      """
  }

  private static func fish(_ commands: [Command]) -> String {
    var lines: [String] = []
    for command in commands {
      lines.append(
        "complete -c vbench -n __fish_use_subcommand -f -a \(command.name)"
          + " -d '\(plain(command.summary))'")
      for flag in command.flags {
        let short = flag.short.map { " -s \($0)" } ?? ""
        let value =
          flag.words.isEmpty
          ? (flag.takesValue ? " -r" : "") : " -x -a '\(flag.words.joined(separator: " "))'"
        lines.append(
          "complete -c vbench -n '__fish_seen_subcommand_from \(command.name)' -l \(flag.name)"
            + "\(short)\(value) -d '\(plain(flag.help))'")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Text that may stand in single quotes and in a zsh description.
  private static func plain(_ text: String) -> String {
    text.filter { !"'[]:`\\".contains($0) }
  }
}
