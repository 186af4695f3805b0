/// One line of a file of rules, in which every word knows its column.
struct RulesLine {
  let number: Int
  /// The line without the blanks around it.
  let content: Word

  /// A part of the line and where it begins.
  struct Word {
    let text: String
    let column: Int

    var isEmpty: Bool { text.isEmpty }

    /// The parts between the separators, without the blanks around them.
    func parts(separatedBy separator: String) -> [Word] {
      let letters = Array(text)
      let mark = Array(separator)
      var parts: [Word] = []
      var start = 0
      var index = 0
      while index + mark.count <= letters.count {
        if letters[index..<(index + mark.count)].elementsEqual(mark) {
          parts.append(Word(letters[start..<index], column: column + start))
          // The blank behind one separator may be the blank before the next.
          start = index + max(1, mark.count - 1)
          index = start
        } else {
          index += 1
        }
      }
      return parts + [Word(letters[start...], column: column + start)]
    }

    init(padding word: Word) { (text, column) = (" \(word.text) ", word.column - 1) }

    init(_ letters: ArraySlice<Character>, column: Int) {
      let front = letters.prefix { $0.isWhitespace }.count
      var rest = letters.dropFirst(front)
      while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
      text = String(rest)
      self.column = column + (text.isEmpty ? 0 : front)
    }
  }

  private static let longest = 2_000

  init(_ bytes: ArraySlice<UInt8>, number: Int) throws(RulesFileError) {
    self.number = number
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RulesFileError(
        number, Self.column(ofBrokenTextIn: bytes), "the text is not UTF-8 from here on.")
    }
    var letters = Array(text)[...]
    if number == 1, letters.first == "\u{FEFF}" { letters = letters.dropFirst() }
    if let place = letters.firstIndex(where: Self.isControl) {
      throw RulesFileError(number, place + 1, "a control character is no part of a file of rules.")
    }
    guard letters.count <= Self.longest else {
      throw RulesFileError(
        number, Self.longest + 1, "the line is longer than \(Self.longest) characters.")
    }
    content = Word(letters, column: 1)
  }

  private static func isControl(_ letter: Character) -> Bool {
    letter.unicodeScalars.contains {
      ($0.value < 32 && $0 != "\t" && $0 != "\r") || $0.value == 127
    }
  }

  private static func column(ofBrokenTextIn bytes: ArraySlice<UInt8>) -> Int {
    var good = bytes.prefix(0)
    for end in bytes.indices.prefix(longest) {
      let longer = bytes[bytes.startIndex...end]
      if String(validating: longer, as: UTF8.self) != nil { good = longer }
    }
    return String(decoding: good, as: UTF8.self).count + 1
  }

  /// `[group NAME]`, split.
  var heading: (kind: Word, name: Word)? {
    guard content.text.hasSuffix("]") else { return nil }
    let inner = Word(Array(content.text)[...].dropFirst().dropLast(), column: content.column + 1)
    let letters = Array(inner.text)
    guard let blank = letters.firstIndex(where: \.isWhitespace) else { return nil }
    let name = Word(letters[blank...], column: inner.column + blank)
    guard !name.text.contains(where: \.isWhitespace) else { return nil }
    return (Word(letters[..<blank], column: inner.column), name)
  }

  /// `key = value`; nil where what stands before the sign is no small word.
  var keyAndValue: (key: Word, value: Word)? {
    let letters = Array(content.text)
    guard let sign = letters.firstIndex(of: "=") else { return nil }
    let key = Word(letters[..<sign], column: content.column)
    guard !key.isEmpty, key.text.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "-") }) else {
      return nil
    }
    return (key, Word(letters[(sign + 1)...], column: content.column + sign + 1))
  }

  /// Blanks around the line let a separator at its end be seen as one.
  var patterns: [Word] {
    Word(padding: content).parts(separatedBy: " | ")
  }

  func error(_ word: Word, _ sentence: String) -> RulesFileError {
    RulesFileError(number, word.column, sentence)
  }
}
