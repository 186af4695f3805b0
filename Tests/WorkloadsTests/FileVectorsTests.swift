import Basics
import Foundation
import TestSupport
import Testing
import Vocabulary

@testable import Workloads

/// Vectors that a run takes from a file instead of making them.
struct FileVectorsTests {
  private let folder: TemporaryDirectory
  private let rows: [[Float]] = (0..<60).map { row in
    (0..<4).map { Float((row * 7 + $0 * 3) % 11) + 0.5 }
  }

  init() throws { folder = try TemporaryDirectory("file-vectors") }

  private func write(_ name: String, _ rows: [[Float]]) throws -> String {
    let path = folder.file(name)
    var writer = try VectorFileWriter(path, rows: rows.count, dimensions: rows[0].count)
    for row in rows { try writer.append(row) }
    try writer.finish()
    return path
  }

  private func spec(
    _ metric: Metric, rows loaded: Int = 50, format: String = "fvecs"
  ) throws -> DatasetSpec {
    let base = try VectorSurvey(of: write("base.\(format)", rows))
    let queries = try VectorSurvey(of: write("query.\(format)", Array(rows.suffix(6))))
    var spec = DatasetSpec(
      kind: .file, rows: loaded, dimensions: 4, metric: metric, queries: queries.rows,
      querySource: .heldout, seed: 1)
    spec.files = VectorFiles(name: "mine", base: base, queries: queries)
    return spec
  }

  @Test func `id n has row n, and ids behind the last row begin with the first again`() throws {
    let source = try VectorSource(opening: spec(.l2))
    #expect(source.vector(of: VectorID(0)) == rows[0])
    #expect(source.vector(of: VectorID(59)) == rows[59])
    #expect(source.vector(of: VectorID(60)) == rows[0])
    #expect(source.query(2) == rows[56])
  }

  @Test func `rows in any order are the same together and one by one`() throws {
    let source = try VectorSource(opening: spec(.innerProduct, format: "npy"))
    let ids = [3, 4, 5, 59, 60, 61, 61, 2, 120].map { VectorID(UInt64($0)) }
    #expect(source.rows(of: ids) == ids.flatMap { source.vector(of: $0) })
    #expect(source.rows(of: []).isEmpty)
  }

  @Test func `under cosine every vector has length one, and no direction changes`() throws {
    let source = try VectorSource(opening: spec(.cosine))
    for (row, vector) in rows.enumerated() {
      let made = source.vector(of: VectorID(UInt64(row)))
      let length = made.reduce(0) { $0 + $1 * $1 }
      #expect(abs(length - 1) < 1e-5)
      #expect(abs(made[0] / made[1] - vector[0] / vector[1]) < 1e-4)
    }
  }

  @Test func `the digest is of the components, whatever the format, and of what is loaded`() throws
  {
    let kinds = try ["fvecs", "fbin", "npy"].map { try spec(.l2, format: $0) }
    let digests = try kinds.map { try VectorSource(opening: $0).digest }
    #expect(Set(digests).count == 1)
    var fewer = kinds[0]
    fewer.rows = 49
    #expect(try VectorSource(opening: fewer).digest != digests[0])
    var changed = rows
    changed[33][2] += 1
    _ = try write("base.fvecs", changed)
    let survey = try VectorSurvey(of: folder.file("base.fvecs"))
    #expect(survey.digest != kinds[0].files?.baseDigest)
  }

  @Test func `a file that has other rows than it had is refused`() throws {
    let spec = try spec(.l2)
    _ = try write("base.fvecs", Array(rows.dropLast()))
    #expect(throws: DatasetError.self) { _ = try VectorSource(opening: spec) }
    try FileSystem.remove(folder.file("base.fvecs"))
    #expect(throws: DatasetError.self) { _ = try VectorSource(opening: spec) }
  }

  @Test func `a file that is cut while it is used is found out`() throws {
    let source = try VectorSource(opening: spec(.l2))
    try source.check()
    // Cut in place, for a writer that renames would leave the open file whole.
    try File(folder.file("base.fvecs"), .readWrite).truncate(to: 100)
    #expect(source.vector(of: VectorID(40)) == [0, 0, 0, 0])
    #expect(throws: DatasetError.self) { try source.check() }
  }

  @Test func `a survey names the first zero row, and the component that is no number`() throws {
    var odd = rows
    odd[7] = [0, 0, 0, 0]
    odd[9] = [0, 0, 0, 0]
    #expect(try VectorSurvey(of: write("zero.fvecs", odd)).zeroRow == 7)
    #expect(try VectorSurvey(of: write("fine.fvecs", rows)).zeroRow == nil)
    odd[8][3] = .nan
    let path = try write("nan.fvecs", odd)
    #expect(throws: DatasetError.notFinite(path: path, row: 8, component: 3)) {
      _ = try VectorSurvey(of: path)
    }
  }

  @Test(arguments: Metric.allCases)
  func `a ground truth scores as looking at every row does`(metric: Metric) throws {
    let spec = try spec(metric, rows: 60)
    let source = try VectorSource(opening: spec)
    let files = try #require(spec.files)
    let path = folder.file("gt.ivecs")
    let queries = try VectorFile(try #require(files.queries))
    let answers = try ExactNeighbors(base: files.base, metric: metric, k: 8, threads: 1)
      .answers(to: try queries.floats(0..<6))
    var writer = try VectorFileWriter(path, rows: 6, dimensions: 8)
    for answer in answers { try writer.append(row: answer.rows.map { Int32($0) }) }
    try writer.finish()
    let truth = try TruthTable(path, baseRows: 60, queries: 6)
    let quick = try RecallScorer(source, lives: [], truth: truth)
    let thorough = try RecallScorer(source, lives: [])
    var random = SeededRandom(3)
    for query in 0..<6 {
      // Some right answers and some drawn from all.
      let right = answers[query].rows.prefix(query).map { VectorID(UInt64($0)) }
      let drawn = (0..<5).map { _ in VectorID(UInt64(random.below(60))) }
      let seen = RecallScorer.Observation(
        query: query, start: 1, end: 2, answers: right + drawn)
      #expect(quick.score(seen, k: 5) == thorough.score(seen, k: 5), "query \(query)")
    }
    #expect(quick.wasThere(VectorID(59), from: 1, to: 2))
    #expect(!quick.wasThere(VectorID(60), from: 1, to: 2))
  }

  @Test func `a ground truth is left aside once the run wrote`() throws {
    let spec = try spec(.l2, rows: 60)
    let source = try VectorSource(opening: spec)
    let path = folder.file("gt.ivecs")
    // A truth that is not true: whoever used it would find nothing right.
    var writer = try VectorFileWriter(path, rows: 6, dimensions: 2)
    for _ in 0..<6 { try writer.append(row: [0, 1]) }
    try writer.finish()
    let truth = try TruthTable(path, baseRows: 60, queries: 6)
    let life = RecallScorer.Life(id: VectorID(70), insertStart: 1, insertEnd: 2)
    let with = try RecallScorer(source, lives: [life], truth: truth)
    let without = try RecallScorer(source, lives: [life])
    let seen = RecallScorer.Observation(
      query: 1, start: 3, end: 4, answers: [VectorID(55), VectorID(70)])
    #expect(with.score(seen, k: 2) == without.score(seen, k: 2))
  }
}
