/// Makes the long names of templates fit a table: `std::vector<...>::push_back(...)`.
///
/// Short arguments stay, because `Map<int>` says more than `Map<...>`. What stands in front, as in
/// Rust's `<A as B>::c`, is the name itself and stays as well. The full name is one click away.
enum TemplateName {
  private static let argumentsMax = 20
  private static let parametersMax = 60

  private struct Group {
    let opening: UInt8
    let start: Int
    let isFoldable: Bool
  }

  /// The same name with long arguments as three dots; unchanged where brackets do not match.
  static func short(_ full: String) -> String {
    // Nothing here is long enough.
    if full.utf8.count <= argumentsMax { return full }
    var result: [UInt8] = []
    var groups: [Group] = []
    var rest = Array(full.utf8)[...]
    while let letter = rest.first {
      if let sign = operatorName(rest, after: result.last) {
        result += sign
        rest = rest.dropFirst(sign.count)
        continue
      }
      rest = rest.dropFirst()
      switch letter {
      case UInt8(ascii: "<"), UInt8(ascii: "("):
        let isArguments = letter == UInt8(ascii: "<") && isName(result.last)
        let isParameters = letter == UInt8(ascii: "(") && groups.isEmpty && isName(result.last)
        result.append(letter)
        groups.append(
          Group(opening: letter, start: result.count, isFoldable: isArguments || isParameters))
      case UInt8(ascii: ">") where result.last == UInt8(ascii: "-"): result.append(letter)
      case UInt8(ascii: ">"), UInt8(ascii: ")"):
        let opening = letter == UInt8(ascii: ">") ? UInt8(ascii: "<") : UInt8(ascii: "(")
        guard let group = groups.popLast(), group.opening == opening else { return full }
        let most = opening == UInt8(ascii: "<") ? argumentsMax : parametersMax
        if group.isFoldable, result.count - group.start > most {
          result.removeSubrange(group.start...)
          result += Array("...".utf8)
        }
        result.append(letter)
      default: result.append(letter)
      }
    }
    return groups.isEmpty ? String(decoding: result, as: UTF8.self) : full
  }

  /// Arguments follow a name, or the colons of Rust's `::<A>`.
  private static func isName(_ letter: UInt8?) -> Bool {
    guard let letter else { return false }
    return (48...57).contains(letter) || (65...90).contains(letter) || (97...122).contains(letter)
      || letter == UInt8(ascii: "_") || letter == UInt8(ascii: ":") || letter == UInt8(ascii: ">")
      || letter == UInt8(ascii: "]")
  }

  private static let operators = [
    "<=>", "<<=", ">>=", "->*", "()", "<<", ">>", "<=", ">=", "->", "<", ">",
  ]
  .map { Array("operator\($0)".utf8) }

  /// The name of an operator that looks like a bracket, at the start of what is left.
  private static func operatorName(_ rest: ArraySlice<UInt8>, after last: UInt8?) -> [UInt8]? {
    guard rest.first == UInt8(ascii: "o"),
      last.map({ !isName($0) || $0 == UInt8(ascii: ":") }) ?? true
    else { return nil }
    return operators.first { rest.starts(with: $0) }
  }
}
