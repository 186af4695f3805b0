// What the measured process needs to watch itself: a walk along its own frame pointers, the word
// that says whether waits are recorded, and (below) a signal handler that only copies.
#ifndef CSELFSAMPLER_H
#define CSELFSAMPLER_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// ---- Frame pointers ----

/// Writes the return addresses of the calling thread's frames, the innermost first, and answers
/// how many. It reads nothing outside the thread's own stack, whatever the frame pointer says.
int32_t vb_walk_frames(uint64_t *frames, int32_t capacity);

// ---- Waits ----

/// The number of the recording that is going on; zero when there is none.
extern uint32_t vb_wait_session_word;

/// One relaxed load: it orders nothing, and a wait that just misses a start or a stop may be lost.
static inline uint32_t vb_wait_session(void) {
  return __atomic_load_n(&vb_wait_session_word, __ATOMIC_RELAXED);
}

static inline void vb_set_wait_session(uint32_t session) {
  __atomic_store_n(&vb_wait_session_word, session, __ATOMIC_RELAXED);
}

/// Counts those who wait for a lock. Sequentially consistent, so that a holder that unlocks after
/// this sees it.
static inline void vb_add_waiter(int32_t *count, int32_t change) {
  __atomic_fetch_add(count, change, __ATOMIC_SEQ_CST);
}

static inline int32_t vb_waiter_count(const int32_t *count) {
  return __atomic_load_n(count, __ATOMIC_RELAXED);
}

/// Writes the calling thread's name, 15 bytes and a zero.
void vb_get_thread_name(char name[_Nonnull 16]);

#pragma clang assume_nonnull end
#endif
