import Basics
import TestSupport
import Testing
import Vocabulary

@testable import Workloads

struct ExactNeighborsTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory("truth") }

  private func write(_ rows: [[Float]]) throws -> String {
    let path = folder.file("base.fvecs")
    var writer = try VectorFileWriter(path, rows: rows.count, dimensions: rows[0].count)
    for row in rows { try writer.append(row) }
    try writer.finish()
    return path
  }

  /// By definition, without any of the shortcuts.
  private func plain(_ rows: [[Float]], _ query: [Float], _ metric: Metric, _ k: Int) -> [Int] {
    let distances = rows.map { row -> Double in
      let pairs = zip(row, query).map { (Double($0), Double($1)) }
      let dot = pairs.reduce(0) { $0 + $1.0 * $1.1 }
      switch metric {
      case .l2: return pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      case .innerProduct: return -dot
      case .cosine:
        let left = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let right = query.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return 1 - dot / (left * right)
      }
    }
    return Array(rows.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(k))
  }

  @Test(arguments: Metric.allCases, [1, 7, 33])
  func `the neighbors are those of the definition`(metric: Metric, dimensions: Int) throws {
    var random = SeededRandom(7, stream: UInt64(dimensions))
    let rows = (0..<600).map { _ in (0..<dimensions).map { _ in Float(random.normal()) } }
    let queries = (0..<9).map { _ in (0..<dimensions).map { _ in Float(random.normal()) } }
    let path = try write(rows)
    for threads in [1, 2, 16] {
      let answers = try ExactNeighbors(base: path, metric: metric, k: 10, threads: threads)
        .answers(to: queries.flatMap(\.self))
      #expect(answers.count == 9)
      for (answer, query) in zip(answers, queries) {
        #expect(answer.rows == plain(rows, query, metric, 10), "\(threads) threads")
        #expect(answer.distances == answer.distances.sorted())
      }
    }
  }

  @Test func `equal distances come in the order of the row numbers, and are named`() throws {
    // A hundred times the same four vectors: every distance is there a hundred times.
    let corners: [[Float]] = [[1, 0], [0, 1], [-1, 0], [0, -1]]
    let path = try write((0..<400).map { corners[$0 % 4] })
    let answers = try ExactNeighbors(base: path, metric: .l2, k: 5, threads: 2)
      .answers(to: [1, 0.1, 0.1, 1])
    #expect(answers.map(\.rows) == [[0, 4, 8, 12, 16], [1, 5, 9, 13, 17]])
    #expect(answers.map(\.isTied) == [true, true])
    let all = try ExactNeighbors(base: path, metric: .l2, k: 400, threads: 1).answers(to: [1, 0.1])
    #expect(Set(all[0].rows).count == 400)
    #expect(!all[0].isTied, "there is no next row to tie with")
  }

  @Test func `vectors that floats cannot tell apart are still ranked right`() throws {
    // Far from the origin a float's square has no digits left for these differences.
    let rows: [[Float]] = (0..<300).map { [4_096 + Float($0) / 2_048, 4_096] }
    let query: [Float] = [4_096 + 150.25 / 2_048, 4_096]
    let path = try write(rows)
    for metric in Metric.allCases {
      let answer = try ExactNeighbors(base: path, metric: metric, k: 8, threads: 1)
        .answers(to: query)
      #expect(answer[0].rows == plain(rows, query, metric, 8), "\(metric)")
    }
  }

  @Test func `vectors whose squares leave the range of floats are ranked right`() throws {
    let rows: [[Float]] = (1...200).map { [Float($0) * 1e20, 1e21] }
    let query: [Float] = [55.2e20, 1e21]
    let path = try write(rows)
    for metric in Metric.allCases {
      let answer = try ExactNeighbors(base: path, metric: metric, k: 3, threads: 1)
        .answers(to: query)
      #expect(answer[0].rows == plain(rows, query, metric, 3), "\(metric)")
    }
  }

  @Test func `fewer rows than neighbors wanted give as many as there are`() throws {
    let path = try write([[1], [2], [3]])
    let answers = try ExactNeighbors(base: path, metric: .l2, k: 10, threads: 4).answers(to: [2.4])
    #expect(answers.map(\.rows) == [[1, 2, 0]])
  }

  @Test func `a zero vector has no cosine, and its row is named`() throws {
    let path = try write([[1, 1], [0, 0]])
    #expect(throws: DatasetError.zeroVector(path: path, row: 1)) {
      try ExactNeighbors(base: path, metric: .cosine, k: 1, threads: 1).answers(to: [1, 2])
    }
    let answers = try ExactNeighbors(base: path, metric: .l2, k: 1, threads: 1)
      .answers(to: [1, 2])
    #expect(answers.map(\.rows) == [[0]])
  }

  @Test func `an interruption ends it`() throws {
    let path = try write([[1, 1]])
    #expect(throws: DatasetError.interrupted) {
      try ExactNeighbors(base: path, metric: .l2, k: 1, threads: 1)
        .answers(to: [1, 2], isStopped: { true })
    }
  }

  @Test func `a truth from other data is found out by its row numbers`() throws {
    let path = folder.file("gt.ivecs")
    for (rows, part) in [([[0, 5], [1, 2]], "there are 5 rows"), ([[0, 0], [1, 2]], "twice")]
      as [([[Int]], String)]
    {
      var writer = try VectorFileWriter(path, rows: 2, dimensions: 2)
      for row in rows { try writer.append(row: row.map { Int32($0) }) }
      try writer.finish()
      #expect {
        try TruthTable(path, baseRows: 5, queries: 2)
      } throws: {
        "\($0)".contains(part)
      }
    }
    #expect(throws: DatasetError.self) { try TruthTable(path, baseRows: 9, queries: 3) }
  }

  @Test func `a check forgives ties and names what is farther away`() throws {
    let exact = ExactNeighbors.Answer(rows: [3, 4], distances: [1, 2], isTied: true)
    var check = TruthCheck()
    check.hold([1, 2.000001], against: exact, query: 0)
    check.hold([1, 2.1], against: exact, query: 1)
    check.hold([2, 1], against: exact, query: 2)
    #expect(check.checked == 3)
    #expect(check.wrong == [1, 2])
  }
}
