package import Vocabulary

/// How the operations of a run are shared out among its kinds; the shares add up to one.
package struct OperationMix: Codable, Sendable, Equatable {
  /// What a mix may hold, in the order in which a random number is held against the shares.
  package static let kinds: [OperationKind] = [.search, .insert, .upsert, .delete, .get]

  /// In the order of `kinds`.
  private let shares: [Double]

  private init(shares: [Double]) { self.shares = shares }

  /// Searches, and inserts for the rest.
  package init(readRatio: Double) {
    precondition(readRatio >= 0 && readRatio <= 1)
    shares = [readRatio, 1 - readRatio, 0, 0, 0]
  }

  package func share(of kind: OperationKind) -> Double {
    Self.kinds.firstIndex(of: kind).map { shares[$0] } ?? 0
  }

  /// In hundredths, however the weights were written.
  package var spelling: String {
    zip(Self.kinds, shares).filter { $0.1 > 0 }.map { kind, share in
      let hundredths = share * 100
      let whole = hundredths.rounded()
      let number = abs(hundredths - whole) < 1e-9 ? "\(Int(whole))" : "\(hundredths)"
      return "\(kind.rawValue)=\(number)"
    }.joined(separator: ",")
  }

  /// The kind at a place of the line from zero to one on which the shares lie behind each other.
  package func kind(at place: Double) -> OperationKind {
    var end = 0.0
    for (kind, share) in zip(Self.kinds, shares) {
      end += share
      if place < end { return kind }
    }
    // Rounding may leave a sliver behind the last share; it belongs to the last that has any.
    return Array(zip(Self.kinds, shares)).last { $0.1 > 0 }?.0 ?? .search
  }

  /// How many of the operations of a kind are undone at once, so that the set stays as large.
  ///
  /// What is inserted beyond what is deleted is removed again, and the other way around.
  package func pairedShare(of kind: OperationKind) -> Double {
    let (inserts, deletes) = (share(of: .insert), share(of: .delete))
    switch kind {
    case .insert where inserts > deletes: return (inserts - deletes) / inserts
    case .delete where deletes > inserts: return (deletes - inserts) / deletes
    default: return 0
    }
  }

  /// Share of the operations that bring vectors, counting what a delete has to put back.
  package func vectorShare(constantSet: Bool) -> Double {
    let restored = constantSet ? share(of: .delete) * pairedShare(of: .delete) : 0
    return share(of: .insert) + share(of: .upsert) + restored
  }
}

extension OperationMix {
  /// What is wrong with a mix, as a sentence without its beginning.
  package enum Problem: Error, Equatable, CustomStringConvertible {
    case notAPart(String)
    case unknown(String)
    case twice(String)
    case nothing

    package var description: String {
      switch self {
      case .notAPart(let text):
        "wants parts such as search=88,upsert=6 with weights from zero up; `\(text)` is none"
      case .unknown(let name):
        "knows search, insert, upsert, delete and get; `\(name)` is none of them"
      case .twice(let name): "has `\(name)` twice"
      case .nothing: "has no weight above zero, so there is nothing to do"
      }
    }
  }

  /// Reads `search=88,upsert=6,delete=4,get=2`, and what the weights add up to.
  ///
  /// Weights may have any sum above zero; whether that is worth a note is for the caller to say.
  package static func parse(_ text: String) throws(Problem) -> (mix: OperationMix, total: Double) {
    var weights: [OperationKind: Double] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = part.split(separator: "=", omittingEmptySubsequences: false).map {
        $0.trimming { $0 == " " }
      }
      guard halves.count == 2, let weight = Double(halves[1]), weight >= 0, weight < 1e12 else {
        throw .notAPart(String(part))
      }
      guard let kind = kinds.first(where: { $0.rawValue == halves[0] }) else {
        throw .unknown(halves[0])
      }
      guard weights.updateValue(weight, forKey: kind) == nil else { throw .twice(halves[0]) }
    }
    let total = weights.values.reduce(0, +)
    guard total > 0 else { throw .nothing }
    return (OperationMix(shares: kinds.map { (weights[$0] ?? 0) / total }), total)
  }
}

extension Substring {
  fileprivate func trimming(_ isBlank: (Character) -> Bool) -> String {
    var rest = self
    while let first = rest.first, isBlank(first) { rest.removeFirst() }
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return String(rest)
  }
}
