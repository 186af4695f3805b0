#include "Variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define BATCH_TARGET __attribute__((target("avx2,fma")))
#define BATCH_WIDTH 8
#define BATCH_REGISTER __m256
#define BATCH_ZERO _mm256_setzero_ps()
#define BATCH_LOAD(p) _mm256_loadu_ps(p)
#define BATCH_ADD(a, b) _mm256_add_ps(a, b)
#define BATCH_SUM(v) sum_of(v)

BATCH_TARGET static inline float sum_of(__m256 v) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

BATCH_TARGET static inline __m256 dot_step(__m256 sum, __m256 q, __m256 v) {
  return _mm256_fmadd_ps(q, v, sum);
}

BATCH_TARGET static inline __m256 l2_step(__m256 sum, __m256 q, __m256 v) {
  __m256 difference = _mm256_sub_ps(q, v);
  return _mm256_fmadd_ps(difference, difference, sum);
}

#include "Batch.h"
PAIR_KERNEL(vb_dot_avx2, dot_step)
PAIR_KERNEL(vb_l2_avx2, l2_step)
TAILS(vb_dot_avx2, vb_l2_avx2)
BATCH_KERNEL(vb_dot_batch_avx2, dot_step, vb_dot_avx2)
BATCH_KERNEL(vb_l2_batch_avx2, l2_step, vb_l2_avx2)
#endif
