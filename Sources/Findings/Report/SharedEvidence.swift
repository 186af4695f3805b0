import Pprof
import Vocabulary

/// Tells one cause once: findings that stand on the same stacks are joined under one of them.
///
/// Nobody writes down which rules belong together. Each finding brings the stacks it stands on, and
/// what two of them share is weighed in the profile that the smaller one's share is of. Where the one
/// that comes nearer to the cause has most of the other's, it tells the other as well; where it has
/// less, both stand, and the later one says what it shares.
struct SharedEvidence {
  /// So much of a finding's stacks must be among another's for it to be joined to it.
  static let enough = 0.8
  /// From here on it is said that a part of a finding is told elsewhere.
  static let worthSaying = 0.5

  private let fired: [FindingMaker.Ranked]
  private let masks: [[Mask]]

  private struct Place: Hashable {
    let role: String
    let kind: ProfileKind
  }

  /// Which samples of a profile are in a footprint.
  private struct Mask {
    let place: Place
    var holds: [Bool] = []
    /// Those that are, with their cost.
    var members: [(index: Int, value: Int64)] = []
    var weight: Int64 = 0

    init(_ footprint: Footprint, _ place: Place, _ samples: [StackSample]) {
      self.place = place
      holds = samples.map(footprint.holds)
      for index in holds.indices where holds[index] {
        members.append((index, samples[index].value))
        weight += samples[index].value
      }
    }

    func shared(with others: [Mask]) -> Int64 {
      var sum: Int64 = 0
      for (index, value) in members where others.contains(where: { $0.holds[index] }) {
        sum += value
      }
      return sum
    }
  }

  init(_ fired: [FindingMaker.Ranked], _ evidence: Evidence) {
    self.fired = fired
    var samples: [Place: [StackSample]] = [:]
    for role in evidence.roles {
      for (kind, slice) in role.profiles {
        samples[Place(role: role.name, kind: kind)] = slice.samples
      }
    }
    masks = fired.map { ranked in
      ranked.footprints.map { footprint in
        let place = Place(role: ranked.finding.role, kind: footprint.kind)
        return Mask(footprint, place, samples[place] ?? [])
      }
    }
  }

  /// The findings that stand, each with those it tells as well.
  func joined() -> [FindingMaker.Ranked] {
    var heads: [Int] = []
    var members: [Int: [FindingMaker.Ranked]] = [:]
    for index in fired.indices.sorted(by: comesFirst) {
      if let (head, part) = teller(of: index, among: heads) {
        var member = fired[index]
        member.partOfHead = part
        members[head, default: []].append(member)
      } else {
        heads.append(index)
      }
    }
    return heads.map { index in
      var head = fired[index]
      head.members = members[index] ?? []
      head.shares = heads.compactMap { other in
        guard other != index, let part = part(of: index, within: other),
          part >= Self.worthSaying
        else { return nil }
        return (key: fired[other].finding.key, part: part)
      }
      return head
    }
  }

  /// The nearest to the cause first; then the one that stands on more, which can hold the other.
  private func comesFirst(_ left: Int, _ right: Int) -> Bool {
    if fired[left].depth != fired[right].depth { return fired[left].depth > fired[right].depth }
    let (one, other) = (weight(left), weight(right))
    if one != other { return one > other }
    return fired[left].finding.key.description < fired[right].finding.key.description
  }

  private func weight(_ index: Int) -> Int64 { masks[index].first?.weight ?? 0 }

  private func teller(of index: Int, among heads: [Int]) -> (head: Int, part: Double)? {
    let candidates = heads.compactMap { head in
      part(of: index, within: head).map { (head: head, part: $0) }
    }.filter { $0.part >= Self.enough }
    return candidates.max { (fired[$0.head].depth, $0.part) < (fired[$1.head].depth, $1.part) }
  }

  /// How much of a finding's stacks are among another's; nil where they stand on different profiles.
  private func part(of member: Int, within head: Int) -> Double? {
    guard let own = masks[member].first, own.weight > 0 else { return nil }
    let others = masks[head].filter { $0.place == own.place }
    guard !others.isEmpty else { return nil }
    return Double(own.shared(with: others)) / Double(own.weight)
  }
}
