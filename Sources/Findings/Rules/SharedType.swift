import Vocabulary

/// A type whose lock is released both by reads and by flushes.
struct SharedType {
  let type: String
  let reads: Side
  let flushes: Side

  struct Side {
    let names: [String]
    let matches: @Sendable (StackSample) -> Bool
  }

  var matches: @Sendable (StackSample) -> Bool {
    let (one, other) = (reads.matches, flushes.matches)
    return { one($0) || other($0) }
  }

  /// The type with most delay on both sides, where each side has enough of it.
  static func find(_ scene: Scene) -> SharedType? {
    let slice = scene.slice
    let types = slice.rows { sample in slice.owner(of: sample).flatMap(type(of:)).map { [$0] } ?? []
    }
    return types.lazy.compactMap { row in
      let reads = side(row.name, [.readPath, .readLock], slice)
      let flushes = side(row.name, [.maintenance], slice)
      let least = scene.thresholds.readerLockWait
      guard slice.share(where: reads.matches).low >= least,
        slice.share(where: flushes.matches).low >= least
      else { return nil }
      return SharedType(type: row.name, reads: reads, flushes: flushes)
    }.first
  }

  /// Stacks whose owner is of the type, with a function of the groups from the owner down.
  private static func side(
    _ type: String, _ groups: [SymbolGroup], _ slice: ProfileSlice
  ) -> Side {
    let wanted = SymbolGroups(groups)
    let matches: @Sendable (StackSample) -> Bool = { [table = slice.table] sample in
      guard let place = sample.symbols.firstIndex(where: { table[$0].layer == .project }),
        Self.type(of: table[sample.symbols[place]].short) == type
      else { return false }
      return sample.symbols[...place].contains { !table[$0].groups.isDisjoint(with: wanted) }
    }
    return Side(names: slice.owners(where: matches).map(\.name), matches: matches)
  }

  /// `main.(*store)` of `main.(*store).Flush`, `rocksdb::DBImpl` of `rocksdb::DBImpl::Get`.
  static func type(of function: String) -> String? {
    let name = function.hasSuffix(" (closure)") ? String(function.dropLast(10)) : function
    if let end = name.lastIndex(of: ".") ?? name.lastIndex(of: ":") {
      let type = name[..<end].reversed().drop { $0 == ":" }.reversed()
      return type.isEmpty ? nil : String(type)
    }
    return nil
  }

  /// Reads that the block profile saw waiting for a lock, under functions of the same type.
  func waiters(_ scene: Scene) -> [EvidenceItem] {
    guard let block = scene.role.profiles[.block] else { return [] }
    let type = type
    let waits: (StackSample) -> Bool = { sample in
      block.contains(.lockFrame)(sample)
        && block.owner(of: sample).flatMap(Self.type(of:)) == type
    }
    let rows = block.owners(where: waits).prefix(3)
    guard !rows.isEmpty else { return [] }
    let list = Prose.list(rows.map { "\(name: $0.name) (\(Wording.seconds($0.seconds)))" })
    return [
      EvidenceItem(
        "By who waited for a lock of it, in the block profile: \(list)",
        scene.source(.block, focus: rows.map(\.name), where: waits))
    ]
  }
}
