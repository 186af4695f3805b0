/// A regular expression as steps that are followed all at once.
///
/// Each letter of a text moves every way that is still open one step on (Thompson, 1968), so the
/// time is the text's length times the steps, whatever the expression is. A profile brings
/// expressions of its own, `drop_frames`, and one that goes back and tries again could be made to
/// take years.
struct PatternProgram: Sendable {
  enum Step: Sendable {
    /// Position in `sets`.
    case letter(Int)
    case place(Place)
    case fork(Int, Int)
    case jump(Int)
    case end
  }

  /// What must hold between two letters.
  enum Place: Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordEdge, noWordEdge

    func holds(between before: UInt32?, _ after: UInt32?) -> Bool {
      switch self {
      case .textStart: before == nil
      case .textEnd: after == nil
      case .lineStart: before == nil || before == 10
      case .lineEnd: after == nil || after == 10
      case .wordEdge: Self.isOfWord(before) != Self.isOfWord(after)
      case .noWordEdge: Self.isOfWord(before) == Self.isOfWord(after)
      }
    }

    private static func isOfWord(_ letter: UInt32?) -> Bool {
      guard let letter else { return false }
      return (48...57).contains(letter) || (97...122).contains(letter | 32) || letter == 95
    }
  }

  private var steps: [Step] = []
  private var sets: [LetterSet] = []
  /// Work that is left for repeated parts, which are written out.
  private var allowance = 100_000
  private let mustBeginAtStart: Bool

  init(_ root: PatternParser.Part) throws(PatternProblem) {
    if case .sequence(let parts) = root, case .place(.textStart)? = parts.first {
      mustBeginAtStart = true
    } else {
      mustBeginAtStart = false
    }
    try write(root)
    steps.append(.end)
  }

  private mutating func write(_ part: PatternParser.Part) throws(PatternProblem) {
    allowance -= 1
    if allowance < 0 {
      throw PatternProblem("it is too large when its repetitions are written out")
    }
    switch part {
    case .letter(let set):
      steps.append(.letter(sets.count))
      sets.append(set)
    case .place(let place): steps.append(.place(place))
    case .sequence(let parts): for part in parts { try write(part) }
    case .choice(let parts): try write(choice: parts)
    case .repeated(let part, let least, let most):
      for _ in 0..<least { try write(part) }
      guard let most else { return try write(endless: part) }
      for _ in least..<most { try write(optional: part) }
    }
  }

  private mutating func write(choice parts: [PatternParser.Part]) throws(PatternProblem) {
    var ends: [Int] = []
    for part in parts.dropLast() {
      let fork = reserve()
      try write(part)
      ends.append(reserve())
      steps[fork] = .fork(fork + 1, steps.count)
    }
    if let last = parts.last { try write(last) }
    for end in ends { steps[end] = .jump(steps.count) }
  }

  private mutating func write(endless part: PatternParser.Part) throws(PatternProblem) {
    let fork = reserve()
    try write(part)
    steps.append(.jump(fork))
    steps[fork] = .fork(fork + 1, steps.count)
  }

  private mutating func write(optional part: PatternParser.Part) throws(PatternProblem) {
    let fork = reserve()
    try write(part)
    steps[fork] = .fork(fork + 1, steps.count)
  }

  /// A step that is known later.
  private mutating func reserve() -> Int {
    steps.append(.end)
    return steps.count - 1
  }

  // MARK: - Matching

  /// Whether the expression holds anywhere in a text.
  func matches(_ text: String) -> Bool {
    var ways = Ways(stepCount: steps.count)
    var before: UInt32?
    var rest = text.unicodeScalars.makeIterator()
    var after = rest.next()?.value
    while true {
      if before == nil || !mustBeginAtStart { ways.pending.append(0) }
      if follow(&ways, before, after) { return true }
      guard let letter = after, !(mustBeginAtStart && ways.waiting.isEmpty) else { return false }
      for number in ways.waiting where takes(steps[number], letter) {
        ways.pending.append(number + 1)
      }
      before = letter
      after = rest.next()?.value
    }
  }

  private func takes(_ step: Step, _ letter: UInt32) -> Bool {
    guard case .letter(let set) = step else { return false }
    return sets[set].contains(letter)
  }

  /// Goes on from all pending steps to those that wait for a letter; true where the end is one.
  private func follow(_ ways: inout Ways, _ before: UInt32?, _ after: UInt32?) -> Bool {
    ways.begin()
    while let number = ways.pending.popLast() {
      if !ways.visit(number) { continue }
      switch steps[number] {
      case .letter: ways.waiting.append(number)
      case .place(let place):
        if place.holds(between: before, after) { ways.pending.append(number + 1) }
      case .jump(let target): ways.pending.append(target)
      case .fork(let one, let other):
        ways.pending.append(other)
        ways.pending.append(one)
      case .end: return true
      }
    }
    return false
  }

  /// Where a match may have got to.
  private struct Ways {
    var pending: [Int] = []
    var waiting: [Int] = []
    /// At which letter each step was last visited.
    private var visited: [Int]
    private var round = 0

    init(stepCount: Int) { visited = [Int](repeating: 0, count: stepCount) }

    mutating func begin() {
      round += 1
      waiting.removeAll(keepingCapacity: true)
    }

    mutating func visit(_ step: Int) -> Bool {
      if visited[step] == round { return false }
      visited[step] = round
      return true
    }
  }
}
