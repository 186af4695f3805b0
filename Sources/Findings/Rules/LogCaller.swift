import Vocabulary

/// Who logs under a lock: the function of the log, and whoever of the project called it.
struct LogCaller {
  /// The project's own function of the log, or who called the library's.
  let log: String
  let caller: String?
  let seconds: Double

  var words: Prose {
    caller.map { "\(name: log), called by \(name: $0)" } ?? "\(name: log)"
  }

  /// The dearest first; never empty where a stack of the slice logs.
  static func rows(_ slice: ProfileSlice) -> [LogCaller] {
    let separator = "\u{0}"
    let rows = slice.rows { sample -> [String] in
      guard slice.contains(.logging)(sample) else { return [] }
      let project = sample.symbols.filter { slice.table[$0].layer == .project }
      let place = project.firstIndex { slice.table[$0].groups.contains(.logging) } ?? 0
      guard place < project.count else { return [ProfileSlice.noOwner] }
      let log = slice.table[project[place]].short
      let next = project[place...].dropFirst().first { slice.table[$0].short != log }
      return [log + (next.map { separator + slice.table[$0].short } ?? "")]
    }
    return rows.map { row in
      let parts = row.name.split(separator: separator).map(String.init)
      return LogCaller(
        log: parts[0], caller: parts.count > 1 ? parts[1] : nil, seconds: row.seconds)
    }
  }

  /// The work under these functions; none where one of them has all handlers below it.
  static func footprints(_ names: [String], _ scene: Scene) -> [Footprint] {
    let table = scene.slice.table
    let wide = SymbolGroups([.middleware, .requestHandler])
    let own = Set(names).subtracting([ProfileSlice.noOwner]).filter { name in
      !table.symbols.contains { $0.short == name && !$0.groups.isDisjoint(with: wide) }
    }
    guard !own.isEmpty else { return [] }
    return [
      Footprint(kind: .cpu) { sample in sample.symbols.contains { own.contains(table[$0].short) } }
    ]
  }

  /// What the CPU profile of the same role shows under these functions: work done while they log.
  static func work(under names: [String], _ scene: Scene) -> [EvidenceItem] {
    guard let cpu = scene.role.profiles[.cpu], let name = names.first,
      name != ProfileSlice.noOwner
    else { return [] }
    let inLog = cpu.contains(function: name)
    let share = cpu.share(where: inLog)
    guard share.samples >= 20 else { return [] }
    let kinds: [(String, SymbolGroup)] = [
      ("syncing", .storageSync), ("encoding", .serialization), ("formatting", .text),
      ("writing", .writing),
      ("allocating", .allocation),
    ]
    let parts = kinds.compactMap { word, group -> Prose? in
      let inGroup = cpu.contains(group)
      let part = cpu.share { inLog($0) && inGroup($0) }
      return part.part >= 0.05 * share.part
        ? "\(word) \(Wording.percent(part.part / share.part))" : nil
    }
    let what: Prose = parts.isEmpty ? "" : "; of that " + Prose.list(parts)
    return [
      EvidenceItem(
        "The CPU profile has \(Wording.share(share)) of the role's CPU in \(name: name)\(what) (parts may overlap)",
        scene.commands.top(cpu, focus: [name]))
    ]
  }
}
