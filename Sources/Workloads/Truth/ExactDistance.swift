package import Vocabulary

/// The distance of two vectors as its definition says, in doubles.
package enum ExactDistance {
  package static func of(
    _ left: Span<Float>, _ i: Int, _ right: Span<Float>, _ j: Int, _ count: Int, _ metric: Metric
  ) -> Double {
    var (dot, leftSquare, rightSquare, apart) = (0.0, 0.0, 0.0, 0.0)
    for place in 0..<count {
      let (a, b) = (Double(left[i + place]), Double(right[j + place]))
      dot += a * b
      leftSquare += a * a
      rightSquare += b * b
      apart += (a - b) * (a - b)
    }
    switch metric {
    case .l2: return apart
    case .innerProduct: return -dot
    case .cosine:
      let lengths = leftSquare.squareRoot() * rightSquare.squareRoot()
      return lengths > 0 ? 1 - dot / lengths : 1
    }
  }
}
