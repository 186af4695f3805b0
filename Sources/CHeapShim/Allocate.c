#define _GNU_SOURCE
#include "Shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

// Who really allocates: the next in line, which is the C library or the allocator the program
// brought along. Its other functions (malloc_usable_size, mallctl) then see their own memory.
//
// The pointers begin at functions that look the others up, so that a call costs no question.

static void *first_malloc(size_t bytes);
static void *first_calloc(size_t count, size_t bytes);
static void *first_realloc(void *memory, size_t bytes);
static void *first_memalign(size_t alignment, size_t bytes);
static void first_free(void *memory);

static void *(*next_malloc)(size_t) = first_malloc;
static void *(*next_calloc)(size_t, size_t) = first_calloc;
static void *(*next_realloc)(void *, size_t) = first_realloc;
static void *(*next_memalign)(size_t, size_t) = first_memalign;
static void (*next_free)(void *) = first_free;

// ---- While looking up: older dlsym allocates ----

static _Alignas(64) char arena[32768];
static size_t arena_used;

static int is_in_arena(const void *memory) {
  return (const char *)memory >= arena && (const char *)memory < arena + sizeof arena;
}

static void *arena_memalign(size_t alignment, size_t bytes) {
  if (alignment < 16) alignment = 16;
  // The length stands in front, for a realloc that comes later.
  size_t start = (arena_used + 16 + alignment - 1) & ~(alignment - 1);
  if (bytes > sizeof arena || start + bytes > sizeof arena) return NULL;
  memcpy(arena + start - 8, &bytes, 8);
  arena_used = start + bytes;
  return arena + start;
}

static void *arena_malloc(size_t bytes) { return arena_memalign(16, bytes); }

// The arena is zeros and gives nothing out twice.
static void *arena_calloc(size_t count, size_t bytes) {
  size_t all;
  return __builtin_mul_overflow(count, bytes, &all) ? NULL : arena_malloc(all);
}

static void (*true_free)(void *);
static void *(*true_realloc)(void *, size_t);

static void careful_free(void *memory) {
  if (!is_in_arena(memory) && true_free != NULL) true_free(memory);
}

static void *careful_realloc(void *memory, size_t bytes) {
  if (!is_in_arena(memory) && true_realloc != NULL) return true_realloc(memory, bytes);
  void *moved = next_malloc(bytes);
  if (moved == NULL || memory == NULL) return moved;
  size_t length;
  memcpy(&length, (char *)memory - 8, 8);
  return memcpy(moved, memory, length < bytes ? length : bytes);
}

static void look_up(void) {
  next_malloc = arena_malloc;
  next_calloc = arena_calloc;
  next_memalign = arena_memalign;
  next_free = careful_free;
  next_realloc = careful_realloc;
  void *(*found_malloc)(size_t) = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
  void *(*found_calloc)(size_t, size_t) = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
  void *(*found_memalign)(size_t, size_t) = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "memalign");
  true_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
  true_free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
  if (found_malloc == NULL || found_calloc == NULL || found_memalign == NULL ||
      true_realloc == NULL || true_free == NULL)
    _exit(127);  // not a C library that we know
  next_malloc = found_malloc;
  next_calloc = found_calloc;
  next_memalign = found_memalign;
  if (arena_used > 0) return;
  next_free = true_free;
  next_realloc = true_realloc;
}

static void *first_malloc(size_t bytes) { return look_up(), next_malloc(bytes); }
static void *first_calloc(size_t count, size_t bytes) { return look_up(), next_calloc(count, bytes); }
static void *first_realloc(void *memory, size_t bytes) {
  return look_up(), next_realloc(memory, bytes);
}
static void *first_memalign(size_t alignment, size_t bytes) {
  return look_up(), next_memalign(alignment, bytes);
}
static void first_free(void *memory) {
  look_up();
  next_free(memory);
}

// ---- What the program calls ----

#define EXPORT __attribute__((visibility("default"), used))

// Three numbers in one cache line of this thread's own; the rest is done once in a mean.
static inline __attribute__((always_inline)) void *given(void *memory, size_t bytes, uint32_t call) {
  vb_heap_slot *self = vb_self;
  if (VB_LIKELY(self != NULL && memory != NULL)) {
    self->counts.allocations++;
    self->last = (uint64_t)memory;
    if (VB_LIKELY((self->left -= (int64_t)bytes) >= 0)) return memory;
  }
  return vb_noticed(memory, bytes, call);
}

// Before the memory is given back: a moment later it may be somebody else's.
static inline __attribute__((always_inline)) void taken(void *memory) {
  uint32_t how = 0;
  vb_heap_slot *self = vb_self;
  if (VB_LIKELY(self != NULL)) {
    self->counts.frees++;
    if (self->last == (uint64_t)memory) {
      self->counts.temporaries++;
      self->last = 0;
      how = vb_heap_temporary;
    }
  } else {
    vb_lone_free();
  }
  if (VB_UNLIKELY(vb_is_live((uint64_t)memory))) vb_freed(memory, how);
}

EXPORT void *malloc(size_t bytes) { return given(next_malloc(bytes), bytes, vb_heap_malloc); }

EXPORT void free(void *memory) {
  if (memory == NULL) return;
  taken(memory);
  next_free(memory);
}

EXPORT void *calloc(size_t count, size_t bytes) {
  return given(next_calloc(count, bytes), count * bytes, vb_heap_calloc);
}

// A free and an allocation, even where the memory stays in place.
static void *resize(void *memory, size_t bytes, uint32_t call) {
  if (memory == NULL) return given(next_realloc(NULL, bytes), bytes, call);
  uint64_t sample = vb_forget(memory);
  void *moved = next_realloc(memory, bytes);
  if (moved == NULL && bytes != 0) {
    if (sample != 0) vb_remember(memory, sample);
    return NULL;
  }
  if (sample != 0) vb_note_free(sample, 0);
  if (vb_self != NULL) vb_self->counts.frees++;
  else vb_lone_free();
  return given(moved, bytes, call);
}

EXPORT void *realloc(void *memory, size_t bytes) { return resize(memory, bytes, vb_heap_realloc); }

EXPORT void *reallocarray(void *memory, size_t count, size_t bytes) {
  size_t all;
  if (!__builtin_mul_overflow(count, bytes, &all)) return resize(memory, all, vb_heap_reallocarray);
  errno = ENOMEM;
  return NULL;
}

// All of these through memalign, which every allocator has.

EXPORT void *memalign(size_t alignment, size_t bytes) {
  return given(next_memalign(alignment, bytes), bytes, vb_heap_memalign);
}

EXPORT void *aligned_alloc(size_t alignment, size_t bytes) {
  return given(next_memalign(alignment, bytes), bytes, vb_heap_aligned_alloc);
}

EXPORT int posix_memalign(void **result, size_t alignment, size_t bytes) {
  if (alignment == 0 || alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0)
    return EINVAL;
  int saved = errno;
  void *memory = given(next_memalign(alignment, bytes), bytes, vb_heap_posix_memalign);
  errno = saved;
  if (memory == NULL) return ENOMEM;
  *result = memory;
  return 0;
}

static size_t page(void) { return (size_t)sysconf(_SC_PAGESIZE); }

EXPORT void *valloc(size_t bytes) {
  return given(next_memalign(page(), bytes), bytes, vb_heap_valloc);
}

EXPORT void *pvalloc(size_t bytes) {
  size_t all;
  if (__builtin_add_overflow(bytes, page() - 1, &all)) {
    errno = ENOMEM;
    return NULL;
  }
  all &= ~(page() - 1);
  return given(next_memalign(page(), all), all, vb_heap_pvalloc);
}
