import Basics
import Foundation
import TestSupport
import Testing

@Suite struct DeliveryTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory("delivery") }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  @Test func `a link stays a link, a file keeps its mode, and nobody's file is in the way`() throws
  {
    try "old".write(toFile: folder.file("real"), atomically: true, encoding: .utf8)
    try "mine".write(toFile: folder.file("real.tmp"), atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: folder.file("real"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "real")
    try FileSystem.deliver(Array("new".utf8), to: folder.file("link"))
    #expect(try text("real") == "new" && text("real.tmp") == "mine")
    #expect(SymbolicLink.target(of: folder.file("link")) == "real")
    let mode = try FileManager.default.attributesOfItem(atPath: folder.file("real"))
    #expect(mode[.posixPermissions] as? Int == 0o600)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["link", "real", "real.tmp"])
  }

  @Test func `a device and a pipe are written to and stay what they are`() throws {
    try FileSystem.deliver([1, 2], to: "/dev/null")
    #expect(
      try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        == .typeCharacterSpecial)
    #expect(throws: SystemError.self) { try FileSystem.deliver([1], to: "/dev/full") }
    let pipe = Foundation.Pipe()
    try FileSystem.deliver(
      Array("said".utf8), to: "/dev/fd/\(pipe.fileHandleForWriting.fileDescriptor)")
    try pipe.fileHandleForWriting.close()
    #expect(try pipe.fileHandleForReading.readToEnd() == Data("said".utf8))
  }
}
