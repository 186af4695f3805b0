#define _GNU_SOURCE
#include "Shim.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>

// ---- Every stack once ----

typedef struct {
  uint64_t hash;
  uint64_t offset;  // of the record in the file; zero when the place is free
} entry;

typedef struct {
  uint32_t kind, size;
  uint32_t id, is_cut;
  uint64_t addresses[];
} stack_record;

static entry *entries;
static uint64_t entry_count, entry_room;

void vb_stacks_open(void) {
  if (entries != NULL) vb_unmap(entries, entry_room * sizeof(entry));
  entry_room = 1024;
  entry_count = 0;
  entries = vb_pages(entry_room * sizeof(entry));
}

static uint64_t hash_of(const uint64_t *addresses, uint32_t count) {
  uint64_t hash = count;
  for (uint32_t index = 0; index < count; index++) {
    hash = (hash ^ addresses[index]) * 0x9E3779B97F4A7C15ull;
    hash ^= hash >> 29;
  }
  return hash;
}

static void widen(void) {
  uint64_t room = entry_room * 2;
  entry *wider = vb_pages(room * sizeof(entry));
  if (wider == NULL) return;
  for (uint64_t index = 0; index < entry_room; index++) {
    if (entries[index].offset == 0) continue;
    uint64_t place = entries[index].hash & (room - 1);
    while (wider[place].offset != 0) place = (place + 1) & (room - 1);
    wider[place] = entries[index];
  }
  vb_unmap(entries, entry_room * sizeof(entry));
  entries = wider;
  entry_room = room;
}

// ---- Libraries that came later ----

// A library is known by where it lies and what it is called.
enum { known_room = 1024 };
static struct {
  uint64_t start, mark;
} known[known_room];

// glibc's answer of 2.35 and later; it takes no lock. Only its first words are of interest.
typedef struct {
  unsigned long long flags;
  void *start, *end;
  struct link_map *map;
  uint64_t rest[16];
} found_object;
static int (*find_object)(void *, found_object *);

// Answers whether a library is here that no snapshot has shown.
static int is_new_library(uint64_t address) {
  found_object found;
  if (find_object == NULL || find_object((void *)address, &found) != 0) return 0;
  uint64_t mark = hash_of((uint64_t[]){(uint64_t)found.start, (uint64_t)found.end}, 2);
  for (const char *name = found.map != NULL ? found.map->l_name : ""; *name != 0; name++)
    mark = (mark ^ (uint64_t)(unsigned char)*name) * 0x100000001B3ull;
  uint64_t start = (uint64_t)found.start;
  for (uint64_t step = 0; step < known_room; step++) {
    uint64_t at = ((start >> 12) + step) & (known_room - 1);
    if (known[at].start != 0 && known[at].start != start) continue;
    int is_new = known[at].mark != mark;
    known[at].start = start;
    known[at].mark = mark;
    return is_new;
  }
  return 0;
}

static int remember_library(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size, (void)data;
  for (int index = 0; index < info->dlpi_phnum; index++)
    if (info->dlpi_phdr[index].p_type == PT_LOAD && info->dlpi_phdr[index].p_flags & PF_X)
      (void)is_new_library(info->dlpi_addr + info->dlpi_phdr[index].p_vaddr);
  return 0;
}

void vb_libraries_open(void) {
  find_object = (int (*)(void *, found_object *))dlsym(RTLD_DEFAULT, "_dl_find_object");
  dl_iterate_phdr(remember_library, NULL);
}

static int has_new_library(const uint64_t *addresses, uint32_t count) {
  int is_new = 0;
  for (uint32_t index = 0; index < count; index++) is_new |= is_new_library(addresses[index]);
  return is_new;
}

// ---- Writing ----

static uint32_t write_stack(const uint64_t *addresses, uint32_t count, uint32_t is_cut,
                            entry *place, uint64_t hash) {
  uint32_t size = (uint32_t)sizeof(stack_record) + count * 8;
  stack_record *record = vb_log_room(size);
  if (record == NULL) return 0;
  record->id = ++vb_log->next_stack;
  record->is_cut = is_cut;
  memcpy(record->addresses, addresses, count * 8);
  if (place != NULL) {
    *place = (entry){hash, vb_log->header->used};
    entry_count++;
  }
  vb_log_commit(record, vb_heap_stack, size);
  return record->id;
}

uint32_t vb_stack_id(const uint64_t *addresses, uint32_t count, uint32_t is_cut) {
  uint64_t hash = hash_of(addresses, count);
  if (entries == NULL) return write_stack(addresses, count, is_cut, NULL, hash);
  if (entry_count * 2 >= entry_room) widen();
  uint32_t size = (uint32_t)sizeof(stack_record) + count * 8;
  uint64_t at = hash & (entry_room - 1);
  for (; entries[at].offset != 0; at = (at + 1) & (entry_room - 1)) {
    const stack_record *record =
        (const stack_record *)((uint8_t *)vb_log->header + entries[at].offset);
    if (entries[at].hash == hash && record->size == size && record->is_cut == is_cut &&
        memcmp(record->addresses, addresses, count * 8) == 0)
      return record->id;
  }
  if (has_new_library(addresses, count)) vb_log_maps();
  // A table that could not be widened keeps one place free, where searches end.
  return write_stack(addresses, count, is_cut, entry_count + 1 < entry_room ? &entries[at] : NULL,
                     hash);
}
