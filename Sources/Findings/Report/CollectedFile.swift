package import Vocabulary

/// A profile of the run, as far as it could be read.
package struct CollectedFile: Codable, Sendable, Equatable {
  package var role: String
  package var kind: ProfileKind
  package var path: String
  package var samples: Int
  /// Sum of the cost, in seconds (or bytes for a heap profile).
  package var total: Double
  package var sampleType: String
  package var isTime: Bool
  /// Why it was not read, when it was not.
  package var problem: String?
}
