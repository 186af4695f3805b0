import Foundation
import Sampling
import TestSupport
import Testing

/// Which programs cannot be watched, and in which words that is said.
struct HeapRefusalTests {
  @Test func `an ordinary program, a script and a missing file are not refused`() throws {
    let folder = try TemporaryDirectory("refusal")
    try "#!/bin/sh\necho hello\n".write(
      toFile: folder.file("script"), atomically: true, encoding: .utf8)
    for path in ["/bin/sh", folder.file("script"), folder.file("missing")] {
      #expect(HeapShim.refusal(forProgram: path) == nil)
    }
  }

  @Test func `a static program is refused, and so is a script for it`() throws {
    let folder = try TemporaryDirectory("refusal")
    try "int main(void) { return 0; }".write(
      toFile: folder.file("main.c"), atomically: true, encoding: .utf8)
    guard let compiler = Tool.path(of: "cc"),
      try Tool.output([compiler, "-static", "-o", folder.file("main"), folder.file("main.c")])
        != nil
    else { return print("skipped: cc cannot link statically") }
    #expect(HeapShim.refusal(forProgram: folder.file("main"))?.contains("statically") == true)
    try "#!\(folder.file("main")) -x\n".write(
      toFile: folder.file("script"), atomically: true, encoding: .utf8)
    #expect(HeapShim.refusal(forProgram: folder.file("script"))?.contains("statically") == true)
  }

  @Test func `a program with a malloc of its own is refused`() throws {
    let folder = try TemporaryDirectory("refusal")
    try "void *malloc(unsigned long n) { return 0; } int main(void) { return 0; }".write(
      toFile: folder.file("main.c"), atomically: true, encoding: .utf8)
    guard let compiler = Tool.path(of: "cc"),
      try Tool.output(
        [compiler, "-fno-builtin", "-o", folder.file("main"), folder.file("main.c")]) != nil
    else { return print("skipped: there is no cc") }
    let refusal = HeapShim.refusal(forProgram: folder.file("main"))
    #expect(refusal?.contains("malloc of its own") == true)
  }

  @Test func `a Go program is told where its own profile is`() throws {
    guard let formatter = Tool.path(of: "gofmt") else { return print("skipped: there is no gofmt") }
    let real = URL(filePath: formatter).resolvingSymlinksInPath().path
    #expect(HeapShim.refusal(forProgram: real)?.contains("Go program") == true)
  }

  @Test func `what must be set names the library and the folder`() throws {
    guard HeapVictim.isPossible else { return }
    let folder = try TemporaryDirectory("refusal")
    let variables = try #require(
      HeapShim.environment(folder: folder.path, waitsForWindow: true, preloaded: "/other.so"))
    #expect(variables["LD_PRELOAD"]?.hasSuffix("libvbench-heap.so:/other.so") == true)
    #expect(variables["VBENCH_HEAP_MEAN"] == "524288")
    #expect(variables["VBENCH_HEAP_WAIT"] == "1")
  }
}
