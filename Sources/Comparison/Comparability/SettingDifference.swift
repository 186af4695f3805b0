/// One setting or fact that is not the same on both sides, and what follows from it.
package struct SettingDifference: Codable, Sendable, Equatable {
  package var name: String
  package var base: String
  package var new: String
  package var standing: Standing
  package var scope: Scope
  /// One whole sentence.
  package var message: String

  package enum Standing: String, Codable, Sendable {
    /// No verdict while it differs, unless it is allowed.
    case refused
    /// Would be refused, but the caller accepts it.
    case allowed
    /// What the comparison is about, such as the kernel.
    case underTest
    /// Worth knowing.
    case noted
  }

  package enum Scope: String, Codable, Sendable {
    case everything
    /// What depends on how often operations were offered: latencies, and rates that follow the offer.
    case paced
  }
}
