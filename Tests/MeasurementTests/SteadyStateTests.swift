import Measurement
import Testing

@Suite struct `The search for a steady state` {
  /// Noise without a generator of ours: a fixed, well mixed sequence between −1 and 1.
  private func noise(_ index: Int) -> Double {
    var z = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 31)) &* 0xBF58_476D_1CE4_E5B9
    return Double((z ^ (z >> 29)) >> 11) * 0x1p-52 - 1
  }

  @Test func `finds the end of a warm-up near where it was put`() throws {
    for length in [50, 100, 200] {
      let series = (0..<600).map { ($0 < length ? 30.0 : 100) + 10 * noise($0) }
      let found = try #require(SteadyState.beginning(of: series))
      // A little late is no harm: noise decides about the last few. Early would be.
      #expect((length - 4...length + 50).contains(found), "\(found) instead of \(length)")
    }
  }

  @Test func `leaves little out of a series that was steady all along`() throws {
    let series = (0..<500).map { 100 + 10 * noise($0) }
    #expect(try #require(SteadyState.beginning(of: series)) < 250)
    #expect(SteadyState.beginning(of: Array(repeating: 7, count: 100)) == 0)
  }

  @Test func `finds none in a series that drifts to its end, or is too short`() {
    #expect(SteadyState.beginning(of: (0..<500).map { Double($0) + noise($0) }) == nil)
    #expect(SteadyState.beginning(of: (0..<500).map { $0 < 400 ? 1.0 : 9 }) == nil)
    #expect(SteadyState.beginning(of: Array(repeating: 1, count: 49)) == nil)
    #expect(SteadyState.beginning(of: []) == nil)
  }

  @Test func `a slow approach is cut where only noise is left`() throws {
    var level = 50.0
    let series = (0..<800).map { index in
      level *= 0.97
      return 100 - level + 5 * noise(index)
    }
    let found = try #require(SteadyState.beginning(of: series))
    #expect((40...200).contains(found), "\(found)")
  }
}
