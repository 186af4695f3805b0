/// Sums over two vectors in floats, sixteen lanes at a time.
enum FloatSums {
  @inline(__always)
  static func dot(_ a: Span<Float>, _ i: Int, _ b: Span<Float>, _ j: Int, _ count: Int) -> Float {
    var (first, second) = (SIMD8<Float>(), SIMD8<Float>())
    var place = 0
    while place &+ 16 <= count {
      first += lanes(a, i &+ place) * lanes(b, j &+ place)
      second += lanes(a, i &+ place &+ 8) * lanes(b, j &+ place &+ 8)
      place &+= 16
    }
    var sum = (first + second).sum()
    while place < count {
      sum += a[i + place] * b[j + place]
      place &+= 1
    }
    return sum
  }

  @inline(__always)
  static func squaredDistance(
    _ a: Span<Float>, _ i: Int, _ b: Span<Float>, _ j: Int, _ count: Int
  ) -> Float {
    var (first, second) = (SIMD8<Float>(), SIMD8<Float>())
    var place = 0
    while place &+ 16 <= count {
      let left = lanes(a, i &+ place) - lanes(b, j &+ place)
      let right = lanes(a, i &+ place &+ 8) - lanes(b, j &+ place &+ 8)
      first += left * left
      second += right * right
      place &+= 16
    }
    var sum = (first + second).sum()
    while place < count {
      sum += (a[i + place] - b[j + place]) * (a[i + place] - b[j + place])
      place &+= 1
    }
    return sum
  }

  @inline(__always)
  private static func lanes(_ values: Span<Float>, _ index: Int) -> SIMD8<Float> {
    SIMD8(
      values[index], values[index &+ 1], values[index &+ 2], values[index &+ 3],
      values[index &+ 4], values[index &+ 5], values[index &+ 6], values[index &+ 7])
  }
}
