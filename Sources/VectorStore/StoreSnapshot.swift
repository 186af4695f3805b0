import Basics
import StorageEngine
import VectorIndex
import Vocabulary

/// The two files of a snapshot: the graph with its vectors, and the names of its slots.
///
///     graph   see GraphIndex.writeSnapshot
///     names   magic "VBNAMES1" · count (8) · count × { id (8) · slot (4) } · CRC32C of all before
///             (4); little-endian, sorted by id
enum StoreSnapshot {
  private static let magic: [UInt8] = Array("VBNAMES1".utf8)

  @inline(never)
  static func write(
    _ index: GraphIndex, _ directory: Directory, to folder: String
  ) throws(StorageError) {
    do throws(SystemError) {
      let graph = try File("\(folder)/graph", .create)
      do throws(IndexError) { try index.writeSnapshot(to: graph) } catch {
        guard case .system(let system) = error else {
          throw SystemError("write", "\(folder)/graph: \(error)", code: 5)
        }
        throw system
      }
      try graph.synchronize()
      let names = try File("\(folder)/names", .create)
      try names.write(encode(directory.live().sorted { $0.id < $1.id }))
      try names.synchronize()
    } catch {
      throw error.isDiskFull
        ? .storeFull(
          path: folder, needed: 0, free: (try? FileSystem.freeBytes(at: folder)) ?? 0)
        : .system(error)
    }
  }

  private static func encode(_ live: [(id: VectorID, slot: SlotID)]) -> [UInt8] {
    var bytes = magic
    bytes.reserveCapacity(20 + live.count * 12)
    append(UInt64(live.count), &bytes)
    for entry in live {
      append(entry.id.rawValue, &bytes)
      append(entry.slot.raw, &bytes)
    }
    append(CRC32C.of(bytes), &bytes)
    return bytes
  }

  private static func append<Value: FixedWidthInteger>(_ value: Value, _ bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  /// Reads the names back, in the order of their ids.
  static func names(in folder: String) throws(StorageError) -> [(id: VectorID, slot: SlotID)] {
    let path = "\(folder)/names"
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try FileSystem.contents(of: path) } catch {
      throw .corruptSnapshot(path: path, detail: error.reason)
    }
    guard bytes.count >= 20, bytes.starts(with: magic) else {
      throw .corruptSnapshot(path: path, detail: "it does not begin like a list of names")
    }
    var reader = ByteReader(bytes, from: 8)
    do throws(ByteReader.OutOfBytes) {
      let count: UInt64 = try reader.integer()
      // Not count × 12, which a damaged count makes overflow into the right size.
      guard (bytes.count - 20) % 12 == 0, count == UInt64((bytes.count - 20) / 12) else {
        throw ByteReader.OutOfBytes(offset: 8, wanted: 12, available: bytes.count)
      }
      var entries: [(id: VectorID, slot: SlotID)] = []
      entries.reserveCapacity(Int(count))
      for _ in 0..<count {
        entries.append((VectorID(try reader.integer()), SlotID(raw: try reader.integer())))
      }
      let expected: UInt32 = try reader.integer()
      guard CRC32C.of(Array(bytes.dropLast(4))) == expected else {
        throw ByteReader.OutOfBytes(offset: bytes.count - 4, wanted: 4, available: 4)
      }
      return entries
    } catch {
      throw .corruptSnapshot(path: path, detail: "damaged near byte \(error.offset)")
    }
  }
}
