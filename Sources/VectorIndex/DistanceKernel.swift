import CVectorKernels
import Vocabulary

/// The distance of one index: the kernel of its processor, bent to the meaning of its metric.
///
/// Kernels give dot products or squared differences; `bias + scale * value` makes a distance of it.
///
/// Invariants: every pointer given to it starts `count` readable floats, every slot is committed.
@safe struct DistanceKernel: @unchecked Sendable {
  private let batch: vb_batch_kernel
  private let vectors: UnsafePointer<Float>
  private let stride: Int
  private let count: Int
  private let bias: Float
  private let scale: Float

  init(_ metric: Metric, _ choice: KernelChoice, over slots: borrowing SlotArena) {
    let kernels = vb_kernels_of(choice.variant)
    unsafe batch = metric == .l2 ? kernels.l2_batch : kernels.dot_batch
    unsafe vectors = UnsafePointer(slots.vectors)
    stride = slots.stride
    // Rows are padded with zeros, which change neither sum: whole registers need no tail.
    count = (slots.dimensions + 7) & ~7
    bias = metric == .cosine ? 1 : 0
    scale = metric == .l2 ? 1 : -1
  }

  /// Fills `out` with the distances from `query` to each of the slots.
  func distances(
    from query: UnsafePointer<Float>, to slots: UnsafePointer<UInt32>, _ slotCount: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    // SAFETY: the type's invariants; `out` has room for slotCount floats.
    unsafe batch(query, vectors, stride, count, slots, slotCount, out)
    var index = 0
    while index < slotCount {
      unsafe out[index] = bias + scale * out[index]
      index &+= 1
    }
  }

  func distance(from query: UnsafePointer<Float>, to slot: UInt32) -> Float {
    var (slot, result) = (slot, Float(0))
    // SAFETY: both pointers are to locals, good for one element.
    unsafe distances(from: query, to: &slot, 1, into: &result)
    return result
  }
}
