#include "CMarkers.h"

// The empty asm with a string of its own keeps identical bodies from being folded into one, and
// stands after the call, so the call cannot become a jump even where the attribute is unknown.
#define MARKER(name)                                                                     \
  __attribute__((noinline, disable_tail_calls, visibility("default"), used)) void name( \
      vb_op_body body, void *context) {                                                  \
    body(context);                                                                       \
    __asm__ volatile("# " #name ::: "memory");                                           \
  }

MARKER(vb_op_search)
MARKER(vb_op_get)
MARKER(vb_op_insert)
MARKER(vb_op_upsert)
MARKER(vb_op_delete)
MARKER(vb_op_flush)
MARKER(vb_op_compact)
MARKER(vb_op_background)
