/// The set of groups a name belongs to: one bit for each `SymbolGroup`.
struct SymbolGroups: OptionSet, Hashable, Sendable {
  let rawValue: UInt128

  init(rawValue: UInt128) { self.rawValue = rawValue }

  init(_ group: SymbolGroup) { rawValue = Self.bits[group] ?? 0 }

  init(_ groups: [SymbolGroup]) {
    self = groups.reduce(into: SymbolGroups()) { $0.formUnion(SymbolGroups($1)) }
  }

  func contains(_ group: SymbolGroup) -> Bool { contains(SymbolGroups(group)) }

  private static let bits = Dictionary(
    uniqueKeysWithValues: SymbolGroup.allCases.enumerated().map {
      ($0.element, UInt128(1) << UInt128($0.offset))
    })
}
