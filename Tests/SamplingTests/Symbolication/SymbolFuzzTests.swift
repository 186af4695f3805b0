import Basics
import Foundation
import TestSupport
import Testing

@testable import Sampling

/// Damaged ELF images: whatever the bytes say, the answer is nil or a file, never a trap.
struct SymbolFuzzTests {
  /// The vdso: the smallest ELF image there is, and on every machine.
  private static func image() throws -> [UInt8] {
    try #require(VdsoImage.bytes())
  }

  /// Asks everything that a sampler would ask.
  private static func use(_ file: ElfFile?) {
    guard let file else { return }
    let region = MappedRegion(
      start: 0x7000_0000, end: 0x7000_4000, fileOffset: 0, path: "x", isExecutable: true)
    let edges: [UInt64] = [0, 1, 0x7000_0000, 0x7000_0fff, .max / 2, .max - 7, .max]
    for address in edges + file.symbols.prefix(50).map(\.address) + file.segments.map(\.address) {
      _ = file.symbol(at: address)
      _ = file.word(at: address)
      _ = file.address(of: address, in: region)
    }
  }

  @Test func `an image cut anywhere is nothing or a smaller file`() throws {
    let whole = try Self.image()
    let lengths = Array(0..<512) + Array(stride(from: 512, to: whole.count, by: 61))
    for length in lengths { Self.use(ElfFile(name: "cut", bytes: Array(whole.prefix(length)))) }
    #expect(ElfFile(name: "cut", bytes: Array(whole.prefix(16))) == nil)
    #expect(ElfFile(name: "whole", bytes: whole)?.symbols.isEmpty == false)
  }

  @Test func `an image with wrong bytes never traps`() throws {
    let whole = try Self.image()
    var random = SeededRandom(20_26)
    for position in 0..<whole.count {
      // Headers are tried everywhere, the rest here and there.
      guard position < 640 || position > whole.count - 1_600 || position % 29 == 0 else { continue }
      for value in [0x00, 0x7f, 0xff, UInt8(truncatingIfNeeded: random.next())] {
        var bytes = whole
        bytes[position] = value
        Self.use(ElfFile(name: "flipped \(position)", bytes: bytes))
      }
    }
  }

  @Test func `a text, an empty file, a folder and nothing at all are not ELF files`() throws {
    let folder = try TemporaryDirectory("elf")
    try "no program".write(toFile: folder.file("text"), atomically: true, encoding: .utf8)
    try "".write(toFile: folder.file("empty"), atomically: true, encoding: .utf8)
    for path in [folder.file("text"), folder.file("empty"), folder.path, folder.file("missing")] {
      #expect(ElfFile(path: path) == nil)
    }
  }

  @Test(
    arguments: [
      ([4, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4e, 0x55, 0, 0xab, 0x01, 0, 0], "ab01"),
      ([4, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0x47, 0x4e, 0x55, 0, 0xab, 0x01, 0, 0], nil),
      ([0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4e, 0x55, 0], nil),
      ([4, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 3, 0, 0, 0, 0x47, 0x4e, 0x55, 0], nil),
      ([], nil),
    ] as [([UInt8], String?)])
  func `a note is a build id only when all of it is there`(bytes: [UInt8], expected: String?) {
    #expect(BuildIDNote.find(in: bytes) == expected)
  }
}
