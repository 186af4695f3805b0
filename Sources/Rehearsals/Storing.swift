import Basics
import FoundationEssentials

/// Work in a library of other people, with deep stacks and large frames.
enum Storing {
  /// Puts and gets in RocksDB for a while; empty where the library is not installed.
  static func inRocksDB(seconds: UInt64) throws -> [String: UInt64] {
    guard let library = RocksDB() else { return [:] }
    let folder = FileManager.default.temporaryDirectory.path + "/vbench-rehearsal-\(Clock.now())"
    try FileSystem.makeDirectory(folder)
    defer { try? FileSystem.removeTree(folder) }
    let start = Clock.processCPU()
    let written = library.fill(folder, until: Clock.now() + seconds * 1_000_000_000)
    return ["cpu": Clock.processCPU() - start, "puts": written]
  }

  static var hasRocksDB: Bool { RocksDB() != nil }
}

/// The few calls of RocksDB's C interface that a rehearsal makes.
///
/// Invariant: the functions belong to the library, which stays loaded as long as the value lives.
@safe private struct RocksDB {
  private typealias Make = @convention(c) () -> OpaquePointer?
  private typealias Set = @convention(c) (OpaquePointer?, UInt8) -> Void
  private typealias Open =
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> OpaquePointer?
  private typealias Put =
    @convention(c) (
      OpaquePointer?, OpaquePointer?, UnsafePointer<UInt8>?, Int, UnsafePointer<UInt8>?, Int,
      UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Void
  private typealias Close = @convention(c) (OpaquePointer?) -> Void

  private let library: SharedLibrary

  init?() {
    guard
      let library = SharedLibrary(
        "librocksdb.so", "librocksdb.so.7.8", "librocksdb.so.7", "librocksdb.so.8",
        "librocksdb.so.9")
    else { return nil }
    self.library = library
  }

  /// Puts keys in a scattered order until a time; answers how many.
  func fill(_ folder: String, until end: UInt64) -> UInt64 {
    // SAFETY: the names are those of RocksDB's stable C interface, the types are theirs.
    guard let make: Make = unsafe function("rocksdb_options_create"),
      let writing: Make = unsafe function("rocksdb_writeoptions_create"),
      let create: Set = unsafe function("rocksdb_options_set_create_if_missing"),
      let open: Open = unsafe function("rocksdb_open"),
      let put: Put = unsafe function("rocksdb_put"),
      let close: Close = unsafe function("rocksdb_close")
    else { return 0 }
    let options = unsafe make()
    let write = unsafe writing()
    unsafe create(options, 1)
    var problem: UnsafeMutablePointer<CChar>?
    guard let store = unsafe open(options, folder, &problem) else { return 0 }
    var value = [UInt8](repeating: 7, count: 256)
    var count: UInt64 = 0
    while Clock.now() < end, unsafe problem == nil {
      var key = count &* 0x9E37_79B9_7F4A_7C15
      value[Int(count % 256)] = UInt8(truncatingIfNeeded: count)
      // SAFETY: key and value are alive during the call, which copies them.
      unsafe withUnsafeBytes(of: &key) { key in
        let key = unsafe key.assumingMemoryBound(to: UInt8.self)
        unsafe put(store, write, key.baseAddress, 8, value, value.count, &problem)
      }
      count += 1
    }
    unsafe close(store)
    return count
  }

  private func function<Function>(_ name: String) -> Function? {
    guard let address = unsafe library.symbol(name) else { return nil }
    return unsafe unsafeBitCast(address, to: Function?.self)
  }
}
