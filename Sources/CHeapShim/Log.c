#define _GNU_SOURCE
#include "Shim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Address space for the file to grow into, and how much it grows at a time.
static const uint64_t most_bytes = 1ull << 30, most_traced_bytes = 16ull << 30;
static const uint64_t smallest_step = 64ull << 10, largest_step = 16ull << 20;
// A free of every live sample must find room, and some are on their way.
static const uint64_t free_record_size = 32, frees_on_their_way = 64;

vb_state *vb_log;
int32_t vb_window;
uint64_t vb_mean;
uint32_t vb_flags;
uint64_t vb_seed;
uint32_t vb_forks;

uint64_t vb_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

void *vb_pages(size_t bytes) {
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

void vb_unmap(void *pages, size_t bytes) { munmap(pages, bytes); }

// ---- The lock: 0 free, 1 taken, 2 taken and somebody sleeps ----

void vb_lock(void) {
  int32_t seen = 0;
  if (__atomic_compare_exchange_n(&vb_log->lock, &seen, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    return;
  int saved = errno;
  while (__atomic_exchange_n(&vb_log->lock, 2, __ATOMIC_ACQUIRE) != 0)
    syscall(SYS_futex, &vb_log->lock, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
  errno = saved;
}

void vb_unlock(void) {
  if (__atomic_exchange_n(&vb_log->lock, 0, __ATOMIC_RELEASE) != 2) return;
  int saved = errno;
  syscall(SYS_futex, &vb_log->lock, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
  errno = saved;
}

// ---- Growing ----

// Blocks are taken at once where the file system can, for a write to a hole on a full disk is a bus
// error and not an error code.
static int take_blocks(int file, uint64_t from, uint64_t to) {
  if (syscall(SYS_fallocate, file, 0, (long)from, (long)(to - from)) == 0) return 1;
  if (errno != EOPNOTSUPP && errno != ENOSYS) return 0;
  return syscall(SYS_ftruncate, file, (long)to) == 0;
}

// Opened anew each time, and only if it is still the same file.
static int grow(uint64_t wanted) {
  uint64_t step = vb_log->size;
  step = step < smallest_step ? smallest_step : step > largest_step ? largest_step : step;
  uint64_t size = (wanted + step) & ~(uint64_t)4095;
  if (size > vb_log->mapped) size = vb_log->mapped;
  if (size < wanted) return 0;
  int file = (int)syscall(SYS_openat, AT_FDCWD, vb_log->path, O_RDWR | O_CLOEXEC);
  if (file < 0) return 0;
  struct stat status;
  int done = fstat(file, &status) == 0 && (uint64_t)status.st_dev == vb_log->device &&
             (uint64_t)status.st_ino == vb_log->inode &&
             (uint64_t)status.st_size == vb_log->size && take_blocks(file, vb_log->size, size);
  syscall(SYS_close, file);
  if (done) vb_log->size = size;
  return done;
}

static void *at_end(void) { return (uint8_t *)vb_log->header + vb_log->header->used; }

void *vb_log_room(uint32_t size) {
  if (vb_log->is_full) return NULL;
  uint64_t wanted = vb_log->header->used + size +
                    free_record_size * (vb_live_count() + frees_on_their_way);
  if (wanted > vb_log->size && !grow(wanted)) {
    vb_log->is_full = 1;
    return NULL;
  }
  return at_end();
}

void *vb_log_kept_room(uint32_t size) {
  return vb_log->header->used + size <= vb_log->size ? at_end() : NULL;
}

// The file is zeros beyond its end, so the record after this one has no kind yet.
void vb_log_commit(void *record, uint32_t kind, uint32_t size) {
  uint32_t *words = record;
  words[1] = size;
  __atomic_store_n(&words[0], kind, __ATOMIC_RELEASE);
  __atomic_store_n(&vb_log->header->used, vb_log->header->used + size, __ATOMIC_RELEASE);
}

// ---- Opening ----

// Never a file that is there: a program that starts another one in its place keeps its number.
static int create(const char *folder) {
  for (int attempt = 0; attempt < 1000; attempt++) {
    int written =
        attempt == 0
            ? snprintf(vb_log->path, sizeof vb_log->path, "%s/heap.%d", folder, (int)getpid())
            : snprintf(vb_log->path, sizeof vb_log->path, "%s/heap.%d.%d", folder, (int)getpid(),
                       attempt + 1);
    if (written < 0 || (size_t)written >= sizeof vb_log->path) return -1;
    int file = (int)syscall(SYS_openat, AT_FDCWD, vb_log->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
                            0644);
    if (file >= 0 || errno != EEXIST) return file;
  }
  return -1;
}

static int map(int file) {
  uint64_t bytes = vb_flags & vb_heap_traces ? most_traced_bytes : most_bytes;
  for (; bytes >= 16u << 20; bytes /= 2) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
    if (memory == MAP_FAILED) continue;
    vb_log->header = memory;
    vb_log->mapped = bytes;
    return 1;
  }
  return 0;
}

static void fill_header(void) {
  vb_heap_header *header = vb_log->header;
  struct timespec wall;
  clock_gettime(CLOCK_REALTIME, &wall);
  header->version = vb_heap_version;
  header->header_size = vb_heap_header_size;
  header->pid = (int32_t)getpid();
  header->parent = (int32_t)getppid();
  header->mean = vb_mean;
  header->flags = vb_flags;
  header->started = vb_now();
  header->started_wall = (uint64_t)wall.tv_sec * 1000000000ull + (uint64_t)wall.tv_nsec;
  header->used = vb_heap_header_size;
  syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", header->program, sizeof header->program - 1);
  memcpy(header->magic, "VBHEAP1\n", 8);
}

int vb_log_open(const char *folder) {
  int file = create(folder);
  if (file < 0) return 0;
  struct stat status;
  int done = fstat(file, &status) == 0 && take_blocks(file, 0, smallest_step) && map(file);
  syscall(SYS_close, file);
  if (!done) return 0;
  vb_log->device = (uint64_t)status.st_dev;
  vb_log->inode = (uint64_t)status.st_ino;
  vb_log->size = smallest_step;
  vb_log->is_full = 0;
  vb_log->next_sample = vb_log->next_serial = vb_log->next_stack = 0;
  fill_header();
  return 1;
}

void vb_log_leave(void) {
  if (vb_log->header != NULL) munmap(vb_log->header, vb_log->mapped);
  memset(vb_log, 0, sizeof *vb_log);
}

// ---- What lies where ----

typedef struct {
  uint32_t kind, size;
  uint64_t time, length;
  char text[];
} maps_record;

// Read straight into the file, piece by piece, until nothing comes.
void vb_log_maps(void) {
  const uint32_t piece = 16384;
  int file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  uint64_t length = 0;
  maps_record *record;
  while ((record = vb_log_room((uint32_t)(sizeof *record + length + piece))) != NULL &&
         length < 16u << 20) {
    long got = syscall(SYS_read, file, record->text + length, (long)piece);
    if (got < 0 && errno == EINTR) continue;
    if (got > 0) {
      length += (uint64_t)got;
      continue;
    }
    record->time = vb_now();
    record->length = length;
    vb_log_commit(record, vb_heap_maps, (uint32_t)((sizeof *record + length + 7) & ~7ull));
    break;
  }
  syscall(SYS_close, file);
}
