/// One flag, described once: the parser, the help page, the completions and "did you mean" all
/// read this value, so they cannot disagree.
struct Flag: Sendable {
  /// Without dashes.
  ///
  /// Users may type one dash or two, and `_` for `-`, as pprof's users do.
  let name: String
  let short: Character?
  let kind: Kind
  let help: String
  /// What holds when the flag is not given, in words for the help page.
  let standard: String?
  /// Environment variables that set it too, in the order they are tried.
  let variables: [String]
  let group: Group

  /// What may stand behind it; the parser checks the value against this.
  enum Kind: Sendable {
    case toggle
    case text(String)
    /// Options for another command, in one word of the shell; may be empty.
    case options
    case path
    /// A whole number; people may write `50k` or `2M`.
    case count(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// A share from 0 to 1; `10%` is fine.
    case ratio(ClosedRange<Double>)
    /// Seconds; `500ms`, `30s`, `2m` are fine.
    case seconds(ClosedRange<Double>)
    case choice([String])
    /// Several of these, separated by commas.
    case choices([String])
    /// Several whole numbers, separated by commas.
    case counts(ClosedRange<Int>)
    /// May be given several times; the values are kept separated by commas.
    case repeated(String)
    /// Takes all words up to the next flag.
    case several(String)
  }

  enum Group: String, CaseIterable, Sendable {
    case target = "Target"
    case data = "Data"
    case mix = "Mix"
    case load = "Load"
    case time = "Time"
    case quality = "Quality"
    case profile = "Profiling"
    case view = "View"
    case output = "Output"
    case other = "Options"
  }

  init(
    _ name: String, short: Character? = nil, _ kind: Kind, _ help: String,
    standard: String? = nil, variables: [String] = [], group: Group = .other
  ) {
    self.name = name
    self.short = short
    self.kind = kind
    self.help = help
    self.standard = standard
    self.variables = variables
    self.group = group
  }

  var takesValue: Bool {
    if case .toggle = kind { return false }
    return true
  }

  /// What stands for the value on a help page.
  var placeholder: String? {
    switch kind {
    case .toggle: nil
    case .text(let name), .repeated(let name): name
    case .several(let name): "\(name) …"
    case .path: "PATH"
    case .options: "OPTIONS"
    case .count, .number: "N"
    case .ratio: "SHARE"
    case .seconds: "TIME"
    case .choice(let words): words.count > 5 ? "WORD" : words.joined(separator: "|")
    case .choices: "WORD,…"
    case .counts: "N,…"
    }
  }

  /// The words that completions offer.
  var words: [String] {
    switch kind {
    case .choice(let words), .choices(let words): words
    default: []
    }
  }
}
