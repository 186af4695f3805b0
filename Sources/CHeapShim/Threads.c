#define _GNU_SOURCE
#include "Shim.h"

#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// A thread counts in a slot in the file, so that even a killed process leaves what it counted.
// Slots come in chunks that are records like others, and go to the next thread when one ends.
typedef struct {
  uint32_t kind, size;
  uint64_t before;  // the chunk before this one, from the start of the file
  uint8_t room[(vb_heap_slots_in_chunk + 1) * sizeof(vb_heap_slot)];
} chunk;

_Static_assert(sizeof(vb_heap_slot) == 128, "two cache lines, for processors that fetch pairs");

// No two threads share a cache line.
static vb_heap_slot *slots_of(chunk *place) {
  return (vb_heap_slot *)(((uint64_t)place->room + 127) & ~(uint64_t)127);
}

VB_THREAD vb_heap_slot *vb_self;
VB_THREAD int32_t vb_inside;
VB_THREAD int32_t vb_has_ended;

static uint64_t last_chunk;  // from the start of the file
static vb_heap_slot *free_slots;
static pthread_key_t ending;
static int has_key;
// The only thread of a forked child counts here until its first sample.
static vb_heap_slot orphan;

static void detach(void *slot);

void vb_threads_open(void) {
  last_chunk = 0;
  free_slots = NULL;
  if (!has_key) has_key = pthread_key_create(&ending, detach) == 0;
}

// ---- The distance to the next sample ----

// xorshift64*: the shim has 64 bits of state for each thread and needs no better.
static uint64_t draw(uint64_t *state) {
  uint64_t x = *state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return x * 0x2545F4914F6CDD1Dull;
}

// The natural logarithm of a number in (0, 1], to twelve digits: the C library's is in another
// library, which a preloaded one must not bring along.
static double logarithm(double u) {
  uint64_t bits;
  memcpy(&bits, &u, 8);
  int exponent = (int)(bits >> 52) - 1023;
  bits = (bits & 0x000FFFFFFFFFFFFFull) | 0x3FF0000000000000ull;
  double m;
  memcpy(&m, &bits, 8);
  if (m > 1.4142135623730951) {
    m /= 2;
    exponent++;
  }
  double z = (m - 1) / (m + 1), square = z * z, sum = 0;
  for (int power = 15; power >= 1; power -= 2) sum = sum * square + 1.0 / power;
  return 2 * z * sum + exponent * 0.6931471805599453;
}

static int64_t draw_gap(vb_heap_slot *slot) {
  if (vb_flags & vb_heap_traces) return -1;
  double u = (double)((draw(&slot->random) >> 11) + 1) * 0x1p-53;
  return (int64_t)(-logarithm(u) * (double)vb_mean);
}

// The count of bytes is `bytes - left`, so both move together.
void vb_start_countdown(vb_heap_slot *slot) {
  int64_t gap = draw_gap(slot);
  slot->counts.bytes += (uint64_t)(gap - slot->left);
  slot->left = gap;
}

// ---- Slots ----

static int add_chunk(void) {
  uint64_t used = vb_log->header->used;
  chunk *made = vb_log_room(sizeof *made);
  if (made == NULL) return 0;
  made->before = last_chunk;
  last_chunk = used;
  vb_log_commit(made, vb_heap_slots, sizeof *made);
  for (int index = vb_heap_slots_in_chunk - 1; index >= 0; index--) {
    slots_of(made)[index].next_free = (uint64_t)free_slots;
    free_slots = &slots_of(made)[index];
  }
  return 1;
}

static uint64_t seed(uint32_t serial, int32_t tid) {
  uint64_t mixed = vb_seed != 0 ? vb_seed + serial + ((uint64_t)vb_forks << 32)
                                : vb_now() ^ (uint64_t)tid << 40;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9ull;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBull;
  mixed ^= mixed >> 31;
  return mixed != 0 ? mixed : 1;
}

static vb_heap_slot *take_slot(void) {
  vb_heap_slot *slot = NULL;
  vb_lock();
  if (free_slots != NULL || add_chunk()) {
    slot = free_slots;
    free_slots = (vb_heap_slot *)slot->next_free;
    memset(slot, 0, sizeof *slot);
    slot->serial = ++vb_log->next_serial;
  }
  vb_unlock();
  if (slot == NULL) return NULL;
  slot->tid = (int32_t)syscall(SYS_gettid);
  slot->random = seed(slot->serial, slot->tid);
  return slot;
}

vb_heap_slot *vb_thread_attach(void) {
  if (vb_has_ended) return NULL;
  vb_heap_slot *slot = take_slot();
  if (slot == NULL) return NULL;
  if (vb_self == &orphan) {
    slot->counts = orphan.counts;
    slot->left = orphan.left;
    slot->last = orphan.last;
  } else {
    vb_start_countdown(slot);
  }
  vb_self = slot;
  if (has_key) pthread_setspecific(ending, slot);
  return slot;
}

void vb_thread_orphan(void) {
  vb_heap_slot *before = vb_self;
  memset(&orphan, 0, sizeof orphan);
  orphan.random = seed(0, (int32_t)getpid());
  vb_start_countdown(&orphan);
  vb_self = before != NULL ? &orphan : NULL;
  if (has_key) pthread_setspecific(ending, NULL);
}

static void add(vb_heap_counts *sum, const vb_heap_slot *slot) {
  __atomic_fetch_add(&sum->allocations, slot->counts.allocations, __ATOMIC_RELAXED);
  __atomic_fetch_add(&sum->bytes, slot->counts.bytes - (uint64_t)slot->left, __ATOMIC_RELAXED);
  __atomic_fetch_add(&sum->frees, slot->counts.frees, __ATOMIC_RELAXED);
  __atomic_fetch_add(&sum->temporaries, slot->counts.temporaries, __ATOMIC_RELAXED);
}

int vb_is_foreign(const vb_heap_slot *slot) {
  uint64_t start = (uint64_t)vb_log->header;
  return (uint64_t)slot < start || (uint64_t)slot - start >= vb_log->mapped;
}

// The thread is going. What its last destructors still do is counted, but never sampled.
static void detach(void *ended) {
  vb_heap_slot *slot = ended;
  if (vb_log == NULL || !vb_log->is_open || slot != vb_self) return;
  vb_self = NULL;
  vb_has_ended = 1;
  vb_lock();
  add(&vb_log->header->ended, slot);
  memset(slot, 0, sizeof *slot);
  slot->next_free = (uint64_t)free_slots;
  free_slots = slot;
  vb_unlock();
}

vb_heap_counts vb_threads_total(void) {
  vb_heap_counts sum = vb_log->header->ended;
  for (uint64_t at = last_chunk; at != 0;) {
    chunk *place = (chunk *)((uint8_t *)vb_log->header + at);
    for (int index = 0; index < vb_heap_slots_in_chunk; index++) add(&sum, &slots_of(place)[index]);
    at = place->before;
  }
  return sum;
}
