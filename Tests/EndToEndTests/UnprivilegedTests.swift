import Foundation
import TestSupport
import Testing

/// How to become a user for whom kernel events are refused.
private enum Nobody {
  /// Becomes nobody; nil where this user cannot.
  static let launcher: [String]? = {
    let words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    let paranoid = try? String(
      contentsOfFile: "/proc/sys/kernel/perf_event_paranoid", encoding: .utf8)
    guard getuid() == 0, let level = paranoid.flatMap({ Int($0.filter(\.isNumber)) }), level > 1,
      let run = try? BuiltProgram.run(["version"], through: words), run.status == 0
    else {
      print("skipped: this user cannot become one for whom kernel events are refused")
      return nil
    }
    return words
  }()
}

/// The whole journey as a user to whom the kernel shows nothing.
@Suite(
  .serialized,
  .enabled(
    if: BuiltProgram.path != nil && Nobody.launcher != nil,
    "only root can become somebody else"))
struct UnprivilegedTests {
  @Test func `nobody gets profiles that are not empty, a comparison and a report`() throws {
    let folder = try TemporaryDirectory("nobody")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: folder.path)
    func vbench(_ words: [String]) throws -> BuiltProgram.Run {
      try BuiltProgram.run(words, in: folder.path, through: Nobody.launcher ?? [])
    }
    for label in ["a", "b"] {
      let run = try vbench([
        "market", "--dataset", "3000", "--dims", "64", "-d", "1s", "--warmup", "100ms",
        "--trials", "2", "--rate", "300", "--write-batch", "20", "--label", label,
        "--out", label,
      ])
      #expect(run.status == 0, "\(run.errors)")
    }
    for kind in ["cpu", "block"] {
      let top = try vbench(["top", "--kind", kind, "a/latest"])
      #expect(top.status == 0, "\(top.errors)")
      #expect(top.output.contains("vb_op_"), "no operation in \(kind): \(top.output)")
    }
    #expect(try vbench(["compare", "a/latest", "b/latest"]).status == 0)
    let report = try vbench(["report", "a/latest"])
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("thread timers and instrumented waits"))
    #expect(report.output.contains("perf\\_event\\_paranoid"))
  }

  @Test func `nobody records a program of his own, and is told what is missing`() throws {
    let folder = try TemporaryDirectory("nobody")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: folder.path)
    let loop = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"
    let run = try BuiltProgram.run(
      ["record", "--out", "P", "--", "sh", "-c", loop], in: folder.path,
      through: Nobody.launcher ?? [])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("The kernel's part was refused"), "\(run.errors)")
    let top = try BuiltProgram.run(["top", "P/latest"], in: folder.path)
    #expect(
      top.output.contains("Total samples") && !top.output.contains("samples = 0"), "\(top.output)")
    #expect(try BuiltProgram.run(["report", "P/latest"], in: folder.path).status == 0)
  }
}
