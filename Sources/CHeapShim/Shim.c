#define _GNU_SOURCE
#include "Shim.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char folder[1024];
// Set for good when a file could not be made: the program goes on as if nobody watched.
static int is_off;

// With the lock held, or alone.
static int open_all(void) {
  if (!vb_log_open(folder)) return 0;
  vb_live_open();
  vb_stacks_open();
  vb_threads_open();
  vb_log_maps();
  __atomic_store_n(&vb_log->is_open, 1, __ATOMIC_RELEASE);
  return 1;
}

int vb_ready(void) {
  if (VB_LIKELY(__atomic_load_n(&vb_log->is_open, __ATOMIC_ACQUIRE))) return 1;
  if (is_off) return 0;
  // A forked child at its first sample, or its first two at once.
  vb_lock();
  if (!vb_log->is_open && !open_all()) is_off = 1;
  vb_unlock();
  return !is_off;
}

static void before_fork(void) { __atomic_fetch_add(&vb_forks, 1, __ATOMIC_RELAXED); }

// The child shares the parent's file and must not touch it any more. It gets one of its own at its
// first sample: most children only start another program.
static void after_fork(void) {
  if (vb_log == NULL || is_off) return;
  vb_log_leave();
  vb_live_close();
  vb_thread_orphan();
}

static uint64_t number(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  if (text == NULL || *text < '0' || *text > '9') return otherwise;
  return strtoull(text, NULL, 10);
}

static int find_folder(void) {
  const char *given = getenv("VBENCH_HEAP_DIR");
  if (given == NULL || *given == 0) return 0;
  char *absolute = realpath(given, NULL);
  if (absolute == NULL) return 0;
  int fits = strlen(absolute) < sizeof folder - 64;
  if (fits) strcpy(folder, absolute);
  free(absolute);
  return fits;
}

__attribute__((constructor)) static void begin(void) {
  vb_inside = 1;
  if (find_folder()) {
    vb_mean = number("VBENCH_HEAP_MEAN", 512 << 10);
    if (vb_mean == 0) vb_mean = 1;
    vb_seed = number("VBENCH_HEAP_SEED", 0);
    if (number("VBENCH_HEAP_TRACE", 0) == 1) vb_flags |= vb_heap_traces;
    if (number("VBENCH_HEAP_WAIT", 0) == 1) vb_flags |= vb_heap_waits;
    vb_unwinder_open();
    vb_libraries_open();
    vb_state *state = vb_pages((sizeof *state + 4095) & ~4095ul);
    if (state != NULL) {
      // Children made without the C library's fork find zeros here, and no taken lock.
      madvise(state, (sizeof *state + 4095) & ~4095ul, MADV_WIPEONFORK);
      vb_window = !(vb_flags & vb_heap_waits);
      vb_log = state;
      if (open_all()) pthread_atfork(before_fork, NULL, after_fork);
      else vb_log = NULL;
    }
  }
  vb_is_unwatched = vb_log == NULL;
  vb_inside = 0;
}

// Other libraries go on allocating after this, and are still recorded.
__attribute__((destructor)) static void end(void) {
  if (vb_log == NULL || !vb_log->is_open) return;
  vb_lock();
  vb_log_maps();
  vb_log->header->has_exited = 1;
  vb_unlock();
}

// ---- The window ----

typedef struct {
  uint32_t kind, size;
  uint64_t time, is_begin;
  vb_heap_counts counts;
} window_record;

static void note_window(int32_t is_open) {
  if (vb_log == NULL) return;
  vb_inside++;
  if (vb_ready()) {
    vb_lock();
    __atomic_store_n(&vb_window, is_open, __ATOMIC_RELAXED);
    window_record *record = vb_log_room(sizeof *record);
    if (record != NULL) {
      record->time = vb_now();
      record->is_begin = (uint64_t)is_open;
      record->counts = vb_threads_total();
      vb_log_commit(record, vb_heap_window, sizeof *record);
    }
    vb_unlock();
  }
  vb_inside--;
}

void vbench_heap_begin(void) { note_window(1); }
void vbench_heap_end(void) { note_window(0); }
