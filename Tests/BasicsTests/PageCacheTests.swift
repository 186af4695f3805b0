import Basics
import Foundation
import TestSupport
import Testing

struct PageCacheTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory("pages") }

  private func file(_ bytes: Int) throws -> String {
    let path = folder.file("\(bytes)")
    try FileSystem.replace(path, with: [UInt8](repeating: 7, count: bytes))
    return path
  }

  @Test func `a file that was just written lies in memory, the last page too`() throws {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    for (bytes, pages) in [(1, 1), (page, 1), (page + 1, 2), (10 * page, 10)] {
      let found = try PageCache.residence(of: file(bytes))
      #expect(found.pages == pages && found.resident == pages, "\(bytes) bytes")
    }
    #expect(try PageCache.residence(of: file(0)).pages == 0)
  }

  @Test func `what is dropped is gone, where the file system is not memory itself`() throws {
    let path = try file(1 << 20)
    try PageCache.drop(path)
    let left = try PageCache.residence(of: path)
    let type = try Tool.output(["stat", "-f", "-c", "%T", folder.path]) ?? ""
    if ["tmpfs", "ramfs"].contains(type.trimmingCharacters(in: .whitespacesAndNewlines)) {
      #expect(left.resident == left.pages)
    } else {
      #expect(left.resident == 0, "\(type)")
    }
    #expect(try FileSystem.contents(of: path).count == 1 << 20, "the bytes are where they were")
  }

  @Test func `a file that is not there is a system's error`() {
    #expect(throws: SystemError.self) { _ = try PageCache.residence(of: folder.file("none")) }
    #expect(throws: SystemError.self) { try PageCache.drop(folder.file("none")) }
  }
}
