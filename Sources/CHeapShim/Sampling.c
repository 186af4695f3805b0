#define _GNU_SOURCE
#include "Shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// ---- Stacks ----

// Of libgcc_s, which every program with exceptions has; loaded by the constructor, so that nothing
// is loaded in the middle of somebody's malloc. From glibc 2.35 on it takes no lock.
struct _Unwind_Context;
typedef int (*trace_step)(struct _Unwind_Context *, void *);
static int (*unwind)(trace_step, void *);
static uintptr_t (*address_of)(struct _Unwind_Context *, int *);

// Our own code, which no stack shows.
static uint64_t own_start, own_end;

static int find_own(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size, (void)data;
  for (int index = 0; index < info->dlpi_phnum; index++) {
    if (info->dlpi_phdr[index].p_type != PT_LOAD || !(info->dlpi_phdr[index].p_flags & PF_X))
      continue;
    uint64_t start = info->dlpi_addr + info->dlpi_phdr[index].p_vaddr;
    uint64_t end = start + info->dlpi_phdr[index].p_memsz;
    if ((uint64_t)find_own < start || (uint64_t)find_own >= end) continue;
    own_start = start;
    own_end = end;
    return 1;
  }
  return 0;
}

typedef struct {
  uint64_t addresses[vb_deepest];
  uint32_t count, is_cut;
} stack;

static int take_frame(struct _Unwind_Context *context, void *data) {
  stack *taken = data;
  int is_exact = 0;
  uint64_t address = address_of(context, &is_exact);
  if (address == 0) return 5;  // the end of the stack
  if (taken->count == 0 && address >= own_start && address < own_end) return 0;
  if (taken->count == vb_deepest) {
    taken->is_cut = 1;
    return 5;
  }
  // A return address lies behind its call.
  taken->addresses[taken->count++] = is_exact ? address : address - 1;
  return 0;
}

void vb_unwinder_open(void) {
  dl_iterate_phdr(find_own, NULL);
  void *library = dlopen("libgcc_s.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library != NULL) {
    address_of = (uintptr_t (*)(struct _Unwind_Context *, int *))dlsym(library, "_Unwind_GetIPInfo");
    unwind = (int (*)(trace_step, void *))dlsym(library, "_Unwind_Backtrace");
  }
  if (address_of == NULL || unwind == NULL) {
    unwind = NULL;
    vb_flags |= vb_heap_without_unwinder;
    return;
  }
  // Once now, for what it prepares at its first call.
  stack first;
  first.count = first.is_cut = 0;
  unwind(take_frame, &first);
}

// ---- Samples ----

typedef struct {
  uint32_t kind, size;
  uint32_t serial;
  int32_t tid;
  char name[16];
} thread_record;

typedef struct {
  uint32_t kind, size;
  uint64_t id, time, bytes;
  uint32_t thread, stack, call, zero;
} sample_record;

// Programs name their threads after they have started.
static void note_name(vb_heap_slot *slot) {
  char name[16];
  memset(name, 0, sizeof name);
  prctl(PR_GET_NAME, name, 0, 0, 0);
  if (memcmp(name, slot->name, sizeof name) == 0) return;
  thread_record *record = vb_log_room(sizeof *record);
  if (record == NULL) return;
  memcpy(slot->name, name, sizeof name);
  record->serial = slot->serial;
  record->tid = slot->tid;
  memcpy(record->name, name, sizeof name);
  vb_log_commit(record, vb_heap_thread, sizeof *record);
}

// With the lock held. The stack first: a sample never names what is not in the file.
static int write_sample(vb_heap_slot *slot, uint64_t address, uint64_t bytes, uint32_t call,
                        const stack *taken) {
  note_name(slot);
  uint32_t stack_id = vb_stack_id(taken->addresses, taken->count, taken->is_cut);
  sample_record *record = stack_id != 0 ? vb_log_room(sizeof *record) : NULL;
  if (record == NULL) return 0;
  uint64_t replaced, id = vb_log->next_sample + 1;
  if (!vb_live_add(address, id, &replaced)) return 0;
  vb_log->next_sample = id;
  record->id = id;
  record->time = vb_now();
  record->bytes = bytes;
  record->thread = slot->serial;
  record->stack = stack_id;
  record->call = call;
  record->zero = 0;
  vb_log_commit(record, vb_heap_sample, sizeof *record);
  if (replaced != 0) vb_write_free(replaced, vb_heap_unseen);
  return 1;
}

static void sample(vb_heap_slot *slot, void *memory, uint64_t bytes, uint32_t call) {
  vb_start_countdown(slot);
  if (!__atomic_load_n(&vb_window, __ATOMIC_RELAXED)) return;
  stack taken;
  taken.count = taken.is_cut = 0;
  if (unwind != NULL) unwind(take_frame, &taken);
  vb_lock();
  uint64_t *count = write_sample(slot, (uint64_t)memory, bytes, call, &taken)
                        ? &vb_log->header->samples
                        : &vb_log->header->dropped;
  ++*count;
  vb_unlock();
}

// Of a thread on its last way, or one that found no slot.
static void count_without_slot(uint64_t bytes) {
  vb_heap_counts *sum = &vb_log->header->ended;
  __atomic_fetch_add(&sum->allocations, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&sum->bytes, bytes, __ATOMIC_RELAXED);
}

// Where nothing is recorded, a thread counts for nobody, and never comes here again.
int32_t vb_is_unwatched;
static VB_THREAD vb_heap_slot nobody;

static int is_watched(void) {
  if (vb_log != NULL) return !vb_inside;
  if (!vb_is_unwatched) return 0;
  nobody.left = INT64_MAX;
  vb_self = &nobody;
  return 0;
}

__attribute__((noinline)) void vb_lone_free(void) {
  if (!is_watched()) return;
  int saved = errno;
  vb_inside = 1;
  if (vb_ready()) {
    vb_heap_slot *slot = vb_thread_attach();
    if (slot != NULL) slot->counts.frees++;
    else __atomic_fetch_add(&vb_log->header->ended.frees, 1, __ATOMIC_RELAXED);
  }
  vb_inside = 0;
  errno = saved;
}

__attribute__((noinline)) void *vb_noticed(void *memory, size_t bytes, uint32_t call) {
  if (memory == NULL || !is_watched()) return memory;
  int saved = errno;
  vb_inside = 1;
  if (vb_ready()) {
    vb_heap_slot *slot = vb_self;
    if (slot == NULL) {
      slot = vb_thread_attach();
      if (slot != NULL) {
        slot->counts.allocations++;
        slot->last = (uint64_t)memory;
        slot->left -= (int64_t)bytes;
      }
    } else if (vb_is_foreign(slot)) {
      slot = vb_thread_attach();
    }
    if (slot == NULL) count_without_slot(bytes);
    else if (slot->left < 0) sample(slot, memory, bytes, call);
  }
  vb_inside = 0;
  errno = saved;
  return memory;
}
