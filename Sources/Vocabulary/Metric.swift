/// How far apart two vectors are.
///
/// Smaller is nearer for every one of them.
package enum Metric: String, Codable, Sendable, CaseIterable {
  /// One minus the cosine of the angle; vectors are normalised when they come in.
  case cosine
  /// The squared Euclidean distance.
  case l2
  /// The negative inner product.
  case innerProduct = "ip"
}
