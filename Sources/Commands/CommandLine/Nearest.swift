/// "Did you mean": the known word nearest to what was typed, if one is near enough.
enum Nearest {
  static func word(to typed: String, among known: [String]) -> String? {
    let scored = known.map { (word: $0, edits: distance(typed, $0)) }
    guard let best = scored.min(by: { ($0.edits, $0.word) < ($1.edits, $1.word) }) else {
      return nil
    }
    // A third of the letters may differ; more would be a guess, not a correction.
    return best.edits <= max(1, max(typed.count, best.word.count) / 3) ? best.word : nil
  }

  static func hint(_ typed: String, among known: [String], prefix: String = "") -> String {
    word(to: typed, among: known).map { " Did you mean \(prefix)\($0)?" } ?? ""
  }

  /// How many letters must be added, dropped, changed or swapped with their neighbor.
  static func distance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left), Array(right))
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in stride(from: 1, through: a.count, by: 1) {
      for j in stride(from: 1, through: b.count, by: 1) {
        let change = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        rows[i][j] = min(change, rows[i - 1][j] + 1, rows[i][j - 1] + 1)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
        }
      }
    }
    return rows[a.count][b.count]
  }
}
