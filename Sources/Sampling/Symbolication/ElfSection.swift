/// A stretch of an ELF file that has a name.
struct ElfSection: Sendable {
  let name: String
  let address: UInt64
  let offset: UInt64
  let size: UInt64

  func bytes(of contents: ElfBytes) -> Bytes { Bytes(contents: contents, section: self) }

  /// The bytes of one section, read no further than it says it goes.
  struct Bytes: Sendable {
    fileprivate let contents: ElfBytes
    fileprivate let section: ElfSection

    /// An unsigned number; nil when not all of it lies in the section.
    func integer(at offset: UInt64, bytes count: UInt64) -> UInt64? {
      guard section.size >= count, offset <= section.size - count else { return nil }
      return contents.integer(at: section.offset &+ offset, bytes: Int(count))
    }
  }
}
