// The few calls of Linux that Swift's Glibc module does not show. No policy in here.
#ifndef CBASICS_H
#define CBASICS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// Names the calling thread; the kernel keeps the first 15 bytes.
int vb_set_thread_name(const char *name);

/// The kernel's number of the calling thread.
int32_t vb_thread_id(void);

/// Asks for timer wake-ups as exact as the machine gives them, for the calling thread.
void vb_set_exact_timers(void);

/// Has the kernel kill this process when its parent dies.
void vb_die_with_parent(void);

#pragma clang assume_nonnull end
#endif
