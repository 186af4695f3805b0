package import Basics
import Synchronization

extension GraphIndex {
  /// Writes the graph so that it can be opened without being built again; see `SnapshotHeader`.
  ///
  /// No writer may be at work. Links to removed slots are dropped first.
  package func writeSnapshot(to file: borrowing File) throws(IndexError) {
    let slots = used.load(ordering: .acquiring)
    desk.run(.remove) { scratch in for slot in 0..<UInt32(slots) { clean(slot, scratch) } }
    var header = SnapshotHeader(
      options: options, slots: slots, live: liveCount, entry: entry.load(ordering: .acquiring),
      upperWords: ledger.withLock { $0.upperWords })
    do throws(SystemError) {
      for (index, offset) in header.blockOffsets.enumerated() {
        // SAFETY: the block lies in memory that the arena committed for the slots in use.
        let block = unsafe UnsafeRawBufferPointer(
          start: block(index), count: header.blockSizes[index])
        header.checksums.append(unsafe SnapshotBlock.checksum(block.bytes))
        try unsafe file.write(block.bytes, at: offset)
      }
      try file.truncate(to: header.fileSize)
      let bytes = header.encode()
      // SAFETY: any bytes may be read as bytes; the array outlives the call.
      try unsafe file.write(bytes.span.bytes, at: 0)
    } catch { throw .system(error) }
  }

  /// Opens a snapshot.
  ///
  /// Kernel, scratch and visited set may differ from the writer's options.
  package static func readSnapshot(
    _ path: String, options: IndexOptions
  ) throws(IndexError) -> GraphIndex {
    let index = try GraphIndex(options)
    let file: MappedFile
    do throws(SystemError) { file = try MappedFile(path) } catch { throw .system(error) }
    try file.withBytes { (bytes) throws(IndexError) in
      let head = bytes.extracting(first: SnapshotHeader.size)
      // SAFETY: any bytes may be read as bytes.
      let copy = unsafe head.withUnsafeBytes { unsafe [UInt8]($0) }
      let header = try SnapshotHeader(copy, path: path, wanted: options)
      guard bytes.byteCount == header.fileSize else {
        throw .snapshotDamaged(
          path: path, offset: bytes.byteCount, reason: "it should have \(header.fileSize) bytes")
      }
      try index.restore(bytes, header, path)
    }
    return index
  }

  private func block(_ index: Int) -> UnsafeMutableRawPointer {
    switch index {
    case 0: unsafe UnsafeMutableRawPointer(arena.states)
    case 1: unsafe UnsafeMutableRawPointer(arena.ground)
    case 2: unsafe UnsafeMutableRawPointer(arena.upper)
    default: unsafe UnsafeMutableRawPointer(arena.vectors)
    }
  }

  private func restore(
    _ bytes: RawSpan, _ header: SnapshotHeader, _ path: String
  ) throws(IndexError) {
    guard header.slots <= arena.limit else { throw .full(slots: arena.limit) }
    let words = (0..<UInt32(header.slots)).reduce(0) { $0 + arena.drawLevel($1) * arena.m }
    guard words == header.upperWords else {
      throw .snapshotDamaged(path: path, offset: 72, reason: "its levels do not follow its seed")
    }
    try checkGaps(bytes, header, path)
    try prepareSlots(header)
    for (index, offset) in header.blockOffsets.enumerated() {
      let block = bytes.extracting(offset..<(offset + header.blockSizes[index]))
      guard SnapshotBlock.checksum(block) == header.checksums[index] else {
        throw .snapshotDamaged(path: path, offset: offset, reason: "a block fails its checksum")
      }
      // SAFETY: memory for that many slots and upper words was committed; nobody else is here.
      unsafe block.withUnsafeBytes { source in
        guard let base = source.baseAddress else { return }
        unsafe self.block(index).copyMemory(from: base, byteCount: source.count)
      }
    }
    try check(header, path)
    adopt(header)
  }

  /// The bytes between blocks belong to none and must be zero, so that no change goes unseen.
  private func checkGaps(
    _ bytes: RawSpan, _ header: SnapshotHeader, _ path: String
  ) throws(IndexError) {
    let nextOffsets = header.blockOffsets.dropFirst() + [header.fileSize]
    for (index, next) in nextOffsets.enumerated() {
      for offset in (header.blockOffsets[index] + header.blockSizes[index])..<next
      // SAFETY: any byte may be read as a byte; the offset is checked.
      where unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) != 0 {
        throw .snapshotDamaged(path: path, offset: offset, reason: "a gap is not empty")
      }
    }
  }

  private func prepareSlots(_ header: SnapshotHeader) throws(IndexError) {
    let failure = ledger.withLock { ledger -> SystemError? in
      do throws(SystemError) { try grow(&ledger, to: header.slots, header.upperWords) } catch {
        return error
      }
      for slot in 0..<UInt32(header.slots) {
        arena.prepare(slot, upperStart: ledger.upperWords)
        ledger.upperWords += arena.level(slot) * arena.m
      }
      return nil
    }
    if let failure { throw .system(failure) }
  }

  /// The checksums were right, so only a faulty writer can have left something here.
  private func check(_ header: SnapshotHeader, _ path: String) throws(IndexError) {
    let used = UInt32(header.slots)
    var living = 0
    for slot in 0..<used where arena.state(slot) == SlotState.live {
      living += 1
      for layer in 0...arena.level(slot) {
        for link in links(of: slot, layer)
        where link >= used || link == slot || arena.level(link) < layer {
          throw .snapshotDamaged(path: path, offset: 256, reason: "slot \(slot) links nowhere")
        }
      }
    }
    let hasEntry = header.entry < used && arena.state(header.entry) == SlotState.live
    guard living == header.live, hasEntry || (living == 0 && header.entry == SlotArena.noLink)
    else {
      throw .snapshotDamaged(path: path, offset: 48, reason: "its counts do not fit its slots")
    }
  }

  private func adopt(_ header: SnapshotHeader) {
    let free = (0..<UInt32(header.slots)).filter { arena.state($0) != SlotState.live }
    for slot in free { arena.setState(slot, SlotState.free) }
    ledger.withLock { $0.reusable = free.reversed() }
    live.store(header.live, ordering: .relaxed)
    used.store(header.slots, ordering: .releasing)
    entry.store(header.entry, ordering: .releasing)
  }
}
