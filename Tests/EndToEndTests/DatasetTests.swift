import Foundation
import TestSupport
import Testing

/// `vbench dataset` as a user runs it.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct DatasetTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory("dataset") }

  private func vbench(_ words: String, through launcher: [String] = []) throws -> BuiltProgram.Run {
    try BuiltProgram.run(
      ["dataset"] + words.split(separator: " ").map(String.init), in: folder.path,
      through: launcher)
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: folder.file(name)))
  }

  @Test(arguments: ["clustered", "uniform", "signed", "lowdim"], ["heldout", "stored", "ood"])
  func `every kind of data and query is made, described and verified`(
    kind: String, queries: String
  ) throws {
    let made = try vbench(
      "gen d -n 300 --dims 16 --query-count 20 -k 5 --data \(kind) --queries \(queries)")
    #expect(made.status == 0, "\(made.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("d")).sorted()
    #expect(names == ["base.fvecs", "gt.distances.fvecs", "gt.ivecs", "meta.json", "query.fvecs"])
    let info = try vbench("info d --json")
    let object = try JSONSerialization.jsonObject(with: Data(info.output.utf8)) as? [String: Any]
    #expect((object?["base"] as? [String: Any])?["rows"] as? Int == 300)
    let verified = try vbench("verify d --sample 20")
    #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
    #expect(verified.output.contains("digests matched, the truth of 20 queries"))
  }

  @Test func `the same seed makes the same bytes`() throws {
    for name in ["a", "b"] {
      #expect(try vbench("gen \(name) -n 200 --dims 8 --query-count 9 -k 3").status == 0)
    }
    for file in ["base.fvecs", "query.fvecs", "gt.ivecs"] {
      #expect(try bytes("a/\(file)") == bytes("b/\(file)"))
    }
  }

  @Test func `files of others become a dataset, with queries split off when there are none`()
    throws
  {
    #expect(try vbench("gen a -n 300 --dims 8 --query-count 9 --format npy --no-gt").status == 0)
    let both = try vbench("import b --base a/base.npy --query a/query.npy -k 4 --format fbin")
    #expect(both.status == 0, "\(both.errors)")
    #expect(try vbench("verify b").status == 0)
    let split = try vbench("import c --base a/base.npy --query-count 30 -k 4 --json")
    #expect(split.status == 0, "\(split.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(split.output.utf8)) as? [String: Any]
    #expect(object?["rows"] as? Int == 270)
    #expect(object?["queries"] as? Int == 30)
  }

  @Test func `a ground truth of other data is found out, with and without digests`() throws {
    #expect(try vbench("gen a -n 300 --dims 8 --query-count 9 -k 4").status == 0)
    #expect(try vbench("gen b -n 300 --dims 8 --query-count 9 -k 4 --seed 7").status == 0)
    try bytes("b/gt.ivecs").write(to: URL(filePath: folder.file("a/gt.ivecs")))
    let told = try vbench("verify a")
    #expect(told.status == 6)
    #expect(told.output.contains("not the one that meta.json describes"), "\(told.output)")
    try FileManager.default.removeItem(atPath: folder.file("a/meta.json"))
    let untold = try vbench("verify a")
    #expect(untold.status == 6)
    #expect(untold.output.contains("ground truth that is not true"), "\(untold.output)")
  }

  @Test func `rows that no index can take stop an import, or are left out when that is asked for`()
    throws
  {
    let floats: [Float] = [1, 2, .nan, 3, 0, 0, 4, 5, 6, 7, 8, 9]
    var words: [UInt32] = []
    for start in stride(from: 0, to: floats.count, by: 2) {
      words += [2, floats[start].bitPattern, floats[start + 1].bitPattern]
    }
    let data = Data(
      words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } })
    try data.write(to: URL(filePath: folder.file("x.fvecs")))
    let refused = try vbench("import d --base x.fvecs --query x.fvecs -k 1")
    #expect(refused.status == 6)
    #expect(refused.errors.contains("Row 1 of x.fvecs"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("d/base.fvecs")))
    let skipped = try vbench("import e --base x.fvecs --query-count 1 -k 1 --skip-bad")
    #expect(skipped.status == 0, "\(skipped.errors)")
    #expect(skipped.output.contains("2 rows that no index can take were left out"))
    #expect(try vbench("verify e").status == 0)
  }

  @Test func `a disk that takes no more leaves nothing and says so`() throws {
    // The shell's limit on the size of a file stands for the full disk: the write itself fails.
    let limit = ["sh", "-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]
    let run = try vbench("gen d -n 3000 --dims 32 --query-count 5 -k 3", through: limit)
    #expect(run.status == 1, "\(run.output) \(run.errors)")
    #expect(run.errors.contains("base.fvecs.part"), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("d")).isEmpty)
  }

  @Test func `Ctrl-C leaves nothing half-written`() throws {
    // Interrupted as soon as the file under its other name is there.
    let script = """
      "$@" & child=$!
      while [ ! -e d/base.fvecs.part ]; do kill -0 $child || exit 99; done
      kill -INT $child; wait $child
      """
    let run = try vbench(
      "gen d -n 2000000 --dims 64 --query-count 5 -k 3", through: ["bash", "-mc", script, "bash"])
    #expect(run.status == 130, "\(run.output) \(run.errors)")
    #expect(run.errors.contains("Interrupted"), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("d")).isEmpty)
  }

  @Test(arguments: [
    ("frobnicate d", 64, "does not know `frobnicate`"), ("info nothing", 6, "is not there"),
    ("gt nothing", 6, "is not there"), ("import d", 64, "--base FILE"),
    ("gen d --base x.npy", 64, "import"), ("gen d -k 0", 64, "from 1"),
    ("import d --base no.npy", 6, "no.npy is not there"),
  ])
  func `what is wrong is said in one sentence`(words: String, status: Int32, part: String) throws {
    let run = try vbench(words)
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.contains(part), "\(run.errors)")
  }

  @Test func `an old dataset is never written over`() throws {
    #expect(try vbench("gen d -n 50 --dims 4 --query-count 3 -k 2").status == 0)
    let again = try vbench("gen d -n 50 --dims 4 --query-count 3 -k 2 --seed 9")
    #expect(again.status == 1)
    #expect(again.errors.contains("already"))
    #expect(try vbench("verify d").status == 0)
  }
}
