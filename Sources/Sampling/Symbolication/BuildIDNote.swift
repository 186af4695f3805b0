import Basics

/// The note that names a build: name size, description size, type 3, "GNU", then the id.
enum BuildIDNote {
  static func find(in bytes: [UInt8]) -> String? {
    var reader = ByteReader(bytes)
    do throws(ByteReader.OutOfBytes) {
      while reader.remaining >= 12 {
        let nameSize: UInt32 = try reader.integer()
        let size: UInt32 = try reader.integer()
        let type: UInt32 = try reader.integer()
        let name = try reader.slice(padded(nameSize))
        let description = try reader.slice(padded(size)).prefix(Int(size))
        if type == 3, name.elementsEqual(Array("GNU\0".utf8)) { return hex(description) }
      }
    } catch {
      // A note that runs past its section is as good as none.
    }
    return nil
  }

  /// Both parts fill whole words of four bytes.
  private static func padded(_ size: UInt32) -> Int { (Int(size) + 3) & ~3 }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
