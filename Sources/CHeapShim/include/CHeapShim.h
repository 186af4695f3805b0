// A library to be preloaded into a program (LD_PRELOAD): it stands in front of malloc and its
// family, counts every call, and notes a random few with their stacks in a file.
//
// VBENCH_HEAP_DIR    the folder for the file `heap.PID`; without it nothing is recorded
// VBENCH_HEAP_MEAN   bytes between two samples on average, 524288 when not given
// VBENCH_HEAP_WAIT   1: nothing is sampled before vbench_heap_begin()
// VBENCH_HEAP_TRACE  1: every allocation is a sample
// VBENCH_HEAP_SEED   a number: the same program then gives the same samples, as far as it can
//
// The file, all numbers little-endian; `Sources/Sampling/Heap` reads it:
//
//   0     vb_heap_header, then zeros up to byte 4096
//   4096  records, one behind the other: u32 kind, u32 size (a multiple of 8), then its fields.
//         A kind of zero ends the file. The kind is written last, so a killed process leaves whole
//         records only.
//
//   1 maps    u64 time, u64 length, /proc/self/maps as a text. It holds for the stacks after it.
//   2 stack   u32 id, u32 1 when cut short, then addresses of 8 bytes, the caller of malloc first
//   3 thread  u32 serial, i32 tid, char name[16]; again when the name changes
//   4 sample  u64 id, u64 time, u64 bytes, u32 thread, u32 stack, u32 call, u32 zero
//   5 free    u64 id, u64 time, u32 thread, u32 how: see vb_heap_freed
//   6 slots   u64 place of the slots before these or 0, then, from the next multiple of 128 in the
//             file on, vb_heap_slot [64]: the counts of threads, changing while they run
//   7 window  u64 time, u64 1 for begin and 0 for end, then the four counts up to now
#ifndef CHEAPSHIM_H
#define CHEAPSHIM_H

#include <stdint.h>

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

enum { vb_heap_version = 1, vb_heap_header_size = 4096, vb_heap_slots_in_chunk = 64 };

enum vb_heap_record {
  vb_heap_maps = 1, vb_heap_stack, vb_heap_thread, vb_heap_sample, vb_heap_free, vb_heap_slots,
  vb_heap_window
};

/// Which function gave the memory.
enum vb_heap_call {
  vb_heap_malloc, vb_heap_calloc, vb_heap_realloc, vb_heap_memalign, vb_heap_aligned_alloc,
  vb_heap_posix_memalign, vb_heap_valloc, vb_heap_pvalloc, vb_heap_reallocarray
};

/// Bits of a free: no other allocation of the thread lay in between; nobody was seen to free it, but
/// its address was given out again.
enum vb_heap_freed { vb_heap_temporary = 1, vb_heap_unseen = 2 };

/// Bits of a header.
enum vb_heap_flags { vb_heap_traces = 1, vb_heap_waits = 2, vb_heap_without_unwinder = 4 };

typedef struct {
  uint64_t allocations, bytes, frees, temporaries;
} vb_heap_counts;

typedef struct {
  char magic[8];  ///< "VBHEAP1\n"
  uint32_t version, header_size;
  int32_t pid, parent;
  uint64_t mean;
  uint32_t flags;
  uint32_t has_exited;  ///< 1 when the process went the ordinary way
  uint64_t started, started_wall;  ///< nanoseconds: CLOCK_MONOTONIC, CLOCK_REALTIME
  uint64_t used;  ///< the end of the last record, from the start of the file
  vb_heap_counts ended;  ///< of threads that are gone, and of what nobody's slot could take
  uint64_t samples, dropped;
  char program[256];
} vb_heap_header;

/// What one thread counted: `bytes - left` is what it was given.
typedef struct {
  int64_t left;  ///< bytes until its next sample
  vb_heap_counts counts;
  uint64_t last;  ///< the address it was given last
  uint64_t random;
  uint32_t serial;
  int32_t tid;
  char name[16];
  uint64_t next_free, reserved[5];
} vb_heap_slot;

/// Opens and closes the window in which allocations are sampled. Without VBENCH_HEAP_WAIT it is
/// open from the start. A host finds them with dlsym.
__attribute__((visibility("default"))) void vbench_heap_begin(void);
__attribute__((visibility("default"))) void vbench_heap_end(void);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif
#endif
