import Foundation
import TestSupport
import Testing

/// `vbench doctor --disk` as a user types it, in well under two seconds a time.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil, "the program is not built"))
struct DiskTests {
  private struct Entry: Decodable {
    let figures: [Figure]
    let written: Written
    let rounds: Int

    struct Figure: Decodable {
      let name: String
      let operations, bytes, blockBytes: Int
      let p50, bytesPerSecond: Estimate?
      let problem: String?
    }

    struct Estimate: Decodable { let value: Double }

    struct Written: Decodable {
      let bytes, calls: Int
      let bytesByKernel, callsByKernel: Int?
    }
  }

  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory("disk") }

  private func disk(_ words: String...) throws -> BuiltProgram.Run {
    try BuiltProgram.run(["doctor", "--disk"] + words, in: folder.path)
  }

  private var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  /// Temporary folders are memory on some machines.
  private var isMemory: Bool {
    get throws {
      let type = try Tool.output(["stat", "-f", "-c", "%T", folder.path]) ?? ""
      return ["tmpfs", "ramfs"].contains(type.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }

  @Test func `the kernel counts the same bytes and calls as the measurement does`() throws {
    let run = try disk("--disk-time", "700ms", "--json")
    if try isMemory {
      #expect(run.status == 1 && run.errors.contains("no disk behind it"))
      return
    }
    #expect(run.status == 0, "\(run.errors)")
    let entry = try JSONDecoder().decode(Entry.self, from: Data(run.output.utf8))
    #expect(entry.rounds == 9 && entry.figures.count == 9)
    #expect(entry.written.bytesByKernel ?? entry.written.bytes == entry.written.bytes)
    #expect(entry.written.callsByKernel ?? entry.written.calls == entry.written.calls)
    for figure in entry.figures where figure.problem == nil {
      #expect(figure.operations > 0, "\(figure.name)")
      #expect(figure.bytes == figure.operations * figure.blockBytes, "\(figure.name)")
      #expect((figure.p50 == nil) != (figure.bytesPerSecond == nil), "\(figure.name)")
    }
    // Every record and every chunk is one call; zeros ahead are calls of their own.
    let writing = entry.figures.filter { $0.name.hasPrefix("commit") || $0.name == "write" }
    #expect(entry.written.calls > writing.reduce(0) { $0 + $1.operations })
    #expect(try files == ["Profiles"])
    let stored = try FileManager.default.contentsOfDirectory(atPath: folder.file("Profiles"))
    #expect(stored == ["disk.json"], "no work folder stays")
  }

  @Test func `a run beside it brings it along, and its report has the line`() throws {
    guard try !isMemory else { return }
    #expect(try disk("--disk-time", "500ms").status == 0)
    let market = [
      "write-only", "-n", "300", "--dims", "8", "-d", "200ms", "--warmup", "0", "--trials", "1",
      "--rate", "300", "--profile", "none",
    ]
    #expect(try BuiltProgram.run(market, in: folder.path).status == 0)
    let report = try BuiltProgram.run(
      ["report", "Profiles/latest", "-o", "-"], in: folder.path)
    let line = try #require(
      report.output.split(separator: "\n").first { $0.contains("The disk alone") })
    #expect(line.contains("append + fdatasync of 4 KiB") && !line.contains("not measured"))
    let text = try String(
      contentsOfFile: folder.file("Profiles/latest/run.json"), encoding: .utf8)
    #expect(text.contains("\"wal.sync.mean\"") && text.contains("\"wal.bytes.per.sync\""))
  }

  @Test func `places without a disk and places that are none get one sentence`() throws {
    try "a".write(toFile: folder.file("file"), atomically: true, encoding: .utf8)
    for (path, status, sentence) in [
      ("missing", 6, "There is no folder missing"), ("file", 6, "is no folder"),
      ("/proc", 1, "/proc lies on proc, which takes no files"),
      ("/dev/shm", 1, "no disk behind it, and a sync is free there"),
    ] as [(String, Int32, String)] {
      if path == "/dev/shm", Mounted.type(of: path) != "tmpfs" { continue }
      let run = try disk("--disk-time", "500ms", path)
      #expect(run.status == status, "\(path): \(run.errors)")
      #expect(run.errors.contains(sentence), "\(path): \(run.errors)")
      #expect(run.errors.split(separator: "\n").count <= 2 && run.output.isEmpty, "\(path)")
    }
    #expect(try files == ["file"], "nothing is made for a place that is refused")
  }

  @Test func `an interrupt ends it soon, and leaves and stores nothing`() throws {
    guard try !isMemory else { return }
    let run = try BuiltProgram.run(
      ["doctor", "--disk", "--disk-time", "60s"], in: folder.path,
      through: ["timeout", "--signal", "INT", "--kill-after", "20", "1"])
    #expect([124, 130].contains(run.status), "\(run.status)")
    #expect(run.errors.contains("Interrupted: nothing was stored"), "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("Profiles")) == [])
  }

  @Test(arguments: [
    ["doctor", "folder"], ["doctor", "--disk-time", "1s"], ["doctor", "--disk", "--aa", "6"],
    ["doctor", "--disk", "--disk-time", "0s"],
  ])
  func `a flag or a path without its work is a mistake of the user`(words: [String]) throws {
    let run = try BuiltProgram.run(words, in: folder.path)
    #expect(run.status == 64 && run.output.isEmpty, "\(run.errors)")
  }
}

private enum Mounted {
  static func type(of path: String) -> String? {
    (try? Tool.output(["stat", "-f", "-c", "%T", path]))??
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
