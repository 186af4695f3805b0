import Basics

/// Unpacks what xz packed, with liblzma where that is installed.
///
/// Some distributions leave the names of functions in a stripped file this way (.gnu_debugdata).
enum XZStream {
  private typealias Decode =
    @convention(c) (
      UnsafeMutablePointer<UInt64>?, UInt32, UnsafeRawPointer?, UnsafePointer<UInt8>?,
      UnsafeMutablePointer<Int>?, Int, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?, Int
    ) -> Int32

  private static let library = SharedLibrary("liblzma.so.5")
  private static let memoryMax: UInt64 = 128 << 20
  private static let sizeMax = 256 << 20
  private static let noRoom: Int32 = 10

  static var isAvailable: Bool { library != nil }

  /// The unpacked bytes; nil when they are damaged, too many, or nobody can unpack them.
  static func unpacked(_ packed: [UInt8]) -> [UInt8]? {
    // SAFETY: the symbol has this type in every liblzma 5.
    guard !packed.isEmpty, let address = unsafe library?.symbol("lzma_stream_buffer_decode") else {
      return nil
    }
    let decode = unsafe unsafeBitCast(address, to: Decode.self)
    // The size stands nowhere that is easy to find, so it is guessed and doubled.
    var size = min(max(65_536, packed.count * 8), sizeMax)
    while size <= sizeMax {
      var (memory, read, written) = (memoryMax, 0, 0)
      var status: Int32 = 0
      // SAFETY: both buffers live during the call and are as large as it is told.
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        unsafe packed.withUnsafeBufferPointer { packed in
          unsafe status = decode(
            &memory, 0, nil, packed.baseAddress, &read, packed.count, buffer.baseAddress, &written,
            size)
        }
        count = status == 0 ? min(written, size) : 0
      }
      if status == 0 { return bytes }
      if status != noRoom { return nil }
      size *= 2
    }
    return nil
  }
}
