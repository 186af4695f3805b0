/// The frame patterns that come with vbench: a file to be read, and read by `RulesFile` like a
/// user's.
///
/// It is raw strings, a chapter in each file, and not a resource: a resource bundle would have to
/// lie beside the program wherever it is copied to, and one embedded as an array of bytes takes the
/// compiler 4.7 s instead of 0.1 s. Tests hold that it parses and that it knows every `SymbolGroup`.
enum StandardPatterns {
  static let text = [
    preface, memory, search, waiting, files, requests, engines, postgres,
  ].joined(separator: "\n\n")

  private static let preface = #"""
    # What a function is about, told by its name: the vocabulary in which rules ask their questions.
    #
    # Names of functions stand here and nowhere else. A section is a group; what stands alone in a
    # line are its patterns, with " | " between them. In a pattern `*` stands for any text, except
    # behind an opening parenthesis, where Go writes its pointers: `sync.(*Mutex).*`. Everything else
    # stands for itself. A pattern is held against the whole name and against the name without its
    # parameters and type arguments. Kernel, C, C++, Swift, Go and Rust spellings stand side by side,
    # since one stack may hold all of them.
    #
    #   label = what a report calls the group
    #   with  = groups whose patterns belong to this one too
    #   only  = own code: the patterns are guesses, and functions of runtimes and libraries don't count
    #
    # `vbench report --rules FILE` reads a file of the same form and adds to these groups.
    """#
}
