#include "Variants.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#define BATCH_TARGET
#define BATCH_WIDTH 4
#define BATCH_REGISTER float32x4_t
#define BATCH_ZERO vdupq_n_f32(0)
#define BATCH_LOAD(p) vld1q_f32(p)
#define BATCH_ADD(a, b) vaddq_f32(a, b)
#define BATCH_SUM(v) vaddvq_f32(v)

static inline float32x4_t dot_step(float32x4_t sum, float32x4_t q, float32x4_t v) {
  return vfmaq_f32(sum, q, v);
}

static inline float32x4_t l2_step(float32x4_t sum, float32x4_t q, float32x4_t v) {
  float32x4_t difference = vsubq_f32(q, v);
  return vfmaq_f32(sum, difference, difference);
}

#include "Batch.h"
PAIR_KERNEL(vb_dot_neon, dot_step)
PAIR_KERNEL(vb_l2_neon, l2_step)
TAILS(vb_dot_neon, vb_l2_neon)
BATCH_KERNEL(vb_dot_batch_neon, dot_step, vb_dot_neon)
BATCH_KERNEL(vb_l2_batch_neon, l2_step, vb_l2_neon)
#endif
