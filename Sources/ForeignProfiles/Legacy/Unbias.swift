/// What a sampled count and its bytes stand for, when every `rate` bytes one is drawn on average.
///
/// An allocation of s bytes is drawn with probability 1 − e^(−s/rate). A rate of one or less means
/// that everything was counted.
func unbiased(_ objects: Int64, _ bytes: Int64, _ rate: Int64) -> [Int64] {
  if objects == 0 || bytes == 0 { return [0, 0] }
  if rate <= 1 { return [objects, bytes] }
  let size = Double(bytes) / Double(objects)
  let scale = 1 / chance(size / Double(rate))
  return [Int64(clamped: Double(objects) * scale), Int64(clamped: Double(bytes) * scale)]
}

/// 1 − e^(−x), to the last digits also where x is small.
///
/// By its series for x / 2ⁿ, doubled n times: with p = 1 − e^(−y), 1 − e^(−2y) is p (2 − p). The C
/// library is not for this room.
func chance(_ x: Double) -> Double {
  if x >= 40 { return 1 }
  if x <= 0 { return 0 }
  var small = x
  var doublings = 0
  while small > 0.05 {
    small /= 2
    doublings += 1
  }
  var (term, sum) = (small, small)
  for n in 2...10 {
    term *= -small / Double(n)
    sum += term
  }
  for _ in 0..<doublings { sum *= 2 - sum }
  return sum
}
