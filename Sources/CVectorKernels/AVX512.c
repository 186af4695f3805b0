#include "Variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define BATCH_TARGET __attribute__((target("avx512f")))
#define BATCH_WIDTH 16
#define BATCH_REGISTER __m512
#define BATCH_ZERO _mm512_setzero_ps()
#define BATCH_LOAD(p) _mm512_loadu_ps(p)
#define BATCH_ADD(a, b) _mm512_add_ps(a, b)
#define BATCH_SUM(v) _mm512_reduce_add_ps(v)

BATCH_TARGET static inline __m512 dot_step(__m512 sum, __m512 q, __m512 v) {
  return _mm512_fmadd_ps(q, v, sum);
}

BATCH_TARGET static inline __m512 l2_step(__m512 sum, __m512 q, __m512 v) {
  __m512 difference = _mm512_sub_ps(q, v);
  return _mm512_fmadd_ps(difference, difference, sum);
}

#include "Batch.h"
PAIR_KERNEL(vb_dot_avx512, dot_step)
PAIR_KERNEL(vb_l2_avx512, l2_step)
TAILS(vb_dot_avx512, vb_l2_avx512)
BATCH_KERNEL(vb_dot_batch_avx512, dot_step, vb_dot_avx512)
BATCH_KERNEL(vb_l2_batch_avx512, l2_step, vb_l2_avx512)
#endif
