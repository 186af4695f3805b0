// What the files of the shim share. Nothing here is seen by the program that is watched.
//
// Rules that all of it keeps, because it runs inside somebody else's malloc:
// - it never allocates, and never calls what may, unless `vb_inside` is set;
// - foreign code (the unwinder, the C library's thread keys) is never called with the lock held;
// - errno is as it was; no call is a cancellation point (raw system calls);
// - no descriptor stays open: programs close what they did not open.
#ifndef VB_SHIM_H
#define VB_SHIM_H

#include "CHeapShim.h"

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

#define VB_LIKELY(x) __builtin_expect(!!(x), 1)
#define VB_UNLIKELY(x) __builtin_expect(!!(x), 0)
// Initial-exec: the first look at such a variable must not allocate.
#define VB_THREAD __thread __attribute__((tls_model("initial-exec")))

// ---- Threads (Threads.c) ----

/// The counts of this thread, in the file; NULL until its first allocation, and when off.
extern VB_THREAD vb_heap_slot *vb_self;
/// This thread is at work in the shim: what it allocates is not the program's.
extern VB_THREAD int32_t vb_inside;
extern VB_THREAD int32_t vb_has_ended;

void vb_threads_open(void);
vb_heap_slot *vb_thread_attach(void);
/// After a fork: the caller counts in private memory until its first sample.
void vb_thread_orphan(void);
/// Draws the distance to the next sample.
void vb_start_countdown(vb_heap_slot *slot);
/// Whether a slot is in no file, or in the file of a parent.
int vb_is_foreign(const vb_heap_slot *slot);
/// All that was counted until now.
vb_heap_counts vb_threads_total(void);

// ---- Sampling (Sampling.c) ----

/// Returns `memory`, after noting it when it is this thread's turn.
void *vb_noticed(void *memory, size_t bytes, uint32_t call);
/// Counts a free of a thread that has no slot.
void vb_lone_free(void);
void vb_unwinder_open(void);
/// Nothing is recorded in this process, for good.
extern int32_t vb_is_unwatched;

// ---- Live samples (LiveSet.c) ----

enum { vb_bucket_slots = 8 };

/// Buckets of one cache line each. Whoever frees reads them without a lock: a table that has become
/// too small is left as it is, and never unmapped.
typedef struct {
  uint32_t shift;  ///< 64 minus the logarithm of the number of buckets
  uint64_t *keys;
  struct vb_live *values;
} vb_live_table;

typedef struct vb_live {
  uint64_t id;
} vb_live;

/// Never NULL: an unlikely way to the same end made clang take all of free for unlikely.
extern vb_live_table *volatile vb_live_now;

void vb_live_open(void);
/// From now on nothing is live, and nothing can be added.
void vb_live_close(void);
uint64_t vb_live_count(void);
/// Adds a sample, with the lock held; 0 when there is no room. `*replaced` is the id of a sample
/// that lived at the same address, or 0.
int vb_live_add(uint64_t address, uint64_t id, uint64_t *replaced);
/// Takes a sample out, with the lock held; its id, or 0 when there was none.
uint64_t vb_live_take(uint64_t address);

static inline size_t vb_bucket(const vb_live_table *table, uint64_t address) {
  return (size_t)((address >> 4) * 0x9E3779B97F4A7C15ull >> table->shift);
}

/// Whether the address belongs to a sample: one cache line is read.
static inline int vb_is_live(uint64_t address) {
  const vb_live_table *table = __atomic_load_n(&vb_live_now, __ATOMIC_ACQUIRE);
  const uint64_t *keys = table->keys + vb_bucket(table, address) * vb_bucket_slots;
  int found = 0;
  for (int index = 0; index < vb_bucket_slots; index++)
    found |= __atomic_load_n(&keys[index], __ATOMIC_RELAXED) == address;
  return found;
}

/// Takes a sample out when there is one; its id or 0. Cheap when there is none.
uint64_t vb_forget(void *memory);
/// Writes down that it was freed.
void vb_note_free(uint64_t id, uint32_t how);
/// The same with the lock held.
void vb_write_free(uint64_t id, uint32_t how);
/// Both, for what is freed for sure.
void vb_freed(void *memory, uint32_t how);
/// Puts it back, when the memory was not freed after all.
void vb_remember(void *memory, uint64_t id);

// ---- The file (Log.c) ----

/// What must not be shared with a forked child; the kernel wipes it there.
typedef struct {
  int32_t lock;
  int32_t is_open;
  int32_t is_full;
  vb_heap_header *header;
  uint64_t mapped, size;
  uint64_t next_sample;
  uint32_t next_stack, next_serial;
  char path[1024];
  uint64_t device, inode;
} vb_state;

/// NULL until the constructor has run, and for good when nothing is to be recorded.
extern vb_state *vb_log;
/// Whether allocations are sampled now. Not wiped: a child goes on like its parent.
extern int32_t vb_window;
extern uint64_t vb_mean;
extern uint32_t vb_flags;
extern uint64_t vb_seed;
/// How often this process forked: a seed is another one in each child.
extern uint32_t vb_forks;

int vb_log_open(const char *folder);
/// In a forked child: lets go of the parent's file. Its name stays unused until it samples.
void vb_log_leave(void);
void vb_lock(void);
void vb_unlock(void);
/// Room for a record, with the lock held; NULL when the file cannot grow. Room for a free of every
/// live sample always stays.
void *vb_log_room(uint32_t size);
/// Room for the free of a live sample, which never lacks.
void *vb_log_kept_room(uint32_t size);
/// Makes the record that `vb_log_room` gave part of the file.
void vb_log_commit(void *record, uint32_t kind, uint32_t size);
void vb_log_maps(void);
uint64_t vb_now(void);

// ---- Stacks (Stacks.c) ----

enum { vb_deepest = 128 };

void vb_stacks_open(void);
/// Learns which libraries are loaded, which the first snapshot shows.
void vb_libraries_open(void);
/// The number of a stack, with the lock held, written when it is new; 0 when there is no room.
uint32_t vb_stack_id(const uint64_t *addresses, uint32_t count, uint32_t is_cut);

// ---- Start and fork (Shim.c) ----

/// Reopens in a forked child; 0 when nothing can be recorded.
int vb_ready(void);

/// Anonymous memory of our own, zeroed; NULL when there is none.
void *vb_pages(size_t bytes);
void vb_unmap(void *pages, size_t bytes);

#pragma GCC visibility pop
#endif
