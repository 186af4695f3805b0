// Distances between float vectors, one set of functions per instruction set, and the few atomic
// operations that a graph with lock-free readers needs. No policy in here: who asks decides which
// set to use, once, before any loop.
//
// Every function's name carries its instruction set (vb_dot_avx2, vb_l2_batch_portable …), so that
// a profile says which one ran.
#ifndef CVECTORKERNELS_H
#define CVECTORKERNELS_H

#include <stddef.h>
#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "snapshots are written as they lie in memory, which must be little-endian"
#endif

#pragma clang assume_nonnull begin

/// One number from two vectors of `count` floats, at any alignment.
typedef float (*vb_pair_kernel)(const float *a, const float *b, size_t count);

/// Numbers from one query to many vectors of an arena: vector `s` starts at `arena + s * stride`.
/// Four vectors at a time, fetching the next four ahead.
typedef void (*vb_batch_kernel)(const float *query, const float *arena, size_t stride, size_t count,
                                const uint32_t *slots, size_t slot_count, float *out);

typedef struct {
  vb_pair_kernel _Nonnull dot;
  vb_pair_kernel _Nonnull l2; // squared
  vb_batch_kernel _Nonnull dot_batch;
  vb_batch_kernel _Nonnull l2_batch;
} vb_kernels;

enum { VB_PORTABLE = 0, VB_AVX2 = 1, VB_AVX512 = 2, VB_NEON = 3 };

/// 1 when this processor runs the variant, 0 when not.
int vb_variant_available(int variant);

/// The functions of a variant; the portable ones when it is not available.
vb_kernels vb_kernels_of(int variant);

/// A checksum of `count` bytes: each step is a bijection of what it reads, so that a change inside
/// one 8-byte word is always seen.
uint64_t vb_checksum(const void *bytes, size_t count);

/// A small number that stays the same for a thread; threads get different ones while few live.
uint32_t vb_thread_ordinal(void);

/// Lets another thread run.
void vb_yield(void);

static inline void vb_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

static inline void vb_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

static inline void vb_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

static inline uint8_t vb_load_acquire_8(const uint8_t *p) {
  return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}
static inline void vb_store_release_8(uint8_t *p, uint8_t value) {
  __atomic_store_n(p, value, __ATOMIC_RELEASE);
}
/// 1 when it was `expected` and now is `value`.
static inline int vb_swap_if_8(uint8_t *p, uint8_t expected, uint8_t value) {
  return __atomic_compare_exchange_n(p, &expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}
/// 1 when the lock byte was open and is ours now.
static inline int vb_try_lock_8(uint8_t *p) {
  return __atomic_exchange_n(p, (uint8_t)1, __ATOMIC_ACQUIRE) == 0;
}

static inline uint32_t vb_load_relaxed_32(const uint32_t *p) {
  return __atomic_load_n(p, __ATOMIC_RELAXED);
}
static inline void vb_store_release_32(uint32_t *p, uint32_t value) {
  __atomic_store_n(p, value, __ATOMIC_RELEASE);
}

static inline uint64_t vb_load_relaxed_64(const uint64_t *p) {
  return __atomic_load_n(p, __ATOMIC_RELAXED);
}
static inline uint64_t vb_load_ordered_64(const uint64_t *p) {
  return __atomic_load_n(p, __ATOMIC_SEQ_CST);
}
static inline void vb_store_relaxed_64(uint64_t *p, uint64_t value) {
  __atomic_store_n(p, value, __ATOMIC_RELAXED);
}
static inline void vb_store_release_64(uint64_t *p, uint64_t value) {
  __atomic_store_n(p, value, __ATOMIC_RELEASE);
}
/// 1 when it was `expected` and now is `value`.
static inline int vb_swap_if_64(uint64_t *p, uint64_t expected, uint64_t value) {
  return __atomic_compare_exchange_n(p, &expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

#pragma clang assume_nonnull end
#endif
