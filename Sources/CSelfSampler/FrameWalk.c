#define _GNU_SOURCE
#include "CSelfSampler.h"

#include <pthread.h>
#include <sys/prctl.h>

uint32_t vb_wait_session_word = 0;

// The bounds of this thread's stack, asked for once: the question allocates, and for the main
// thread it reads /proc.
static __thread uintptr_t stack_low, stack_high;

static int find_stack(void) {
  if (stack_high != 0) return 1;
  pthread_attr_t attributes;
  void *low;
  size_t size;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  int failed = pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  if (failed) return 0;
  stack_low = (uintptr_t)low;
  stack_high = (uintptr_t)low + size;
  return 1;
}

// A frame is two words: the caller's frame pointer, then the return address. Each frame must lie
// above the last one and inside the stack, so a register that holds something else ends the walk.
__attribute__((noinline)) int32_t vb_walk_frames(uint64_t *frames, int32_t capacity) {
  if (!find_stack()) return 0;
  uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
  uintptr_t low = frame > stack_low ? frame : stack_low;
  int32_t count = 0;
  while (count < capacity && frame >= low && frame % sizeof(uintptr_t) == 0 &&
         frame < stack_high && stack_high - frame >= 2 * sizeof(uintptr_t)) {
    const uintptr_t *words = (const uintptr_t *)frame;
    if (words[1] == 0) break;
    frames[count++] = words[1];
    low = frame + 2 * sizeof(uintptr_t);
    frame = words[0];
  }
  return count;
}

void vb_get_thread_name(char name[16]) {
  name[0] = 0;
  prctl(PR_GET_NAME, name, 0, 0, 0);
  name[15] = 0;
}
