#include "CSelfSampler.h"

enum { kinds = 8 };

static _Thread_local uint64_t waited[kinds];

void vb_note_own_wait(int32_t kind, uint64_t nanoseconds) {
  if (kind >= 0 && kind < kinds) waited[kind] += nanoseconds;
}

uint64_t vb_own_wait(int32_t kind) { return kind >= 0 && kind < kinds ? waited[kind] : 0; }
