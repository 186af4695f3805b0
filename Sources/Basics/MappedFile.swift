import Glibc

/// A file mapped for reading, unmapped when it goes out of scope.
///
/// Invariants: `base` is the start of `count` readable bytes for as long as the value lives. The
/// file must not shrink meanwhile (a read past its end would be a bus error), so map only files
/// that are never rewritten in place.
@safe package struct MappedFile: ~Copyable, @unchecked Sendable {
  private let base: UnsafeRawPointer?
  package let count: Int
  package let path: String

  package init(_ path: String) throws(SystemError) {
    let file = try File(path, .read)
    let count = try file.size()
    // SAFETY: map() answers nil only for an empty file, and else that many readable bytes.
    unsafe base = try Self.map(file, count)
    self.count = count
    self.path = path
  }

  private static func map(_ file: borrowing File, _ count: Int) throws(SystemError)
    -> UnsafeRawPointer?
  {
    guard count > 0 else { return nil }
    // SAFETY: a fresh private mapping of an open file; the result is checked before use.
    let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
    guard unsafe address != MAP_FAILED else { throw SystemError("map", file.path) }
    return UnsafeRawPointer(address)
  }

  deinit {
    // SAFETY: unmaps exactly what init mapped; no span of it outlives the value.
    if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }
  }

  /// Lends the bytes.
  package func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // SAFETY: base and count describe the mapping, which lives at least as long as this call.
    let buffer = unsafe UnsafeRawBufferPointer(start: base, count: count)
    return try unsafe body(buffer.bytes)
  }
}
