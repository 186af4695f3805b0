#include "Variants.h"

#include <sched.h>
#include <string.h>

int vb_variant_available(int variant) {
  switch (variant) {
  case VB_PORTABLE:
    return 1;
#if defined(__x86_64__)
  case VB_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case VB_AVX512:
    return __builtin_cpu_supports("avx512f") != 0;
#elif defined(__aarch64__)
  case VB_NEON:
    return 1;
#endif
  default:
    return 0;
  }
}

vb_kernels vb_kernels_of(int variant) {
  if (!vb_variant_available(variant)) return VB_SET(portable);
  switch (variant) {
#if defined(__x86_64__)
  case VB_AVX2:
    return VB_SET(avx2);
  case VB_AVX512:
    return VB_SET(avx512);
#elif defined(__aarch64__)
  case VB_NEON:
    return VB_SET(neon);
#endif
  default:
    return VB_SET(portable);
  }
}

// Four lanes, so that the multiplications of neighboring words do not wait for each other. Each
// step (xor, odd multiplication, rotation) can be undone, hence two inputs that differ in one word
// end in different lanes, and the final mix keeps lanes apart.
#define LANE_PRIME 0x9E3779B97F4A7C15ull
#define MIX_PRIME 0xD6E8FEB86659FD93ull

static inline uint64_t lane_step(uint64_t lane, uint64_t word) {
  lane = (lane ^ word) * LANE_PRIME;
  return (lane << 29) | (lane >> 35);
}

static inline uint64_t word_at(const unsigned char *p) {
  uint64_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

uint64_t vb_checksum(const void *bytes, size_t count) {
  const unsigned char *p = bytes;
  uint64_t a = count, b = 1, c = 2, d = 3;
  size_t left = count;
  for (; left >= 32; p += 32, left -= 32) {
    a = lane_step(a, word_at(p));
    b = lane_step(b, word_at(p + 8));
    c = lane_step(c, word_at(p + 16));
    d = lane_step(d, word_at(p + 24));
  }
  for (; left >= 8; p += 8, left -= 8) a = lane_step(a, word_at(p));
  uint64_t tail = 0;
  memcpy(&tail, p, left);
  a = lane_step(a, tail);
  uint64_t all = lane_step(lane_step(lane_step(a, b), c), d);
  all = (all ^ (all >> 32)) * MIX_PRIME;
  return all ^ (all >> 32);
}

uint32_t vb_thread_ordinal(void) {
  static uint32_t threads = 0;
  static _Thread_local uint32_t ordinal = 0; // 0: not given yet
  if (ordinal == 0) ordinal = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
  return ordinal;
}

void vb_yield(void) { sched_yield(); }
