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

/// What the calling thread has waited since it was born, by kind (0 to 7), recorded or not.
void vb_note_own_wait(int32_t kind, uint64_t nanoseconds);
uint64_t vb_own_wait(int32_t kind);

// ---- Names of locks ----

/// Where a lock lies, and what it is called; an address of zero is a free place.
typedef struct {
  uint64_t address;
  const char *_Nullable name;
} vb_lock_name;

enum { vb_lock_names_capacity = 1024 };

/// What a watcher reads from outside, by this symbol: who waits at an address, waits for this lock.
extern vb_lock_name vb_lock_names[vb_lock_names_capacity];

/// Lists a lock until it is forgotten; `name` must stay. When the list is full it has no name.
void vb_lock_remember(uint64_t address, const char *name);
void vb_lock_forget(uint64_t address);

/// Writes the calling thread's name, 15 bytes and a zero.
void vb_get_thread_name(char name[_Nonnull 16]);

// ---- CPU, without privilege ----

/// One sample as the signal handler leaves it; `stack_bytes` bytes from the stack pointer on follow.
typedef struct {
  uint64_t cpu_time;  ///< what the thread had used by then, in nanoseconds
  int32_t tid;
  uint32_t stack_bytes;
  uint32_t register_count;
  uint32_t size;  ///< of the whole record, a multiple of eight
  uint64_t registers[33];  ///< in the order in which the kernel's samples have them
} vb_self_sample;

/// Memory that may be read as a stack, sorted by address.
typedef struct {
  uint64_t start, end;
} vb_self_region;

/// Makes SIGPROF copy registers and stack into `buffer`; nothing else happens in the handler.
/// Answers 0, or minus the error number. `buffer` must stay until after `vb_self_end`.
int vb_self_begin(uint8_t *buffer, size_t size, uint32_t stack_limit);

/// From now on stacks are copied up to the end of these regions. They must stay until the next call
/// and a while longer; a stack outside of them is copied to the end of its page.
void vb_self_set_regions(const vb_self_region *regions, size_t count);

/// Samples a thread of this process each time it has used `period` nanoseconds of CPU, as far as
/// the kernel's tick allows. Answers 0, or minus the error number.
int vb_self_watch(int32_t tid, uint64_t period, int32_t *timer);
void vb_self_unwatch(int32_t timer);

/// Waits for handlers that still copy and answers how many bytes were written; `dropped` is how
/// many samples found no room.
size_t vb_self_end(uint64_t *dropped);

/// What a thread of this process has used, in nanoseconds; 0 when it is gone.
uint64_t vb_thread_cpu(int32_t tid);

#pragma clang assume_nonnull end
#endif
