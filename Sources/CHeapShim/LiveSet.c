#define _GNU_SOURCE
#include "Shim.h"

// Grown when a bucket holds one on average, so that a full bucket is one in a million.
enum { first_bits = 8, most_bits = 20 };

// Two buckets where nothing is ever found.
static uint64_t no_keys[2 * vb_bucket_slots];
static vb_live_table nothing = {63, no_keys, NULL};

vb_live_table *volatile vb_live_now = &nothing;
static uint64_t live;

static size_t table_bytes(uint32_t bits) {
  size_t slots = ((size_t)1 << bits) * vb_bucket_slots;
  return 4096 + slots * (sizeof(uint64_t) + sizeof(vb_live));
}

static vb_live_table *make_table(uint32_t bits) {
  uint8_t *memory = vb_pages(table_bytes(bits));
  if (memory == NULL) return NULL;
  vb_live_table *table = (vb_live_table *)memory;
  table->shift = 64 - bits;
  table->keys = (uint64_t *)(memory + 4096);
  table->values = (vb_live *)(table->keys + ((size_t)1 << bits) * vb_bucket_slots);
  return table;
}

void vb_live_open(void) {
  live = 0;
  vb_live_table *table = make_table(first_bits);
  if (table != NULL) __atomic_store_n(&vb_live_now, table, __ATOMIC_RELEASE);
}

void vb_live_close(void) {
  live = 0;
  __atomic_store_n(&vb_live_now, &nothing, __ATOMIC_RELEASE);
}

uint64_t vb_live_count(void) { return live; }

static size_t find(const vb_live_table *table, uint64_t address, uint64_t key) {
  size_t first = vb_bucket(table, address) * vb_bucket_slots;
  for (size_t place = first; place < first + vb_bucket_slots; place++)
    if (table->keys[place] == key) return place;
  return SIZE_MAX;
}

static int place(vb_live_table *table, uint64_t address, uint64_t id) {
  size_t at = find(table, address, 0);
  if (at == SIZE_MAX) return 0;
  table->values[at].id = id;
  // The program itself orders this before any free of the address.
  __atomic_store_n(&table->keys[at], address, __ATOMIC_RELEASE);
  return 1;
}

static int grow(void) {
  const vb_live_table *old = vb_live_now;
  uint32_t bits = 64 - old->shift;
  while (bits < most_bits) {
    bits++;
    vb_live_table *table = make_table(bits);
    if (table == NULL) return 0;
    size_t slots = ((size_t)1 << (64 - old->shift)) * vb_bucket_slots, index = 0;
    while (index < slots &&
           (old->keys[index] == 0 || place(table, old->keys[index], old->values[index].id)))
      index++;
    if (index == slots) {
      __atomic_store_n(&vb_live_now, table, __ATOMIC_RELEASE);
      return 1;
    }
    vb_unmap(table, table_bytes(bits));
  }
  return 0;
}

int vb_live_add(uint64_t address, uint64_t id, uint64_t *replaced) {
  *replaced = 0;
  vb_live_table *table = vb_live_now;
  if (table == &nothing) return 0;
  size_t known = find(table, address, address);
  if (known != SIZE_MAX) {
    *replaced = table->values[known].id;
    table->values[known].id = id;
    return 1;
  }
  if (live >> (64 - table->shift) != 0) (void)grow();
  while (!place(vb_live_now, address, id))
    if (!grow()) return 0;
  live++;
  return 1;
}

uint64_t vb_live_take(uint64_t address) {
  vb_live_table *table = vb_live_now;
  size_t at = find(table, address, address);
  if (at == SIZE_MAX) return 0;
  uint64_t id = table->values[at].id;
  __atomic_store_n(&table->keys[at], 0, __ATOMIC_RELEASE);
  live--;
  return id;
}

// ---- For those who free ----

typedef struct {
  uint32_t kind, size;
  uint64_t id, time;
  uint32_t thread, how;
} free_record;

// The room for the record of a free is kept from the moment of the sample on.
void vb_write_free(uint64_t id, uint32_t how) {
  free_record *record = vb_log_kept_room(sizeof *record);
  if (record == NULL) return;
  record->id = id;
  record->time = vb_now();
  record->thread = vb_self ? vb_self->serial : 0;
  record->how = how;
  vb_log_commit(record, vb_heap_free, sizeof *record);
}

uint64_t vb_forget(void *memory) {
  if (VB_LIKELY(!vb_is_live((uint64_t)memory))) return 0;
  // A forked child knows nothing of its parent's samples.
  if (vb_log == NULL || !vb_log->is_open) return 0;
  vb_lock();
  uint64_t id = vb_live_take((uint64_t)memory);
  vb_unlock();
  return id;
}

void vb_note_free(uint64_t id, uint32_t how) {
  vb_lock();
  vb_write_free(id, how);
  vb_unlock();
}

__attribute__((noinline)) void vb_freed(void *memory, uint32_t how) {
  uint64_t id = vb_forget(memory);
  if (id != 0) vb_note_free(id, how);
}

void vb_remember(void *memory, uint64_t id) {
  uint64_t replaced;
  vb_lock();
  (void)vb_live_add((uint64_t)memory, id, &replaced);
  vb_unlock();
}
