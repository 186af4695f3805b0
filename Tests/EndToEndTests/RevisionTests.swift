import Foundation
import TestSupport
import Testing

/// `ab` with git revisions as arms.
///
/// The repository of these tests holds a file whose text its build command hangs behind a copy of
/// the built program: other bytes, the same program.
@Suite(
  .serialized,
  .enabled(if: BuiltProgram.path != nil && Tool.path(of: "git") != nil, "no program or no git"))
struct RevisionTests {
  private let folder: TemporaryDirectory
  private let tiny = [
    "--", "search-only", "--dataset", "500", "--dims", "8", "-d", "100ms", "--warmup", "0",
    "--rate", "200", "--profile", "none",
  ]

  init() throws {
    folder = try TemporaryDirectory("revisions")
    try FileManager.default.createDirectory(
      atPath: folder.file("project/inner"), withIntermediateDirectories: true)
    _ = try git("init", "--quiet")
    for text in ["first", "second", "broken"] {
      try text.write(toFile: folder.file("project/inner/stamp"), atomically: true, encoding: .utf8)
      _ = try git("add", "inner/stamp")
      _ = try git("commit", "--quiet", "-m", text)
    }
    _ = try git("tag", "old", "HEAD~2")
  }

  private func git(_ words: String...) throws -> String {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    let answer = try Tool.output(["git"] + identity + words, in: folder.file("project"))
    return try #require(answer, "git \(words)").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What stands in for a project's build: slow compilers are other people's tests.
  private var build: String {
    let program = BuiltProgram.path ?? ""
    return "grep -v broken inner/stamp >&2 || { echo 'stamp:1: error: it is broken'; exit 3; }; "
      + "mkdir -p out && cp '\(program)' out/vbench && cat inner/stamp >> out/vbench"
  }

  private func ab(
    _ words: [String], in place: String = "project", build: String? = nil
  ) throws -> BuiltProgram.Run {
    try BuiltProgram.run(
      ["ab", "--build", build ?? self.build, "--product", "out/vbench", "--pairs", "1"] + words
        + tiny + ["--out", folder.file("P")], in: folder.file(place))
  }

  private func settings() throws -> [[String: String]] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file("P"))
      .filter { $0 != "latest" }.sorted().map { name in
        let data = try Data(contentsOf: URL(filePath: folder.file("P/\(name)/run.json")))
        let record = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
        return Dictionary(
          uniqueKeysWithValues: (record["settings"] as? [[String: String]] ?? []).map {
            ($0["name"] ?? "", $0["value"] ?? "")
          })
      }
  }

  @Test func `two revisions are built, run in turns, and named in their runs`() throws {
    let run = try ab(["--a", "old", "--b", "HEAD~1"])
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let arms = try settings()
    #expect(
      arms.map { $0["revision"] } == [try git("rev-parse", "old"), try git("rev-parse", "HEAD~1")])
    #expect(arms.allSatisfy { $0["build"] == build })
    #expect(Set(arms.compactMap { $0["program"] }).count == 2, "other bytes, other programs")
    #expect(run.errors.contains("Building old"))
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("P"))
    #expect(left.count == 3, "two runs and `latest`, no checkout: \(left)")
    #expect(try git("worktree", "list").split(separator: "\n").count == 1)
    #expect(try git("status", "--porcelain").isEmpty)
    let again = try BuiltProgram.run(
      ["compare"] + left.filter { $0 != "latest" }.sorted(), in: folder.file("P"))
    #expect(again.status == 0 && again.output.contains("Under test: revision"), "\(again.output)")
  }

  @Test func `a revision can be held against this program, with options of its own`() throws {
    let run = try ab(["--b", "HEAD~1 --visited map"])
    #expect(run.status == 0, "\(run.errors)")
    let arms = try settings()
    #expect(arms[0]["revision"] == nil && arms[1]["revision"] != nil)
    #expect(arms[1]["visited"] == "map")
  }

  @Test func `a revision that cannot be built ends with a sentence and the end of its log`() throws
  {
    let run = try ab(["--a", "HEAD~1", "--b", "HEAD"])
    #expect(run.status == 1)
    #expect(run.errors.contains("HEAD ("))
    #expect(run.errors.contains("cannot be built"))
    #expect(run.errors.contains("ended with status 3"))
    #expect(run.errors.contains("  stamp:1: error: it is broken"))
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("P"))
    #expect(left.isEmpty, "\(left)")
  }

  @Test func `what was built is kept where that is asked for, and not built twice`() throws {
    let run = try ab(["--a", "HEAD~2", "--b", "HEAD~1", "--builds", folder.file("kept")])
    #expect(run.status == 0, "\(run.errors)")
    let again = try ab(["--a", "HEAD~2", "--b", "HEAD~1", "--builds", folder.file("kept")])
    #expect(again.errors.contains("was built before"))
    #expect(!again.errors.contains("Building"))
    let other = try ab(
      ["--a", "HEAD~2", "--b", "HEAD~1", "--builds", folder.file("kept")], build: build + "; true")
    #expect(other.errors.contains("Building HEAD~2"), "another command is another build")
  }

  @Test func `a project below the top of its repository is built where it lies`() throws {
    let inner = build.replacing("inner/stamp", with: "stamp")
    let run = try ab(["--a", "HEAD~2", "--b", "HEAD~1"], in: "project/inner", build: inner)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test(arguments: [
    (["--a", "nonesuch", "--b", "HEAD"], 6, "no revision of this repository"),
    (["--a", "HEAD", "--b", "HEAD"], 64, "nothing to compare"),
    (["--a", "HEAD", "--program-a", "x", "--b", "HEAD~1"], 64, "give one of them"),
    (["--b", "--visited map"], 64, "is for revisions"),
    (["--a", "HEAD", "--b", "HEAD~1 --dataset 7"], 64, "what is measured"),
    (["--a", "HEAD", "--project", "/", "--b", "HEAD~1"], 6, "is in no git repository"),
  ])
  func `revisions that cannot be are refused before anything is built`(
    words: [String], status: Int, part: String
  ) throws {
    let run = try ab(words)
    #expect(Int(run.status) == status, "\(words): \(run.errors)")
    #expect(run.errors.contains(part), "\(words): \(run.errors)")
    #expect(!run.errors.contains("Building"))
  }

  @Test func `a dry run names the commits and builds nothing`() throws {
    let run = try ab(["--dry-run", "--a", "old", "--b", "HEAD"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("A: built from old (\(try git("rev-parse", "old").prefix(12)))"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("P")))
  }

  @Test func `what is not committed is said to be in no revision`() throws {
    try "third".write(
      toFile: folder.file("project/inner/stamp"), atomically: true, encoding: .utf8)
    let run = try ab(["--a", "HEAD~2", "--b", "HEAD~1"])
    #expect(run.errors.contains("What is not committed"), "\(run.errors)")
  }
}
