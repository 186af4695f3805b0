package import Basics
import Vocabulary

/// What operation number i of a run is: it follows from the seed and i, whoever executes it.
///
/// Which key a write or a get takes follows from them too, and from the set at that moment.
package struct OperationPlan: Codable, Sendable, Equatable {
  package var mix: OperationMix
  package var keys: KeyChoice
  /// The first share of the query pool is hot.
  package var hot: HotShare
  /// Whether what changes the size of the set is undone at once.
  package var keepsSize: Bool
  package var queries: Int
  /// Searches are filtered by one of these, each as often; none are when there are none.
  package var selectivities: [Double] = []
  package var seed: UInt64

  package init(
    mix: OperationMix, keys: KeyChoice, hot: HotShare, keepsSize: Bool, queries: Int,
    selectivities: [Double] = [], seed: UInt64
  ) {
    self.mix = mix
    self.keys = keys
    self.hot = hot
    self.keepsSize = keepsSize
    self.queries = queries
    self.selectivities = selectivities
    self.seed = seed
  }

  package enum Operation: Equatable, Sendable {
    case search(query: Int, selectivity: Double?)
    /// New ids; when undone, as many of the oldest go.
    case insert(isUndone: Bool)
    /// Live ids get other vectors.
    case upsert
    /// Live ids go; when undone, as many new ones come.
    case delete(isUndone: Bool)
    case get
  }

  /// Operation number i; `evenly`, every stretch of the plan has the shares of the mix.
  ///
  /// That is for rates that are measured within a second: five hundred draws of one in ten are
  /// right to 14 %.
  package func operation(_ number: Int, evenly: Bool = false) -> Operation {
    var random = SeededRandom(seed, stream: 0x0B, UInt64(number))
    let drawn = random.unit()
    let kind = mix.kind(at: evenly ? Self.spread(number) : drawn)
    switch kind {
    case .insert: return .insert(isUndone: isUndone(kind, &random))
    case .delete: return .delete(isUndone: isUndone(kind, &random))
    case .upsert: return .upsert
    case .get: return .get
    default:
      let query = query(&random)
      return .search(query: query, selectivity: selectivity(&random))
    }
  }

  /// Multiples of the golden ratio fill the unit interval evenly, however many there are.
  private static func spread(_ number: Int) -> Double {
    let multiple = Double(number % 1_000_003) * 0.618_033_988_749_894_9
    return multiple - multiple.rounded(.down)
  }

  private func selectivity(_ random: inout SeededRandom) -> Double? {
    selectivities.isEmpty ? nil : selectivities[random.below(selectivities.count)]
  }

  /// Queries have no age: under `latest` they are chosen as under `hotspot`.
  private func query(_ random: inout SeededRandom) -> Int {
    (keys == .latest ? .hotspot : keys).rank(among: queries, hot, &random)
  }

  private func isUndone(_ kind: OperationKind, _ random: inout SeededRandom) -> Bool {
    keepsSize && random.unit() < mix.pairedShare(of: kind)
  }

  package func isHot(query: Int) -> Bool { query < hot.count(of: queries) }

  /// What operation number i draws its keys with.
  package func keyRandom(_ number: Int) -> SeededRandom {
    SeededRandom(seed, stream: 0x0C, UInt64(number))
  }
}
