import CBasics
package import Glibc

/// An open file, closed once: by `close()`, which reports, or by going out of scope, which does not.
package struct File: ~Copyable, Sendable {
  private let handle: OpenDescriptor
  package let path: String

  package var descriptor: Int32 { handle.number }

  package enum Mode: Sendable {
    case read
    /// Around the page cache; offsets, counts and memory must be whole blocks. Not every file
    /// system takes it.
    case readDirect
    /// Made when missing, kept when there.
    case readWrite
    /// Made when missing, emptied when there.
    case create
    /// Made; an error when already there.
    case createNew
    /// What is there already, written from its beginning.
    case write
    case append
  }

  package init(_ path: String, _ mode: Mode, permissions: mode_t = 0o644) throws(SystemError) {
    let flags =
      switch mode {
      case .read: O_RDONLY
      case .readDirect: O_RDONLY | vb_direct_flag()
      case .readWrite: O_RDWR | O_CREAT
      case .create: O_RDWR | O_CREAT | O_TRUNC
      case .createNew: O_RDWR | O_CREAT | O_EXCL
      case .write: O_WRONLY
      case .append: O_WRONLY | O_CREAT | O_APPEND
      }
    // SAFETY: the path is a temporary C string for the length of the call.
    handle = OpenDescriptor(
      number: try retrying("open", path) { unsafe open(path, flags | O_CLOEXEC, permissions) })
    self.path = path
  }

  /// Takes over a descriptor that somebody else opened.
  package init(adopting descriptor: Int32, path: String) {
    handle = OpenDescriptor(number: descriptor)
    self.path = path
  }

  package consuming func close() throws(SystemError) {
    if handle.close() != 0 { throw SystemError("close", path) }
  }

  package func size() throws(SystemError) -> Int {
    var status = stat()
    // SAFETY: fstat fills one stat, which is a local.
    _ = try retrying("stat", path) { unsafe fstat(descriptor, &status) }
    return Int(status.st_size)
  }

  /// Writes all of it where the file stands, however many calls that takes.
  package func write(_ bytes: RawSpan) throws(SystemError) {
    // SAFETY: writeAll hands over a pointer with that many readable bytes behind it.
    try unsafe writeAll(bytes) { pointer, count, _ in
      unsafe Glibc.write(descriptor, pointer, count)
    }
  }

  /// Writes all of it at `offset`, however many calls that takes.
  package func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
    // SAFETY: as above; the offset moves along with the pointer.
    try unsafe writeAll(bytes) { pointer, count, done in
      unsafe pwrite(descriptor, pointer, count, offset + done)
    }
  }

  package func write(_ bytes: [UInt8]) throws(SystemError) {
    // SAFETY: any byte pattern may be read as bytes; the array outlives the call.
    try unsafe write(bytes.span.bytes)
  }

  package func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    // SAFETY: as above.
    try unsafe write(bytes.span.bytes, at: offset)
  }

  package func write(_ text: String) throws(SystemError) { try write(Array(text.utf8)) }

  /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
  package func read(at offset: Int, count: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    // SAFETY: each pread writes at most the room that is left behind the bytes already read.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      do throws(SystemError) {
        while filled < count {
          let got = try retrying("read", path) {
            unsafe pread(descriptor, base + filled, count - filled, offset + filled)
          }
          if got == 0 { break }
          filled += got
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Reads up to `count` bytes at `offset` into memory that stays; fewer only at the end.
  ///
  /// The memory must be open that far; the kernel refuses what is not.
  package func read(
    into memory: borrowing ReservedMemory, at offset: Int, count: Int
  ) throws(SystemError) -> Int {
    precondition(count <= memory.reserved, "no more than the memory holds")
    let base = unsafe memory.base
    var done = 0
    while done < count {
      // SAFETY: the bytes from `done` to `count` lie inside the mapping, checked above.
      let got = try retrying("read", path) {
        unsafe pread(descriptor, base + done, count - done, offset + done)
      }
      if got == 0 { break }
      done += got
    }
    return done
  }

  /// Tells the kernel that neighbors of what is read will not be read next.
  package func expectRandomReads() { _ = posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_RANDOM)) }

  package func synchronize() throws(SystemError) {
    _ = try retrying("fsync", path) { fsync(descriptor) }
  }

  /// Like `synchronize`, without metadata that reading does not need.
  package func synchronizeData() throws(SystemError) {
    _ = try retrying("fdatasync", path) { fdatasync(descriptor) }
  }

  package func truncate(to size: Int) throws(SystemError) {
    _ = try retrying("truncate", path) { ftruncate(descriptor, size) }
  }

  private func writeAll(
    _ bytes: RawSpan, _ call: (UnsafeRawPointer, Int, Int) -> Int
  ) throws(SystemError) {
    var failure: SystemError?
    // SAFETY: the pointer stays inside the span, which is borrowed for the whole closure.
    unsafe bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(SystemError) {
        var done = 0
        while done < buffer.count {
          done += try retrying("write", path) {
            unsafe call(base + done, buffer.count - done, done)
          }
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

/// The number of an open file, alone, so that closing it can be taken out of the hands of `deinit`.
///
/// Not nested and not private: the optimizer of another module must be able to name it.
package struct OpenDescriptor: ~Copyable, Sendable {
  let number: Int32

  deinit { _ = Glibc.close(number) }

  consuming func close() -> Int32 {
    let number = number
    discard self
    return Glibc.close(number)
  }
}
