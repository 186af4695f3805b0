import Foundation
import TestSupport
import Testing

/// Files of other tools through the whole program.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct ForeignFileTests {
  private static let files = [
    "perf.data", "perf_script.txt", "gperftools.cpu", "gperftools.heap", "jemalloc.heap",
    "go_heap.txt", "go_mutex.txt",
  ]

  private func path(_ name: String) -> String { "\(Golden.fixtures)/foreign/\(name)" }

  @Test(.enabled(if: Tool.path(of: "go") != nil), arguments: files)
  func `pprof prints of the converted file what we print of the original`(name: String) throws {
    let folder = try TemporaryDirectory("convert")
    let file = folder.file("ours.pprof")
    let run = try BuiltProgram.run(["convert", path(name), "-o", file])
    #expect(run.status == 0, "\(run.errors)")
    let theirs = try Tool.output(
      ["go", "tool", "pprof", "-symbolize=none", "-top", file],
      environment: ["HOME": folder.path, "TZ": "UTC"])
    #expect(try BuiltProgram.run(["top", path(name)]).output == theirs)
  }

  @Test(arguments: files)
  func `collapsed stacks go to standard output and can be read back`(name: String) throws {
    let folder = try TemporaryDirectory("collapsed")
    let once = try BuiltProgram.run(["convert", path(name)])
    #expect(once.status == 0, "\(once.errors)")
    let file = folder.file("stacks.txt")
    try once.output.write(toFile: file, atomically: true, encoding: .utf8)
    let twice = try BuiltProgram.run(["convert", "--format", "collapsed", file])
    #expect(twice.output == once.output)
  }

  @Test func `a file that is no profile is one sentence and status 6`() throws {
    let run = try BuiltProgram.run(["tree", path("perf_stat.txt")])
    #expect(run.status == 6)
    #expect(run.errors.contains("is a report of perf stat"))
    #expect(run.errors.split(separator: "\n").count == 1)
  }
}
