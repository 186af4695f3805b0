import Basics
import CVectorKernels
import Testing
import VectorIndex
import Vocabulary

@Suite struct Kernels {
  /// What this processor can run beside the plain loop.
  static let variants = [VB_AVX2, VB_AVX512, VB_NEON].map { Int32($0) }
    .filter { vb_variant_available($0) == 1 }

  @Test(arguments: variants)
  func `every variant agrees with the plain loop, at odd lengths and addresses`(variant: Int32) {
    let seed: UInt64 = 21
    var random = SeededRandom(seed)
    let values = (0..<4_000).map { _ in Float(random.normal()) }
    let (plain, other) = (vb_kernels_of(Int32(VB_PORTABLE)), vb_kernels_of(variant))
    // SAFETY: both vectors, and every slot of the batch, lie inside the array.
    unsafe values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for count in Array(1...70) + [127, 128, 129, 255, 300] {
        for shift in 0..<3 {
          let (a, b) = unsafe (base + shift, base + 1_000 + 2 * shift)
          let size = (0..<count).reduce(Float(0)) { sum, index in
            unsafe sum + abs(a[index] * b[index]) + (a[index] - b[index]) * (a[index] - b[index])
          }
          // Each of two sums of n terms errs by at most n half-ulps of the sum of magnitudes.
          let tolerance = Float(count + 2) * .ulpOfOne * size
          #expect(unsafe abs(plain.dot(a, b, count) - other.dot(a, b, count)) <= tolerance)
          #expect(unsafe abs(plain.l2(a, b, count) - other.l2(a, b, count)) <= tolerance)
        }
      }
    }
  }

  @Test(arguments: variants)
  func `a batch says what its pairs say`(variant: Int32) {
    var random = SeededRandom(22)
    let values = (0..<4_000).map { _ in Float(random.normal()) }
    let kernels = vb_kernels_of(variant)
    for (count, slots) in [(1, 1), (7, 3), (8, 4), (33, 9), (100, 10), (64, 0)] {
      let stride = count + 3
      let ids = (0..<slots).map { _ in UInt32(random.below(4_000 / stride - 1)) }
      var (dots, squares) = ([Float](repeating: 0, count: 16), [Float](repeating: 0, count: 16))
      // SAFETY: every slot's vector lies inside the array, and sixteen results have room.
      unsafe values.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unsafe kernels.dot_batch(base, base, stride, count, ids, slots, &dots)
        unsafe kernels.l2_batch(base, base, stride, count, ids, slots, &squares)
        for (index, id) in ids.enumerated() {
          let row = unsafe base + Int(id) * stride
          let tolerance = Float(count + 2) * .ulpOfOne * 20 * Float(count)
          #expect(unsafe abs(dots[index] - kernels.dot(base, row, count)) <= tolerance)
          #expect(unsafe abs(squares[index] - kernels.l2(base, row, count)) <= tolerance)
        }
      }
    }
  }

  @Test func `a kernel that is not there is refused`() throws {
    let missing = KernelChoice.allCases.first { !$0.isAvailable }
    let kernel = try #require(missing, "no machine has all of them")
    #expect(throws: IndexError.kernelUnavailable(kernel)) {
      try GraphIndex(IndexOptions(dimensions: 4, metric: .l2, kernel: kernel))
    }
  }
}
