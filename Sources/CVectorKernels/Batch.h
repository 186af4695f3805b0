// The shape of every batch kernel, written once. The including file says what a register of its
// instruction set is and how one step goes; this file says how four vectors share the query.
//
// Per step of BATCH_WIDTH floats the query is loaded once and meets four vectors, while the same
// step of the next four vectors is fetched into the cache, so that a random read of the arena has
// the time of four distances to arrive.

#define BATCH_KERNEL(name, step, pair)                                                             \
  VB_KERNEL BATCH_TARGET void name(const float *query, const float *arena, size_t stride,          \
                                   size_t count, const uint32_t *slots, size_t slot_count,         \
                                   float *out) {                                                   \
    size_t whole = count - count % BATCH_WIDTH, i = 0;                                             \
    for (; i + 4 <= slot_count; i += 4) {                                                          \
      const float *a = arena + slots[i] * stride, *b = arena + slots[i + 1] * stride;              \
      const float *c = arena + slots[i + 2] * stride, *d = arena + slots[i + 3] * stride;          \
      size_t last = slot_count - 1;                                                                \
      const float *next_a = arena + slots[i + 4 < last ? i + 4 : last] * stride;                   \
      const float *next_b = arena + slots[i + 5 < last ? i + 5 : last] * stride;                   \
      const float *next_c = arena + slots[i + 6 < last ? i + 6 : last] * stride;                   \
      const float *next_d = arena + slots[i + 7 < last ? i + 7 : last] * stride;                   \
      BATCH_REGISTER sum_a = BATCH_ZERO, sum_b = BATCH_ZERO;                                       \
      BATCH_REGISTER sum_c = BATCH_ZERO, sum_d = BATCH_ZERO;                                       \
      BATCH_REGISTER more_a = BATCH_ZERO, more_b = BATCH_ZERO;                                     \
      BATCH_REGISTER more_c = BATCH_ZERO, more_d = BATCH_ZERO;                                     \
      size_t j = 0;                                                                                \
      for (; j + 2 * BATCH_WIDTH <= whole; j += 2 * BATCH_WIDTH) {                                 \
        __builtin_prefetch(next_a + j, 0, 3);                                                      \
        __builtin_prefetch(next_b + j, 0, 3);                                                      \
        __builtin_prefetch(next_c + j, 0, 3);                                                      \
        __builtin_prefetch(next_d + j, 0, 3);                                                      \
        BATCH_REGISTER q = BATCH_LOAD(query + j), r = BATCH_LOAD(query + j + BATCH_WIDTH);         \
        sum_a = step(sum_a, q, BATCH_LOAD(a + j));                                                 \
        sum_b = step(sum_b, q, BATCH_LOAD(b + j));                                                 \
        sum_c = step(sum_c, q, BATCH_LOAD(c + j));                                                 \
        sum_d = step(sum_d, q, BATCH_LOAD(d + j));                                                 \
        more_a = step(more_a, r, BATCH_LOAD(a + j + BATCH_WIDTH));                                 \
        more_b = step(more_b, r, BATCH_LOAD(b + j + BATCH_WIDTH));                                 \
        more_c = step(more_c, r, BATCH_LOAD(c + j + BATCH_WIDTH));                                 \
        more_d = step(more_d, r, BATCH_LOAD(d + j + BATCH_WIDTH));                                 \
      }                                                                                            \
      if (j < whole) {                                                                             \
        BATCH_REGISTER q = BATCH_LOAD(query + j);                                                  \
        sum_a = step(sum_a, q, BATCH_LOAD(a + j));                                                 \
        sum_b = step(sum_b, q, BATCH_LOAD(b + j));                                                 \
        sum_c = step(sum_c, q, BATCH_LOAD(c + j));                                                 \
        sum_d = step(sum_d, q, BATCH_LOAD(d + j));                                                 \
      }                                                                                            \
      out[i] = BATCH_SUM(BATCH_ADD(sum_a, more_a));                                                \
      out[i + 1] = BATCH_SUM(BATCH_ADD(sum_b, more_b));                                            \
      out[i + 2] = BATCH_SUM(BATCH_ADD(sum_c, more_c));                                            \
      out[i + 3] = BATCH_SUM(BATCH_ADD(sum_d, more_d));                                            \
      if (whole < count) {                                                                         \
        size_t rest = count - whole;                                                               \
        out[i] += pair##_tail(query + whole, a + whole, rest);                                     \
        out[i + 1] += pair##_tail(query + whole, b + whole, rest);                                 \
        out[i + 2] += pair##_tail(query + whole, c + whole, rest);                                 \
        out[i + 3] += pair##_tail(query + whole, d + whole, rest);                                 \
      }                                                                                            \
    }                                                                                              \
    for (; i < slot_count; i++) out[i] = pair(query, arena + slots[i] * stride, count);            \
  }

// One pair: four independent sums, so that additions do not wait for each other.
#define PAIR_KERNEL(name, step)                                                                    \
  static inline float name##_tail(const float *a, const float *b, size_t count);                   \
  VB_KERNEL BATCH_TARGET float name(const float *a, const float *b, size_t count) {                \
    BATCH_REGISTER s0 = BATCH_ZERO, s1 = BATCH_ZERO, s2 = BATCH_ZERO, s3 = BATCH_ZERO;             \
    size_t i = 0;                                                                                  \
    for (; i + 4 * BATCH_WIDTH <= count; i += 4 * BATCH_WIDTH) {                                   \
      s0 = step(s0, BATCH_LOAD(a + i), BATCH_LOAD(b + i));                                         \
      s1 = step(s1, BATCH_LOAD(a + i + BATCH_WIDTH), BATCH_LOAD(b + i + BATCH_WIDTH));             \
      s2 = step(s2, BATCH_LOAD(a + i + 2 * BATCH_WIDTH), BATCH_LOAD(b + i + 2 * BATCH_WIDTH));     \
      s3 = step(s3, BATCH_LOAD(a + i + 3 * BATCH_WIDTH), BATCH_LOAD(b + i + 3 * BATCH_WIDTH));     \
    }                                                                                              \
    for (; i + BATCH_WIDTH <= count; i += BATCH_WIDTH)                                             \
      s0 = step(s0, BATCH_LOAD(a + i), BATCH_LOAD(b + i));                                         \
    float sum = BATCH_SUM(BATCH_ADD(BATCH_ADD(s0, s1), BATCH_ADD(s2, s3)));                        \
    return i < count ? sum + name##_tail(a + i, b + i, count - i) : sum;                           \
  }

// What is left when the vector is no whole number of registers: fewer than BATCH_WIDTH floats.
#define TAILS(dot, l2)                                                                             \
  static inline float dot##_tail(const float *a, const float *b, size_t count) {                   \
    float sum = 0;                                                                                 \
    for (size_t i = 0; i < count; i++) sum += a[i] * b[i];                                         \
    return sum;                                                                                    \
  }                                                                                                \
  static inline float l2##_tail(const float *a, const float *b, size_t count) {                    \
    float sum = 0;                                                                                 \
    for (size_t i = 0; i < count; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);                       \
    return sum;                                                                                    \
  }
