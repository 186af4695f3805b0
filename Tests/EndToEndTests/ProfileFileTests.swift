import Foundation
import TestSupport
import Testing

/// What a run leaves, read by the tool whose format it is.
@Suite(
  .serialized,
  .enabled(
    if: BuiltProgram.path != nil && Tool.path(of: "go") != nil, "go tool pprof is not installed"))
struct ProfileFileTests {
  @Test func `pprof reads every profile of a run and prints what we print`() throws {
    let folder = try TemporaryDirectory("pprof")
    let run = try BuiltProgram.run(
      [
        "market", "--dataset", "3000", "--dims", "64", "-d", "700ms", "--warmup", "100ms",
        "--trials", "2", "--rate", "300",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let latest = "\(folder.path)/Profiles/latest"
    let files = try FileManager.default.subpathsOfDirectory(atPath: "\(latest)/")
      .filter { $0.hasSuffix(".pprof") }
    #expect(files.count >= 12, "\(files)")
    for file in files.sorted() { try compare([], file, latest, folder.path) }
    // The merged ones in every way of asking.
    let merged = files.filter { !$0.hasPrefix("trials/") }.sorted()
    #expect(merged.count == 6)
    for file in merged {
      for flags in Self.questions { try compare(flags, file, latest, folder.path) }
    }
  }

  private static let questions = [
    ["-cum"], ["-nodecount=7"], ["-sample_index=0"], ["-focus=vb_op_insert"],
    ["-ignore=GraphIndex"], ["-tagfocus=op=insert", "-cum"], ["-unit=ms", "-nodefraction=0.02"],
    ["-lines"], ["-hide=VectorStore", "-trim=false"],
  ]

  private func compare(
    _ flags: [String], _ file: String, _ latest: String, _ folder: String
  ) throws {
    let theirs = try Tool.output(
      ["go", "tool", "pprof", "-top"] + flags + ["\(latest)/\(file)"],
      environment: ["HOME": folder, "TZ": "UTC"])
    let ours = try BuiltProgram.run(["top"] + flags + ["\(latest)/\(file)"], in: folder)
    #expect(ours.output == theirs, "\(file) \(flags)")
  }
}
