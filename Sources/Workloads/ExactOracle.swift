import Basics
package import Vocabulary

/// The truth about neighbors, by looking at every vector with a loop of its own.
///
/// It shares no code with the engine, so that an error there cannot hide here.
package enum ExactOracle {
  /// The distance under a metric, smaller is nearer; vectors are normalized for cosine already.
  package static func distance(_ left: [Float], _ right: [Float], _ metric: Metric) -> Float {
    metric == .l2 ? squaredDistance(left, right) : (metric == .cosine ? 1 : 0) - dot(left, right)
  }

  private static func dot(_ left: [Float], _ right: [Float]) -> Float {
    let (a, b) = (left.span, right.span)
    var sum = SIMD8<Float>()
    var index = 0
    while index + 8 <= a.count {
      sum += lanes(a, index) * lanes(b, index)
      index += 8
    }
    var rest = sum.sum()
    while index < a.count {
      rest += a[index] * b[index]
      index += 1
    }
    return rest
  }

  private static func squaredDistance(_ left: [Float], _ right: [Float]) -> Float {
    let (a, b) = (left.span, right.span)
    var sum = SIMD8<Float>()
    var index = 0
    while index + 8 <= a.count {
      let difference = lanes(a, index) - lanes(b, index)
      sum += difference * difference
      index += 8
    }
    var rest = sum.sum()
    while index < a.count {
      rest += (a[index] - b[index]) * (a[index] - b[index])
      index += 1
    }
    return rest
  }

  private static func lanes(_ values: Span<Float>, _ index: Int) -> SIMD8<Float> {
    SIMD8(
      values[index], values[index + 1], values[index + 2], values[index + 3], values[index + 4],
      values[index + 5], values[index + 6], values[index + 7])
  }
}
