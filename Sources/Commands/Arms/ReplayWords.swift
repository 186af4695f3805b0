import Basics

/// The words of a command line without some of its flags, values included.
enum ReplayWords {
  static func without(_ names: Set<String>, in invocation: Invocation) -> [String] {
    let words = without(names, in: invocation.words, of: invocation.command)
    guard let like = invocation.text("like") else { return words }
    let settled = settled(like)
    return words.map { $0 == like ? settled : $0 == "--like=\(like)" ? "--like=\(settled)" : $0 }
  }

  /// A link such as `latest` leads elsewhere by the time somebody repeats the line.
  private static func settled(_ path: String) -> String {
    guard SymbolicLink.target(of: path) != nil, let real = RealPath.of(path),
      let name = real.split(separator: "/").last
    else { return path }
    let above = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let beside = (above.map(String.init) + [String(name)]).joined(separator: "/")
    return RealPath.of(beside) == real ? beside : real
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
