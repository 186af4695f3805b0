/// The words of a command line without some of its flags, values included.
enum ReplayWords {
  static func without(_ names: Set<String>, in invocation: Invocation) -> [String] {
    without(names, in: invocation.words, of: invocation.command)
  }

  static func without(_ names: Set<String>, in words: [String], of command: Command) -> [String] {
    var kept: [String] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      guard word.hasPrefix("-"), word != "-", word != "--", let flag = flag(word, of: command)
      else {
        kept.append(word)
        continue
      }
      let hasOwnWord = flag.takesValue && !word.contains("=") && index < words.count
      let value = hasOwnWord ? [words[index]] : []
      index += value.count
      if !names.contains(flag.name) { kept += [word] + value }
    }
    return kept
  }

  /// A word that a shell takes as one, whatever is in it.
  static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || "0123456789-_./=:,%@+".unicodeScalars.contains($0))
      }
    return isPlain
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }

  private static func flag(_ word: String, of command: Command) -> Flag? {
    let typed = word.drop { $0 == "-" }.prefix { $0 != "=" }
    let name = String(typed.map { $0 == "_" ? "-" : $0 })
    if name.count == 1, let letter = name.first, let flag = command.flag(short: letter) {
      return flag
    }
    return command.flag(named: name)
  }
}
