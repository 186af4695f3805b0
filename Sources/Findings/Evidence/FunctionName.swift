/// The short form of a function's name: what a reader needs to find it in the source.
///
/// A demangled Swift or C++ name carries types, labels and the story of its specializations; a
/// report needs the path to the function. Go names are short already.
enum FunctionName {
  /// `generic specialization <A> of M.T.f<B>(x: Int) -> Int` becomes `M.T.f`.
  static func stem(of name: String) -> String {
    let body = withoutStory(name)
    let inner = closureOwner(of: body)
    let short = withoutParameters(withoutVersion(inner ?? body))
    guard !short.isEmpty else { return name }
    return inner == nil ? short : short + " (closure)"
  }

  /// Drops what the optimizer did to a function, keeping the function it did it to.
  private static func withoutStory(_ name: String) -> Substring {
    var rest = Substring(name)
    let stories = [
      "generic specialization <", "function signature specialization <",
      "generic partial specialization <", "generic not re-abstracted specialization <",
    ]
    while let story = stories.first(where: { rest.hasPrefix($0) }) {
      guard let end = range(of: "> of ", in: rest.dropFirst(story.count)) else { break }
      rest = rest[end...]
    }
    let words = [
      "specialized ", "merged ", "partial apply forwarder for ", "partial apply for ",
      "suspend resume partial function for ", "await resume partial function for ", "static ",
      "outlined ", "dispatch thunk of ",
    ]
    while true {
      if rest.first == "(", let end = range(of: ") ", in: rest), rest.prefix(4).count == 4,
        rest.dropFirst().prefix(1).allSatisfy(\.isNumber)
      {
        rest = rest[end...]
      } else if let word = words.first(where: { rest.hasPrefix($0) }) {
        rest = rest.dropFirst(word.count)
      } else {
        return rest
      }
    }
  }

  /// `closure #1 (A) -> B in M.f(x:)` belongs to `M.f(x:)`.
  private static func closureOwner(of name: Substring) -> Substring? {
    guard name.hasPrefix("closure #"), let end = lastRange(of: " in ", in: name) else { return nil }
    return name[end...]
  }

  private static func withoutVersion(_ name: Substring) -> Substring {
    guard let at = name.firstIndex(of: "@"), at != name.startIndex else { return name }
    return name[..<at]
  }

  /// Cuts the first parameter list and every list of type arguments, but keeps Go's `(*T)` and
  /// what C++ calls `(anonymous namespace)`.
  private static func withoutParameters(_ name: Substring) -> String {
    var short = ""
    var angles = 0
    var index = name.startIndex
    while index < name.endIndex {
      let rest = name[index...]
      if angles == 0, rest.hasPrefix("("), !keepsParenthesis(rest) { break }
      if rest.hasPrefix(" : ") && angles == 0 { break }
      if rest.hasPrefix("operator<") || rest.hasPrefix("operator>") || rest.hasPrefix("->") {
        return String(name)
      }
      let character = name[index]
      if character == "<" { angles += 1 }
      if angles == 0 { short.append(character) }
      if character == ">" { angles = max(0, angles - 1) }
      index = name.index(after: index)
    }
    while short.last == " " { short.removeLast() }
    return short
  }

  private static func keepsParenthesis(_ rest: Substring) -> Bool {
    rest.hasPrefix("(*") || rest.hasPrefix("(anonymous") || rest.hasPrefix("(extension in ")
      || rest.hasPrefix("(in _")
  }

  /// The position after the first occurrence of the text.
  private static func range(of text: String, in name: Substring) -> Substring.Index? {
    var index = name.startIndex
    while index < name.endIndex {
      if name[index...].hasPrefix(text) { return name.index(index, offsetBy: text.count) }
      index = name.index(after: index)
    }
    return nil
  }

  private static func lastRange(of text: String, in name: Substring) -> Substring.Index? {
    var rest = name
    var found: Substring.Index?
    while let next = range(of: text, in: rest) {
      found = next
      rest = rest[next...]
    }
    return found
  }
}
