import Findings
import Foundation
import TestSupport
import Testing

@testable import Commands

/// Files of sources are read below their folder and nowhere else.
@Suite struct SourceRootTests {
  private func project() throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory("sources")
    for (path, text) in [
      ("root/Sources/Shop/Basket.swift", "a\nb\r\nc"), ("root/main.c", "x\n"),
      ("secret/Shop/key.txt", "secret\n"),
    ] {
      let place = folder.file(path)
      try FileManager.default.createDirectory(
        atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: place, atomically: true, encoding: .utf8)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("root/Shop"), withDestinationPath: folder.file("secret/Shop"))
    return folder
  }

  @Test func `a path is found below the folder, by itself or by its end`() throws {
    let folder = try project()
    let root = try SourceRoot(folder.file("root"))
    for path in [
      folder.file("root/Sources/Shop/Basket.swift"), "/build/x/Sources/Shop/Basket.swift",
      "Sources/Shop/Basket.swift", "./Sources/./Shop/Basket.swift",
    ] {
      #expect(root.file(builtAt: path)?.lines == ["a", "b\r", "c"], "\(path)")
    }
  }

  @Test func `nothing outside of the folder is read, whatever the profile names`() throws {
    let folder = try project()
    let root = try SourceRoot(folder.file("root"))
    for path in [
      folder.file("secret/Shop/key.txt"), "../secret/Shop/key.txt", "Shop/key.txt",
      folder.file("root/../secret/Shop/key.txt"), "/etc/passwd", "", "/", "x", "Sources/Shop",
      "/build/main.c", "main.c", "a\0b/Basket.swift",
    ] {
      #expect(root.file(builtAt: path) == nil, "\(path)")
    }
    #expect(root.file(builtAt: folder.file("root/main.c"))?.lines == ["x", ""])
  }

  @Test func `a folder that is not there is said to be missing`() throws {
    let folder = try project()
    #expect(throws: Failure.self) { try SourceRoot(folder.file("nowhere")) }
    #expect(throws: Failure.self) { try SourceRoot(folder.file("root/main.c")) }
  }
}
