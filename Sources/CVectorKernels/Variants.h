// What the kernel files share: the shape of a kernel's name and the four functions of a set.
#ifndef VB_VARIANTS_H
#define VB_VARIANTS_H

#include "CVectorKernels.h"

// Never inlined, so that each kernel stands in a profile under its own name.
#define VB_KERNEL __attribute__((noinline, visibility("default")))

#define VB_DECLARE(variant)                                                                        \
  float vb_dot_##variant(const float *a, const float *b, size_t count);                            \
  float vb_l2_##variant(const float *a, const float *b, size_t count);                             \
  void vb_dot_batch_##variant(const float *query, const float *arena, size_t stride, size_t count, \
                              const uint32_t *slots, size_t slot_count, float *out);               \
  void vb_l2_batch_##variant(const float *query, const float *arena, size_t stride, size_t count,  \
                             const uint32_t *slots, size_t slot_count, float *out);

#define VB_SET(variant)                                                                            \
  (vb_kernels) {                                                                                   \
    vb_dot_##variant, vb_l2_##variant, vb_dot_batch_##variant, vb_l2_batch_##variant               \
  }

VB_DECLARE(portable)
#if defined(__x86_64__)
VB_DECLARE(avx2)
VB_DECLARE(avx512)
#elif defined(__aarch64__)
VB_DECLARE(neon)
#endif

#endif
