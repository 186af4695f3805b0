/// What `tracker verify` found, item by item.
package struct TrackerCheck: Codable, Sendable, Equatable {
  package var schema = "vbench.tracker-verify/1"
  package var file: String
  package var items: [Item]
  /// What is wrong with TRACKER.md; nil when it says what the file says.
  package var document: String?

  package struct Item: Codable, Sendable, Equatable {
    package var id: String
    package var title: String
    package var state: TrackedItem.State
    /// Claims that were tested again and hold.
    package var holding: Int
    package var problems: [Problem]
    /// What could not be looked at and does not break a claim.
    package var notes: [String]
  }

  package struct Problem: Codable, Sendable, Equatable {
    package var kind: Kind
    /// A whole sentence.
    package var message: String

    package init(_ kind: Kind, _ message: String) {
      self.kind = kind
      self.message = message
    }
  }

  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// A run of the proof is not there, or cannot be read.
    case vanished, unreadable
    /// Its files are not what they were.
    case changed
    case notComparable
    /// The comparison has no such row any more.
    case missing
    /// The row says less than was claimed.
    case notSignificant
    /// The row says the opposite.
    case reversed
    /// The comparison says what was claimed, in other figures.
    case otherFigures
    /// A headline result became worse and the item does not say so.
    case concealed
  }

  package var problems: [Problem] { items.flatMap(\.problems) }

  package var holds: Bool { problems.isEmpty && document == nil }
}
