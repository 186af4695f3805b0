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
    for file in files.sorted() {
      let theirs = try Tool.output(
        ["go", "tool", "pprof", "-top", "\(latest)/\(file)"],
        environment: ["HOME": folder.path, "TZ": "UTC"])
      let ours = try BuiltProgram.run(["top", "\(latest)/\(file)"], in: folder.path)
      #expect(ours.output == theirs, "\(file)")
    }
  }
}
