package import Basics

/// Which of the live keys an operation takes: a rank among as many as there are at that moment.
///
/// Every choice is exact at every size of the set; the size may move from draw to draw.
package enum KeyChoice: Sendable, Equatable {
  case uniform
  /// The key of rank r has a probability proportional to 1 / (r + 1)^exponent.
  case zipf(exponent: Double)
  /// Some keys are hot, and a share of the draws goes to them; the others go anywhere.
  case hotspot
  /// As zipf with 0.99, by age: the newest key is the likeliest.
  case latest

  package static let usualExponent = 0.99

  package init?(spelling: String) {
    let parts = spelling.split(separator: ":", omittingEmptySubsequences: false)
    switch (parts.first, parts.count) {
    case ("uniform", 1): self = .uniform
    case ("hotspot", 1): self = .hotspot
    case ("latest", 1): self = .latest
    case ("zipf", 1): self = .zipf(exponent: Self.usualExponent)
    case ("zipf", 2):
      guard let exponent = Double(parts[1]), exponent >= 0.01, exponent <= 10 else { return nil }
      self = .zipf(exponent: exponent)
    default: return nil
    }
  }

  package var spelling: String {
    switch self {
    case .uniform: "uniform"
    case .zipf(let exponent): "zipf:\(exponent)"
    case .hotspot: "hotspot"
    case .latest: "latest"
    }
  }

  /// Which of `count` keys, counted from the most popular.
  package func rank(
    among count: Int, _ hot: HotShare, _ random: inout SeededRandom
  ) -> Int {
    precondition(count > 0, "nobody can choose among no keys")
    switch self {
    case .uniform: return random.below(count)
    case .zipf(let exponent):
      return ZipfDistribution(count: count, exponent: exponent).draw(&random)
    case .latest:
      return ZipfDistribution(count: count, exponent: Self.usualExponent).draw(&random)
    case .hotspot:
      return random.unit() < hot.draws ? random.below(hot.count(of: count)) : random.below(count)
    }
  }
}

/// What of a set is hot, and how many of the draws go there.
package struct HotShare: Codable, Sendable, Equatable {
  package var keys: Double
  package var draws: Double

  package init(keys: Double, draws: Double) {
    self.keys = keys
    self.draws = draws
  }

  /// One at least, as at the source, and never more than there are.
  package func count(of keys: Int) -> Int { min(keys, max(1, Int(Double(keys) * self.keys))) }
}

extension KeyChoice: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let choice = KeyChoice(spelling: text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "`\(text)` is no choice of keys"))
    }
    self = choice
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(spelling)
  }
}
