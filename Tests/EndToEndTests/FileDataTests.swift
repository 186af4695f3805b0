import Foundation
import TestSupport
import Testing

/// `--data file:PATH` in the workloads, as a user types it.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct FileDataTests {
  private let folder: TemporaryDirectory
  private let tiny = [
    "-d", "200ms", "--warmup", "0", "--rate", "300", "--profile", "none", "--trials", "1", "--json",
  ]

  init() throws {
    folder = try TemporaryDirectory("file-data")
    let made = try vbench(
      "dataset gen d -n 1200 --dims 12 --query-count 40 -k 10 --metric l2 --data clustered")
    try #require(made.status == 0, "\(made.errors)")
  }

  private func vbench(_ line: String, _ more: [String] = []) throws -> BuiltProgram.Run {
    try BuiltProgram.run(line.split(separator: " ").map(String.init) + more, in: folder.path)
  }

  private func record(_ line: String) throws -> [String: Any] {
    let run = try vbench(line, tiny)
    #expect(run.status == 0, "\(line): \(run.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    return try #require(json as? [String: Any])
  }

  private func dataset(_ record: [String: Any]) -> [String: Any] {
    record["dataset"] as? [String: Any] ?? [:]
  }

  private func messages(_ record: [String: Any]) -> String {
    (record["flags"] as? [[String: Any]] ?? []).compactMap { $0["message"] as? String }
      .joined(separator: "\n")
  }

  private func value(_ name: String, _ record: [String: Any]) -> Double? {
    let results = record["results"] as? [[String: Any]] ?? []
    let found = results.first { $0["name"] as? String == name }
    return (found?["estimate"] as? [String: Any])?["value"] as? Double
  }

  @Test func `a search takes rows, queries and truth from the folder`() throws {
    let run = try record("search-only --data file:d --ef 200")
    let data = dataset(run)
    #expect(data["kind"] as? String == "file:d")
    #expect(data["rows"] as? Int == 1_200 && data["queries"] as? Int == 40)
    #expect(data["dimensions"] as? Int == 12 && data["metric"] as? String == "l2")
    #expect(messages(run).contains("by the data's own ground truth"))
    // A beam of 200 in 1,200 rows of 12 dimensions finds nearly all.
    #expect((value("search.recall", run) ?? 0) > 0.95)
    #expect(value("search.recall", run) == value("search.recall.upper", run))
  }

  @Test func `a ground truth that somebody changed is refused, whoever asks`() throws {
    let path = folder.file("d/gt.ivecs")
    var truth = try Data(contentsOf: URL(filePath: path))
    // A row is its length and ten numbers; the last query gets the answer of the first.
    let row = 44
    truth.replaceSubrange((truth.count - row)..<truth.count, with: truth.prefix(row))
    try truth.write(to: URL(filePath: path))
    for line in [
      "search-only --data file:d -d 200ms --trials 1", "quick --data file:d --trials 1",
      "sweep --data file:d --over ef=64",
    ] {
      let run = try vbench(line)
      #expect(run.status == 6, "\(line): \(run.status)")
      #expect(run.errors.contains("not the one that meta.json describes"), "\(run.errors)")
    }
  }

  @Test func `the digest is of the data, not of their path or format`() throws {
    let first = try record("search-only --data file:d/")
    #expect(
      try vbench(
        "dataset import e --base d/base.fvecs --query d/query.fvecs --metric l2 "
          + "--format fbin --no-gt"
      ).status == 0)
    let second = try record("search-only --data file:\(folder.path)/e")
    #expect(dataset(first)["digest"] as? String == dataset(second)["digest"] as? String)
    #expect(messages(second).contains("has no ground truth"))
    let fewer = try record("search-only --data file:d/base.fvecs -n 1000")
    #expect(dataset(fewer)["digest"] as? String != dataset(first)["digest"] as? String)
    #expect(messages(fewer).contains("it is of all 1200 rows"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("Profiles"))
      .filter { $0 != "latest" }.sorted()
    let same = try vbench("compare Profiles/\(names[0]) Profiles/\(names[1])")
    #expect(same.status == 0, "one file by two paths is one data set: \(same.output)")
    let other = try vbench("compare Profiles/\(names[0]) Profiles/\(names[2])")
    #expect(other.status == 5, "\(other.output)")
  }

  @Test func `writes take the rows that were not loaded, and recall keeps its bounds`() throws {
    let run = try record(
      "market --data file:d -n 1000 --write-batch 20 --mix search=60,insert=20,upsert=20")
    #expect(messages(run).contains("Writes take the 200 rows of the file that were not loaded"))
    #expect(messages(run).contains("the run writes"))
    let (low, high) = (value("search.recall", run), value("search.recall.upper", run))
    #expect((low ?? 2) <= (high ?? -1))
    #expect((high ?? 0) > 0.9)
    #expect(value("errors", run) == 0)
    let like = try vbench("market --like Profiles/latest --dry-run")
    #expect(like.status == 0, "\(like.errors)")
    #expect(like.output.contains("data = file:d (like)"))
    #expect(like.output.contains("dataset = 1000 (like)"))
  }

  @Test func `both arms of an experiment read one file`() throws {
    let run = try vbench(
      "ab --pairs 1 --b --visited=map --json -- search-only --data file:d -d 100ms --warmup 0 "
        + "--rate 200 --profile none")
    #expect(run.status == 0, "\(run.errors)")
    let digests = try FileManager.default.contentsOfDirectory(atPath: folder.file("Profiles"))
      .filter { $0 != "latest" }.map { name in
        let data = try Data(
          contentsOf: URL(filePath: folder.file("Profiles/\(name)/run.json")))
        return dataset(try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:])[
          "digest"] as? String
      }
    #expect(digests.count == 2 && Set(digests).count == 1)
  }

  @Test(arguments: [
    ("file:nowhere", "", 6, "is not there"),
    ("file:d", "--dims 13", 64, "have 12 components"),
    ("file:d", "-n 1201", 64, "asks for 1,201 rows"),
    ("file:d", "--queries ood", 64, "a file brings its own"),
    ("file:cut", "", 6, "is damaged at byte"),
    ("file:nan/base.fvecs", "--metric l2", 6, "not a finite number"),
    ("file:zero/base.fvecs", "--metric cosine", 6, "zero vector"),
    ("file:alone/base.fvecs", "--metric l2", 6, "no query.fvecs"),
    ("file:alone/base.fvecs", "--queries stored", 6, "give --metric"),
    ("file:wide", "--metric l2", 6, "its vectors have 5 components"),
    ("file:lies", "", 6, "made from other"),
    ("file:d/meta.json", "", 6, "no ending that names a format"),
    ("clusterd", "", 64, "Did you mean clustered?"),
  ])
  func `data that cannot be used are refused in a sentence before anything runs`(
    data: String, flags: String, status: Int, part: String
  ) throws {
    try placeBadData()
    let run = try vbench("search-only --data \(data) \(flags)")
    #expect(Int(run.status) == status, "\(data) \(flags): \(run.errors)")
    #expect(run.errors.contains(part), "\(run.errors)")
    #expect(!run.errors.contains("\n\n"), "one sentence: \(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("Profiles")))
  }

  @Test(arguments: ["sweep", "quick"])
  func `more rows than a file has are refused by the cards as well`(command: String) throws {
    let run = try vbench("\(command) --data file:d -n 5000")
    #expect(run.status == 64 && run.errors.contains("asks for 5,000 rows"), "\(run.errors)")
  }

  private func placeBadData() throws {
    let files = FileManager.default
    for name in ["cut", "nan", "zero", "alone", "wide", "lies"] {
      try files.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
    }
    func copy(_ source: String, _ target: String) throws {
      try Data(contentsOf: URL(filePath: folder.file(source)))
        .write(to: URL(filePath: folder.file(target)))
    }
    for file in ["base.fvecs", "query.fvecs", "gt.ivecs", "meta.json"] {
      for name in ["cut", "lies"] { try copy("d/\(file)", "\(name)/\(file)") }
    }
    let base = try Data(contentsOf: URL(filePath: folder.file("d/base.fvecs")))
    try base.dropLast(7).write(to: URL(filePath: folder.file("cut/base.fvecs")))
    // One component is another: the truth in the folder belongs to other rows.
    var changed = base
    changed[8] ^= 1
    try changed.write(to: URL(filePath: folder.file("lies/base.fvecs")))
    try fvecs([[1, 2], [.nan, 1]]).write(to: URL(filePath: folder.file("nan/base.fvecs")))
    try fvecs([[1, 2], [0, 0]]).write(to: URL(filePath: folder.file("zero/base.fvecs")))
    try fvecs([[1, 2], [3, 4]]).write(to: URL(filePath: folder.file("alone/base.fvecs")))
    try copy("d/base.fvecs", "wide/base.fvecs")
    try fvecs([[1, 2, 3, 4, 5]]).write(to: URL(filePath: folder.file("wide/query.fvecs")))
    for name in ["nan", "zero"] { try copy("\(name)/base.fvecs", "\(name)/query.fvecs") }
  }

  private func fvecs(_ rows: [[Float]]) -> Data {
    Data(
      rows.flatMap { row in
        ([UInt32(row.count)] + row.map(\.bitPattern)).flatMap { word in
          (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
      })
  }
}
