// The plain loop: the oracle of every other variant, and what a profile shows when somebody asks
// for it. The pragmas keep the compiler from making it one of the others by itself.
#include "Variants.h"

#define PLAIN_LOOP _Pragma("clang loop vectorize(disable) interleave(disable) unroll(disable)")

VB_KERNEL float vb_dot_portable(const float *a, const float *b, size_t count) {
  float sum = 0;
  PLAIN_LOOP
  for (size_t i = 0; i < count; i++) sum += a[i] * b[i];
  return sum;
}

VB_KERNEL float vb_l2_portable(const float *a, const float *b, size_t count) {
  float sum = 0;
  PLAIN_LOOP
  for (size_t i = 0; i < count; i++) {
    float difference = a[i] - b[i];
    sum += difference * difference;
  }
  return sum;
}

VB_KERNEL void vb_dot_batch_portable(const float *query, const float *arena, size_t stride,
                                     size_t count, const uint32_t *slots, size_t slot_count,
                                     float *out) {
  for (size_t i = 0; i < slot_count; i++)
    out[i] = vb_dot_portable(query, arena + slots[i] * stride, count);
}

VB_KERNEL void vb_l2_batch_portable(const float *query, const float *arena, size_t stride,
                                    size_t count, const uint32_t *slots, size_t slot_count,
                                    float *out) {
  for (size_t i = 0; i < slot_count; i++)
    out[i] = vb_l2_portable(query, arena + slots[i] * stride, count);
}
