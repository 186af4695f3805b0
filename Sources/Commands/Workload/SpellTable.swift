import Measurement

/// The spells of a trial as a table, one row each, from which their cost can be computed again.
enum SpellTable {
  static func text(_ spells: [Spell]) -> String {
    let rows = spells.map { spell in
      let work = spell.work.map { "\($0)" }.joined(separator: ",")
      return
        "\(spell.start),\(spell.end),\(spell.isWatched ? 1 : 0),\(spell.cpuNanoseconds),\(work)"
    }
    return (["start_ns,end_ns,watched,cpu_ns,graph_distances,candidate_distances"] + rows)
      .joined(separator: "\n") + "\n"
  }
}
