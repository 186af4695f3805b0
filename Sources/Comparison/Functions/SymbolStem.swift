/// What a symbol is about, without the words that say how it was built.
///
/// `vb_dot_avx2` and `vb_dot_portable` share the stem `vb dot`; so do `specialized Heap.push` and
/// `Heap.push`, and `__memmove_avx_unaligned_erms` and `__memmove_evex_unaligned_erms`.
enum SymbolStem {
  private static let variants: Set<String> = [
    "avx", "avx2", "avx512", "avx512f", "avx512bw", "sse", "sse2", "sse3", "ssse3", "sse4", "sse41",
    "sse42", "neon", "sve", "sve2", "fma", "fma3", "evex", "evex512", "erms", "rtm", "unaligned",
    "simd", "vectorized", "portable", "scalar", "generic", "fallback", "naive", "plain",
    "unrolled", "batch", "batched",
  ]

  /// What compilers put before a name.
  private static let prefixes = ["specialized ", "merged ", "outlined ", "partial apply for "]

  /// Clones of one function: `push.cold`, `push.part.0`, `push.constprop.1`, `push.isra.0`.
  private static let clones = [".cold", ".part.", ".constprop.", ".isra.", ".llvm.", ".lto_priv."]

  static func of(_ name: String) -> String {
    var text = name[...]
    while let prefix = prefixes.first(where: { text.hasPrefix($0) }) {
      text = text.dropFirst(prefix.count)
    }
    for clone in clones {
      if let range = text.firstRange(of: clone) { text = text[..<range.lowerBound] }
    }
    let words = Self.words(text).filter { !variants.contains($0) }
    return words.isEmpty ? name : words.joined(separator: " ")
  }

  /// Splits at everything that is no letter or digit, and where a capital begins a new word.
  private static func words(_ text: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    var previous: Character = " "
    for character in text {
      let isWordCharacter = character.isLetter || character.isNumber
      let beginsNew = character.isUppercase && previous.isLowercase
      if !isWordCharacter || beginsNew, !word.isEmpty {
        words.append(word.lowercased())
        word = ""
      }
      if isWordCharacter { word.append(character) }
      previous = character
    }
    if !word.isEmpty { words.append(word.lowercased()) }
    return words
  }
}
